//! The CPU time of a whole login in the application's process, and the calls to Microsoft that it makes.
//!
//! Two processes: this one plays Microsoft and the browsers, a child is the application.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
    time::Duration,
};

use axum::{Router, routing::get};
use entra_benches::cpu;
use entra_emulator::{Browser, Emulator, Endpoint, seed};
use entra_sso::{EntraSso, Settings, SignedIn};
use tokio::net::TcpListener;

/// Set for the child: it is the application.
const APPLICATION: &str = "--application";
const LOGINS: u32 = 500;
const MOST: Duration = Duration::from_micros(1500);

#[tokio::main]
async fn main() {
    if std::env::args().any(|argument| argument == APPLICATION) {
        return application().await;
    }
    let logins = if std::env::args().any(|argument| argument == "--test") { 3 } else { LOGINS };
    let emulator = Emulator::builder().auto_sign_in(seed::ADELE).start().await.expect("the emulator");
    let mut child = Command::new(std::env::current_exe().expect("this executable"))
        .arg(APPLICATION)
        .envs(emulator.env())
        .env("MICROSOFT_SSO_ALWAYS_UPDATE_USER_DATA", "true")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the application");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("its address");
    let private = format!("{}/private", line.trim());
    let browser = Browser::new();
    for _ in 0..20 {
        login(&browser, &private).await;
    }
    emulator.journal().clear();
    let before = cpu::of(child.id());
    for _ in 0..logins {
        login(&browser, &private).await;
    }
    let each = cpu::of(child.id()).saturating_sub(before) / logins;
    child.kill().expect("stopped");
    child.wait().expect("ended");

    let calls = [Endpoint::Token, Endpoint::Me, Endpoint::Photo, Endpoint::Discovery, Endpoint::Keys]
        .map(|endpoint| emulator.journal().count(endpoint));
    println!(
        "login: {each:?} CPU each in {logins} logins (at most {MOST:?}); token, me, photo, discovery, keys: {calls:?}"
    );
    let logins = logins as usize;
    assert_eq!(calls, [logins, logins, logins, 0, 0]);
    assert!(each <= MOST, "{each:?} is above {MOST:?}");
}

/// By a browser that nobody knows, over the connections that it has.
async fn login(browser: &Browser, private: &str) {
    browser.clear_cookies();
    let page = browser.get(private).await.expect("an answer");
    assert_eq!(page.body, "OK user=adele@contoso.example");
}

/// The application: what `examples/hello` is, on a free port.
async fn application() {
    let sso = EntraSso::builder(Settings::from_env().expect("settings")).build().expect("sound settings");
    let app: Router = Router::new().route("/private", get(private)).merge(sso.routes()).layer(sso.layer());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("http://localhost:{}", listener.local_addr().expect("bound").port());
    axum::serve(listener, app).await.expect("serves");
}

async fn private(user: SignedIn) -> String {
    format!("OK user={}", user.username())
}
