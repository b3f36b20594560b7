//! X7: what a flood of requests that prove nothing leaves in the log.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use entra_sso::session::MemorySessions;
use http::Request;

use super::notes::Notes;
use crate::{app::App, stores::Switchable};

/// Each guess costs a look at the store, and each failed look would be a line.
#[test]
fn x7_sign_outs_that_nobody_proves_fill_no_log_when_the_store_is_away() {
    let (told, notes) = Notes::of(async {
        let away = Arc::new(AtomicBool::new(false));
        let store = Switchable(Arc::new(MemorySessions::new()), away.clone());
        let app = App::plugged(|_| {}, |builder| builder.sessions(store)).await;
        away.store(true, Ordering::SeqCst);
        for number in 0..200 {
            let path = format!("/microsoft_sso/front_channel_logout/?sid=00000000-0000-4000-8000-{number:012}");
            assert_eq!(app.send(Request::get("/"), &path, "").await.status(), 200);
        }
        200
    });
    let lines = notes.lines.iter().filter(|line| line.field("message").contains("was not done here")).count();
    println!("{told} sign-outs that could not be looked up: {lines} lines");
    assert_eq!(lines, 10, "within one second");
    assert!(notes.metrics.contains("entra_sso_log_lines_left_out_total"), "{}", notes.metrics);
}
