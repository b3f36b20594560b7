//! X1: sign-ins that nobody finishes cost nothing that stays.

use axum::body::Body;
use entra_emulator::seed;
use http::{Request, header};
use tower::ServiceExt as _;

use crate::app::{App, application};

/// A tenth of the million that the case speaks of, against a tenth of its bound.
const STARTS: usize = 100_000;
const MEASURED: &str = "X1:";
const GROWTH: usize = 64 * 1024 * 1024 / 10;

/// Set in the process that is measured, which runs this test and no other.
const ALONE: &str = "ENTRA_SSO_TEST_X1_ALONE";

/// The memory of a process is measured in a process that does nothing else.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test asks which of its two processes it is")]
fn x1_unfinished_sign_ins_leave_nothing() {
    if std::env::var_os(ALONE).is_some() {
        return tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(measure());
    }
    let name = "exhaustion::x1_unfinished_sign_ins_leave_nothing";
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .expect("this test again");
    let output = format!("{}{}", String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
    assert!(child.status.success() && output.contains(MEASURED), "{output}");
}

async fn measure() {
    let app = App::start().await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    let router = application(&app.sso);
    for _ in 0..1_000 {
        start(&router).await;
    }
    let before = resident();
    for _ in 0..STARTS {
        start(&router).await;
    }
    let grown = resident().saturating_sub(before);
    println!("{MEASURED} {STARTS} unfinished sign-ins grew the process by {grown} bytes");
    assert!(grown < GROWTH, "more than {GROWTH}");
}

async fn start(router: &axum::Router) {
    let request = Request::get("/microsoft_sso/login/?next=/private").header(header::HOST, "localhost:8000");
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 303);
}

/// Resident memory of this process, in bytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    let kilobytes: usize = line.split_whitespace().nth(1).expect("a figure").parse().expect("a number");
    kilobytes * 1024
}
