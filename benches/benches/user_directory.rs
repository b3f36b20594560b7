//! The admin's list at 100,000 users: how long its page takes, by database and by what is asked for.

use std::{
    env, fs,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
};
use entra_sso::{
    EntraSso, Settings,
    oidc::{AccountKey, AccountKind, Timestamp},
    testing::TestUser,
    users::{Grant, Grants, MicrosoftAccount, NewUser, UserDirectory},
};
use entra_sso_sqlx::{PostgresStore, SqliteStore};
use http::{HeaderValue, Request, StatusCode, header};
use local_servers::Postgres;
use tower::ServiceExt as _;

const USERS: u32 = 100_000;
const ROUNDS: usize = 15;
const MOST: Duration = Duration::from_millis(50);
const FIRST_NAMES: [&str; 10] =
    ["Adele", "Alex", "Anna", "Diego", "Grady", "Isaiah", "Lynne", "Megan", "Nestor", "Pradeep"];
const LAST_NAMES: [&str; 10] =
    ["Vance", "Wilber", "Müller", "Siciliani", "Archie", "Langer", "Robbins", "Bowen", "Wilke", "Gupta"];

/// What is asked for, and how many users the page has to show.
const QUESTIONS: [(&str, &str, usize); 13] = [
    ("first page", "", 50),
    ("middle page", "?after=user050000%40contoso.example", 50),
    ("last page", "?after=user099989%40contoso.example", 10),
    ("nobody", "?q=zzz", 0),
    ("one username", "?q=user077777", 1),
    ("rare name", "?q=zora", 2),
    ("common name", "?q=adele", 50),
    ("everybody's beginning", "?q=user", 50),
    ("everybody's beginning, last page", "?q=user&after=user099989%40contoso.example", 10),
    ("staff", "?only=staff", 50),
    ("superusers", "?only=superusers", 3),
    ("inactive", "?only=inactive", 50),
    ("common name without account", "?q=anna&only=without_account", 50),
];

#[tokio::main]
async fn main() {
    let is_trial = env::args().any(|argument| argument == "--test");
    let users = if is_trial { 1_000 } else { USERS };
    let directory = env::temp_dir().join(format!("entra-sso-bench-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("a directory for the database");
    let file = directory.join("users.db");
    let sqlite = SqliteStore::open(file.to_str().expect("UTF-8")).await.expect("SQLite");
    let slow = measure("SQLite", sqlite, users, is_trial).await;
    fs::remove_dir_all(&directory).expect("removed");
    let postgres = PostgresStore::open(&Postgres::shared().database()).await.expect("PostgreSQL");
    let slow = [slow, measure("PostgreSQL", postgres, users, is_trial).await].concat();
    assert!(slow.is_empty(), "above {MOST:?}: {}", slow.join(", "));
}

/// Prints a line for each question; gives those that take too long.
async fn measure(name: &str, store: impl UserDirectory, users: u32, is_trial: bool) -> Vec<String> {
    for number in 0..users {
        let _ = store.create(user(number)).await.expect("created");
    }
    let sso = EntraSso::builder(settings()).managed_users(store).build().expect("sound settings");
    let staff = TestUser::new("boss@contoso.example").superuser().cookie(&sso).await.expect("a session");
    let app: Router = Router::new().merge(sso.admin("/admin")).layer(sso.layer());
    let mut slow = Vec::new();
    for (question, query, shown) in QUESTIONS {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let (page, time) = timed(page(&app, &staff, query)).await;
            times.push(time);
            let found = page.matches("<tr").count().saturating_sub(1);
            assert!(is_trial || found == shown, "{name}, {question}: expected {shown} users, got {found}: {page}");
        }
        times.sort_unstable();
        let (median, worst) = (times[ROUNDS / 2], times[ROUNDS - 1]);
        println!("user_directory: {name}, {question}: {median:.1?}, at worst {worst:.1?} (at most {MOST:?})");
        if median > MOST {
            slow.push(format!("{name}, {question}"));
        }
    }
    slow
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the time that passes")]
async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let begun = Instant::now();
    let done = work.await;
    (done, begun.elapsed())
}

async fn page(app: &Router, cookie: &HeaderValue, query: &str) -> String {
    let request = Request::get(format!("/admin/{query}"))
        .header(header::HOST, "localhost")
        .header(header::COOKIE, cookie)
        .body(Body::empty())
        .expect("a request");
    let response = app.clone().oneshot(request).await.expect("infallible");
    assert_eq!(response.status(), StatusCode::OK);
    let body = to_bytes(response.into_body(), 1 << 22).await.expect("a page");
    String::from_utf8(body.to_vec()).expect("UTF-8")
}

/// Of 100,000 users 1 % is staff, three are superusers, 2 % are inactive and 5 % have no account yet; two are called Zora.
fn user(number: u32) -> NewUser {
    let username = format!("user{number:06}@contoso.example");
    let mut user = NewUser::new(username.clone(), Timestamp::from_unix(1_790_000_000));
    let pick = |names: [&str; 10], digit: u32| names[(digit % 10) as usize].to_owned();
    user.first_name = if number % 50_000 == 777 { "Zora".to_owned() } else { pick(FIRST_NAMES, number) };
    user.last_name = pick(LAST_NAMES, number / 10);
    user.email = Some(username.replace("user", "person"));
    user.is_active = number % 50 != 3;
    user.last_login = Some(Timestamp::from_unix(1_795_000_000 + i64::from(number)));
    if number % 100 == 1 {
        user.staff = Grants::of(Grant::List);
    }
    if number % 50_000 == 5 {
        user.superuser = Grants::of(Grant::Role);
    }
    if number % 20 != 2 {
        let key = AccountKey::new(AccountKind::Entra, "11111111-1111-4111-8111-111111111111", format!("oid-{number}"));
        user.account = Some(MicrosoftAccount::new(key));
    }
    user
}

fn settings() -> Settings {
    Settings::from_vars([
        ("MICROSOFT_SSO_APPLICATION_ID", "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a"),
        ("MICROSOFT_SSO_CLIENT_SECRET", "no Microsoft is asked here"),
        ("MICROSOFT_SSO_TENANT_ID", "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f"),
    ])
    .expect("settings")
}
