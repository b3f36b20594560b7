//! An application in a process of its own, so that its CPU time is its own.
//!
//! It can ask itself for its page, over loopback. Two processes that wake each other share two cores as the scheduler happens to
//! have it, from one second to the next; tasks of one runtime do not.

use std::{
    env,
    io::{BufRead as _, BufReader, Lines, Write as _, stdin},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use entra_emulator::Emulator;
use entra_oidc::random_bytes;
use entra_sso::Settings;
use tokio::net::TcpListener;

use crate::{
    connections::{Connections, Turn},
    cpu, page,
    store::Store,
};

/// Set for the child, with the store and its address; without them it is the bare handler.
const ARGUMENT: &str = "--application";

/// A running application.
pub struct Application {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    address: String,
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
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the application");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let address = line(&mut lines);
        Application { child, lines, address }
    }

    /// Lets its 64 users ask for its page, each over a connection of his own, for this long.
    ///
    /// # Panics
    /// When an answer is not the page.
    pub fn turn(&mut self, duration: Duration) -> Turn {
        let stdin = self.child.stdin.as_mut().expect("piped");
        writeln!(stdin, "{}", duration.as_millis()).expect("it reads lines");
        let line = line(&mut self.lines);
        let (rate, micros) = line.split_once(' ').expect("two numbers");
        Turn { rate: rate.parse().expect("a number"), micros: micros.parse().expect("a number") }
    }

    /// The page that shows who is signed in, as a browser asks for it.
    #[must_use]
    pub fn page(&self) -> String {
        format!("http://{}/", self.address.replace("127.0.0.1", "localhost"))
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
    let address = listener.local_addr().expect("bound").to_string();
    let (store, place) = match arguments.as_slice() {
        [store, address] => (Some(Store::named(store).expect("a store")), address.as_str()),
        _ => (None, ""),
    };
    // The bare handler is sent cookies too, so that all read the same bytes.
    let sso = store.unwrap_or(Store::Memory).application(Settings::from_env().expect("settings"), place).await;
    let requests = page::requests(&sso).await;
    let router = match store {
        Some(_) => page::signed_in().merge(sso.routes()).layer(sso.layer()),
        None => page::bare(),
    };
    tokio::spawn(async { axum::serve(listener, router).await.expect("serves") });
    println!("{address}");
    take_turns(Connections::open(&address, requests).await).await;
}

/// For each line, so many milliseconds.
async fn take_turns(mut connections: Connections) {
    loop {
        let line = tokio::task::spawn_blocking(|| stdin().lines().next()).await.expect("no panic");
        let Some(line) = line else { return };
        let duration = Duration::from_millis(line.expect("a line").parse().expect("a number"));
        let Turn { rate, micros } = connections.turn(duration).await;
        println!("{rate} {micros}");
    }
}
