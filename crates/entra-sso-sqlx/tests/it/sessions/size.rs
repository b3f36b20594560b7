//! How much room a session takes, for who has to choose a size.

use entra_sso::testing::TestUser;

use crate::{
    application::Application,
    databases::{self, is_postgres, texts},
    scratch::Scratch,
};

const SESSIONS: u64 = 500;

#[tokio::test]
async fn a_session_takes_less_than_four_kilobytes() {
    let scratch = Scratch::new();
    for url in databases::each(&scratch) {
        let application = Application::on(&url).await;
        let user = TestUser::new("adele@contoso.example")
            .claim("sid", "001f2a3b-4c5d-6e7f-8091-a2b3c4d5e6f7".into())
            .claim("login_hint", "O.CiRjNzQwZTU3MS1mZGM3LTQ4NTItOTJkOS0wMTU4ZTFkMjBmYTUSJDhmM2MyYTEwLTViN2Qt".into())
            .role("Reader");
        let before = bytes(&url).await;
        for _ in 0..SESSIONS {
            let _cookie = user.cookie(&application.sso).await.expect("the database answers");
        }
        let each = (bytes(&url).await - before) / SESSIONS;
        let kind = if is_postgres(&url) { "PostgreSQL" } else { "SQLite" };
        println!("a session without tokens takes {each} bytes in {kind}, with its indexes");
        assert!(each < 4_000, "{each}");
    }
}

/// What the tables take on disk, or the whole file.
async fn bytes(url: &str) -> u64 {
    let sql = if is_postgres(url) {
        "SELECT pg_total_relation_size('entra_sso_session')::text"
    } else {
        "SELECT CAST(page_count * page_size AS text) FROM pragma_page_count(), pragma_page_size()"
    };
    texts(url, sql).await[0].parse().expect("a number")
}
