//! The stores that the settings name: `check` goes to them and changes nothing, `demo` uses them.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
};

use entra_emulator::Emulator;
use local_servers::{Postgres, Redis, RedisOptions};
use serde_json::Value;

use crate::{
    plain_client::PlainClient,
    process::{Finished, Invocation, SCRATCH, demo, entra_sso},
};

const KEY: &str = "kMDDoviMTLoaqxE0vEcOvWV9NUJg5AOCqoryyj/KQ+Y=";

/// `entra-sso check` beside an emulator, with these settings of stores.
async fn check(emulator: &Emulator, arguments: &[&str], settings: &[(&str, &str)]) -> Finished {
    let invocation = entra_sso(["check", "--json"].iter().chain(arguments).copied())
        .env("MICROSOFT_SSO_PUBLIC_URL", "http://localhost:8000")
        .env("MICROSOFT_SSO_CLIENT_SECRET_EXPIRES", "2099-12-31")
        .env("MICROSOFT_SSO_SECRET_KEYS", KEY);
    let of_emulator = emulator.env().into_iter();
    let invocation = of_emulator.fold(invocation, |invocation, (name, value)| invocation.env(name, value));
    with(invocation, settings).finish().await
}

fn with(invocation: Invocation, settings: &[(&str, &str)]) -> Invocation {
    settings.iter().fold(invocation, |invocation, (name, value)| {
        invocation.env(&format!("MICROSOFT_SSO_{}", name.to_uppercase()), value)
    })
}

/// Exit code, the outcomes of `live.sessions` and `live.callback_cache`, and whether there is an E001.
fn outcomes(finished: &Finished) -> (Option<i32>, String, String, bool) {
    let report: Value = serde_json::from_str(&finished.stdout).unwrap_or_else(|error| panic!("{error}: {finished:?}"));
    let outcome = |id: &str| {
        let lines = report["live"].as_array().into_iter().flatten();
        let outcome = lines.filter(|line| line["id"] == id).map(|line| line["outcome"].as_str().expect("text")).next();
        outcome.unwrap_or("no line").to_owned()
    };
    let is_missing = report["findings"].as_array().expect("a list").iter().any(|finding| finding["id"] == "sso.E001");
    (finished.code, outcome("live.sessions"), outcome("live.callback_cache"), is_missing)
}

fn expected(code: i32, sessions: &str, cache: &str, is_missing: bool) -> (Option<i32>, String, String, bool) {
    (Some(code), sessions.to_owned(), cache.to_owned(), is_missing)
}

#[tokio::test]
async fn check_goes_to_the_redis_that_the_settings_name() {
    let emulator = Emulator::start().await.expect("started");
    let server = Redis::start(RedisOptions::default().password("canary"));
    let (url, wrong) = (server.url(), server.url().replace("canary", "canary2"));
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port");
    let nobody = format!("redis://:canary@{nobody}");
    let both = [("session_store", "redis"), ("callback_cache_name", "redis")];
    let (sessions, cache) = (&both[..1], &both[1..]);
    for (url, chosen, answer) in [
        (&url, &both[..], expected(0, "passed", "passed", false)),
        (&url, sessions, expected(0, "passed", "no line", false)),
        (&url, cache, expected(0, "not checked", "passed", false)),
        (&nobody, &both[..], expected(2, "failed", "failed", true)),
        (&nobody, sessions, expected(2, "failed", "no line", false)),
        (&nobody, cache, expected(2, "not checked", "failed", true)),
        (&wrong, &both[..], expected(2, "failed", "failed", true)),
        // Named for nothing: nobody goes there.
        (&nobody, &[], expected(0, "not checked", "no line", false)),
    ] {
        let settings = [&[("redis_url", url.as_str())], chosen].concat();
        let finished = check(&emulator, &[], &settings).await;
        assert_eq!(outcomes(&finished), answer, "{chosen:?} {finished:?}");
        assert!(!format!("{finished:?}").contains("canary"), "{finished:?}");
    }
    let settings = [&[("redis_url", nobody.as_str())], &both[..]].concat();
    let offline = check(&emulator, &["--offline"], &settings).await;
    assert_eq!(outcomes(&offline), expected(0, "no line", "no line", false), "{offline:?}");
    assert_eq!(asked(server.address(), "AUTH canary\r\nDBSIZE\r\n", 2), ":0", "something was written");
}

#[tokio::test]
async fn check_goes_to_the_database_that_the_settings_name_and_leaves_it_as_it_is() {
    let emulator = Emulator::start().await.expect("started");
    let directory = Path::new(SCRATCH).join("stores-of-check");
    let _of_a_former_run = fs::remove_dir_all(&directory);
    fs::create_dir(&directory).expect("made");
    let at = |name: &str| directory.join(name).display().to_string();
    fs::write(at("text.db"), "no database at all, and long enough to have the header of one".repeat(4))
        .expect("written");
    let postgres = Postgres::shared().database();
    let name = postgres.split(['/', '?']).nth(3).expect("a name");
    // Whoever writes there is refused.
    Postgres::shared().execute(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    let both = [("session_store", "database"), ("callback_cache_name", "database")];
    for (url, answer) in [
        (postgres.as_str(), expected(0, "passed", "passed", false)),
        (&at("not-there-yet.db"), expected(0, "passed", "passed", false)),
        (&at("no/such/directory.db"), expected(2, "failed", "failed", true)),
        (&at("text.db"), expected(2, "failed", "failed", true)),
        ("postgres://user:canary@127.0.0.1:9/db", expected(2, "failed", "failed", true)),
        ("mysql://user:canary@localhost/db", expected(2, "failed", "failed", true)),
    ] {
        let finished = check(&emulator, &[], &[&[("database_url", url)], &both[..]].concat()).await;
        assert_eq!(outcomes(&finished), answer, "{url} {finished:?}");
        assert!(!format!("{finished:?}").contains("canary"), "{finished:?}");
    }
    let files: Vec<_> = fs::read_dir(&directory).expect("read").map(|file| file.expect("a file").file_name()).collect();
    assert_eq!(files, ["text.db"], "a file was made");
}

#[tokio::test]
async fn check_finds_stores_without_keys() {
    let finished = entra_sso(["check", "--offline", "--json"])
        .env("AZURE_TENANT_ID", "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f")
        .env("AZURE_CLIENT_ID", "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a")
        .env("AZURE_CLIENT_SECRET", "secret")
        .env("MICROSOFT_SSO_SESSION_STORE", "redis")
        .env("MICROSOFT_SSO_REDIS_URL", "redis://localhost:1")
        .finish()
        .await;
    assert_eq!(finished.code, Some(2), "{finished:?}");
    assert!(finished.stdout.contains("secret_keys"), "{finished:?}");
}

#[tokio::test]
async fn the_demo_keeps_sessions_in_the_redis_that_the_settings_name() {
    let server = Redis::start(RedisOptions::default());
    let url = server.url();
    let settings = [("session_store", "redis"), ("redis_url", url.as_str()), ("secret_keys", KEY)];
    let running = with(demo(["--auto-sign-in", "adele@contoso.example"]), &settings).start().await;
    assert_eq!(asked(server.address(), "DBSIZE\r\n", 1), ":0");
    let mut client = PlainClient::new();
    let answer = client.get(&format!("{}/microsoft_sso/login/?next=/", running.url())).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_ne!(asked(server.address(), "DBSIZE\r\n", 1), ":0", "the session is not in Redis");
    assert_eq!(running.end("TERM").await.code, Some(0));

    server.kill();
    let refused = with(demo([]), &settings).finish().await;
    assert!(refused.refusal().contains("redis://127.0.0.1:"), "{refused:?}");
}

/// The last line of the answers to these commands, of which there are so many.
fn asked(server: SocketAddr, commands: &str, lines: usize) -> String {
    let mut connection = TcpStream::connect(server).expect("connected");
    connection.write_all(commands.as_bytes()).expect("written");
    let answers = BufReader::new(connection).lines().take(lines);
    answers.last().expect("an answer").expect("read")
}
