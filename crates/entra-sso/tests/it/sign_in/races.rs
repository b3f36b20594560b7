//! One person at once in many browsers.

use std::sync::Arc;

use entra_emulator::{Browser, seed};
use futures_util::future::join_all;

use crate::app::App;

const BROWSERS: usize = 100;

/// A hundred browsers of one person, each with a callback that was not called yet; then all at once.
async fn all_at_once(app: &App, who: &str) -> Vec<Browser> {
    let mut waiting = Vec::new();
    for _ in 0..BROWSERS {
        let browser = app.browser();
        let callback = app.callback_of(&browser, "/private", who).await;
        waiting.push((browser, callback));
    }
    let pages = join_all(waiting.iter().map(|(browser, callback)| browser.get(callback.clone()))).await;
    for page in pages {
        let page = page.expect("a page");
        assert!(page.body.starts_with("OK user="), "{} {}", page.status, page.body);
    }
    waiting.into_iter().map(|(browser, _)| browser).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i1_a_hundred_first_sign_ins_at_once_make_one_user() {
    let app = App::with(|settings| settings.auto_create_first_superuser = true).await;
    let browsers = all_at_once(&app, seed::ADELE).await;
    let users = app.everybody().await;
    assert_eq!(users.len(), 1, "{users:#?}");
    assert!(users[0].is_superuser());
    for browser in &browsers {
        assert_eq!(app.who(browser).await, "adele@contoso.example");
    }
    assert_eq!(app.sso.end_sessions_of(&users[0].id).await.unwrap(), BROWSERS as u64, "as many sessions as browsers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i4_a_hundred_at_once_claim_one_prepared_user() {
    for unique_email in [false, true] {
        let app = App::with(|settings| settings.unique_email = unique_email).await;
        let prepared = app
            .prepare("adele", |user| {
                if unique_email {
                    user.email = Some(seed::ADELE.to_owned());
                } else {
                    user.invitation = Some(seed::ADELE.to_owned());
                }
            })
            .await;
        all_at_once(&app, seed::ADELE).await;
        let users = app.everybody().await;
        assert_eq!(users.len(), 1, "{users:#?}");
        assert_eq!(users[0].id, prepared.id);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f48_a_hundred_at_once_with_unique_addresses_make_one_user() {
    let app = Arc::new(App::with(|settings| settings.unique_email = true).await);
    all_at_once(&app, seed::ADELE).await;
    assert_eq!(app.everybody().await.len(), 1);
}
