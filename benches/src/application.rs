//! An application in a process of its own, so that its CPU time is its own.

use std::{
    env,
    hint::black_box,
    io::{BufRead as _, BufReader, Lines},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use axum::{Router, routing::get};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use entra_emulator::Emulator;
use entra_oidc::random_bytes;
use entra_sso::{Settings, SignedIn, testing::TestUser};
use tokio::net::TcpListener;

use crate::{cpu, store::Store};

/// Set for the child, with the store and its address; without them it is the bare handler.
const ARGUMENT: &str = "--application";
/// How many users are signed in from the start.
const USERS: usize = 64;

/// A running application.
pub struct Application {
    child: Child,
    store: Option<Store>,
    address: String,
    cookies: Vec<String>,
}

impl Application {
    /// Starts it: the handler with `SignedIn` and sessions in this store, or the bare one.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(store: Option<Store>, emulator: &Emulator) -> Application {
        let mut command = Command::new(env::current_exe().expect("this executable"));
        command.arg(ARGUMENT).envs(emulator.env());
        command.env("MICROSOFT_SSO_SECRET_KEYS", STANDARD.encode(random_bytes::<32>()));
        command.env("MICROSOFT_SSO_ALWAYS_UPDATE_USER_DATA", "true");
        if let Some(store) = store {
            command.args([store.name(), &store.address()]);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the application");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let address = line(&mut lines);
        let cookies = (0..store.map_or(0, |_| USERS)).map(|_| line(&mut lines)).collect();
        Application { child, store, address, cookies }
    }

    /// Where it keeps its sessions; none is the bare handler.
    #[must_use]
    pub fn store(&self) -> Option<Store> {
        self.store
    }

    /// `127.0.0.1:…`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The page that shows who is signed in, as a browser asks for it.
    #[must_use]
    pub fn page(&self) -> String {
        format!("http://{}/", self.address.replace("127.0.0.1", "localhost"))
    }

    /// The request for that page of each user who is signed in.
    pub fn requests(&self) -> impl Iterator<Item = String> {
        self.cookies.iter().map(|cookie| format!("GET / HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n"))
    }

    /// The CPU time that it had so far.
    #[must_use]
    pub fn cpu(&self) -> Duration {
        cpu::of(self.child.id())
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    lines.next().expect("the application is there").expect("it writes lines")
}

/// In the child: serves until it is ended. Anywhere else: returns at once.
///
/// # Panics
/// When it cannot serve.
pub async fn serve_if_asked() {
    let arguments: Vec<String> = env::args().skip_while(|argument| argument != ARGUMENT).skip(1).collect();
    if !env::args().any(|argument| argument == ARGUMENT) {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("{}", listener.local_addr().expect("bound"));
    let router = match arguments.as_slice() {
        [store, address] => signed_in(Store::named(store).expect("a store"), address).await,
        _ => Router::new().route("/", get(async || format!("OK user={}", black_box("somebody@contoso.example")))),
    };
    axum::serve(listener, router).await.expect("serves");
}

async fn signed_in(store: Store, address: &str) -> Router {
    let sso = store.application(Settings::from_env().expect("settings"), address).await;
    for user in 0..USERS {
        let cookie = TestUser::new(&format!("user{user:04}@contoso.example")).cookie(&sso).await.expect("a session");
        println!("{}", cookie.to_str().expect("ASCII"));
    }
    Router::new().route("/", get(who)).merge(sso.routes()).layer(sso.layer())
}

async fn who(user: SignedIn) -> String {
    format!("OK user={}", user.username())
}
