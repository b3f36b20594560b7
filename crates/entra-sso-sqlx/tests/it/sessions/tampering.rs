//! Who writes to the tables makes no session, and nobody else's either.

use entra_sso::{
    session::SessionStore as _,
    users::{Grant, GrantChange, UserUpdate},
};

use crate::{
    application::Application,
    databases::{self, execute, key, literal},
    scratch::Scratch,
};

const ADELE: &str = "adele@contoso.example";
const DIEGO: &str = "diego@contoso.example";

#[tokio::test]
async fn k14_an_altered_row_opens_nothing() {
    let scratch = Scratch::new();
    for url in databases::all(&scratch) {
        let application = Application::on(&url).await;
        let diego = application.sign_in(DIEGO).await;
        let other_user = literal(&url, application.user(DIEGO).await.as_str().as_bytes());
        let (text, no_text) = (literal(&url, b"x"), literal(&url, b"\xff\xfe"));
        for change in [
            "version = version + 1".to_owned(),
            "version = -1".to_owned(),
            format!("user_id = {other_user}"),
            format!("user_id = {no_text}"),
            format!("authority = {text}"),
            format!("authority = {no_text}"),
            format!("sid = {text}"),
            format!("sid = {no_text}"),
            format!("subject = {text}"),
            "absolute_deadline = absolute_deadline + 1000000".to_owned(),
            "absolute_deadline = absolute_deadline - 1".to_owned(),
            "absolute_deadline = 9223372036854775807, idle_deadline = 9223372036854775807".to_owned(),
            "idle_deadline = 1".to_owned(),
            "started_at = started_at + 1".to_owned(),
            format!("body = {text}"),
            format!("body = {}", literal(&url, b"")),
            format!("body = {}", literal(&url, &vec![2; 3_000_000])),
        ] {
            let adele = application.sign_in(ADELE).await;
            assert_eq!(application.who(&adele).await, ADELE, "before: {change}");
            let keys = application.keys(ADELE).await;
            let [its_key] = keys.as_slice() else { panic!("one session: {keys:?}") };
            let row = key(&url, its_key);
            execute(&url, &format!("UPDATE entra_sso_session SET {change} WHERE key = {row}")).await;
            assert_eq!(application.who(&adele).await, "nobody", "{change}");
            application.database.delete(&[*its_key]).await.expect("deleted");
        }
        assert_eq!(application.who(&diego).await, DIEGO, "a row that nobody touched");
    }
}

#[tokio::test]
async fn k14_a_row_that_was_inserted_or_swapped_opens_nothing() {
    let scratch = Scratch::new();
    for url in databases::all(&scratch) {
        let application = Application::on(&url).await;
        let adele = application.sign_in(ADELE).await;
        let diego = application.sign_in(DIEGO).await;
        let of_adele = key(&url, &application.keys(ADELE).await[0]);
        let of_diego = key(&url, &application.keys(DIEGO).await[0]);

        // Diego's cookie, a copy of Adele's row.
        execute(&url, "CREATE TABLE copy AS SELECT * FROM entra_sso_session").await;
        execute(&url, &format!("DELETE FROM entra_sso_session WHERE key = {of_diego}")).await;
        let columns =
            "version, user_id, authority, sid, subject, started_at, idle_deadline, absolute_deadline, rechecks, body";
        let insert = |row: &str, key: &str| {
            format!(
                "INSERT INTO entra_sso_session (key, {columns}) SELECT {key}, {columns} FROM copy WHERE key = {row}"
            )
        };
        execute(&url, &insert(&of_adele, &of_diego)).await;
        assert_eq!((application.who(&diego).await, application.who(&adele).await), ("nobody".into(), ADELE.into()));

        // Each has the other's row.
        execute(&url, "DELETE FROM entra_sso_session").await;
        execute(&url, &insert(&of_adele, &of_diego)).await;
        execute(&url, &insert(&of_diego, &of_adele)).await;
        assert_eq!((application.who(&diego).await, application.who(&adele).await), ("nobody".into(), "nobody".into()));

        // Each has the other's body, in a row of his own.
        execute(&url, "DELETE FROM entra_sso_session").await;
        execute(&url, &insert(&of_adele, &of_adele)).await;
        execute(&url, &insert(&of_diego, &of_diego)).await;
        assert_eq!((application.who(&diego).await, application.who(&adele).await), (DIEGO.into(), ADELE.into()));
        for (its, others) in [(&of_adele, &of_diego), (&of_diego, &of_adele)] {
            let body = format!("(SELECT body FROM copy WHERE key = {others})");
            execute(&url, &format!("UPDATE entra_sso_session SET body = {body} WHERE key = {its}")).await;
        }
        assert_eq!((application.who(&diego).await, application.who(&adele).await), ("nobody".into(), "nobody".into()));
    }
}

#[tokio::test]
async fn k14_a_row_whose_key_is_no_key_stops_no_sign_out() {
    let scratch = Scratch::new();
    for url in databases::all(&scratch) {
        let application = Application::on(&url).await;
        let adele = application.sign_in(ADELE).await;
        let user = application.user(ADELE).await;
        for odd in [&b""[..], b"short", &[7; 33]] {
            let (key, body) = (literal(&url, odd), literal(&url, b"x"));
            let user = literal(&url, user.as_str().as_bytes());
            let values = format!("{key}, 0, {user}, {body}, 9999999999, 9999999999, 0, {body}");
            let columns = "key, version, user_id, authority, idle_deadline, absolute_deadline, rechecks, body";
            execute(&url, &format!("INSERT INTO entra_sso_session ({columns}) VALUES ({values})")).await;
        }
        assert_eq!(application.sso.end_sessions_of(&user).await.expect("ended"), 1);
        assert_eq!(application.who(&adele).await, "nobody");
    }
}

#[tokio::test]
async fn k14_an_older_body_opens_nothing_under_a_newer_version() {
    let scratch = Scratch::new();
    for url in databases::all(&scratch) {
        let application = Application::on(&url).await;
        let adele = application.sign_in(ADELE).await;
        execute(&url, "CREATE TABLE copy AS SELECT * FROM entra_sso_session").await;
        let mut update = UserUpdate::of(application.user(ADELE).await);
        update.staff = GrantChange::set(Grant::Admin, true);
        let _ = application.sso.update_user(update).await.expect("updated");
        // Her next request reads her again, and the session is written anew.
        assert_eq!(application.who(&adele).await, ADELE);
        let versions = databases::texts(&url, "SELECT CAST(version AS text) FROM entra_sso_session").await;
        assert_ne!(versions, ["0"], "written anew");

        let newer = "CREATE TABLE newer AS SELECT * FROM entra_sso_session";
        execute(&url, newer).await;
        execute(&url, "UPDATE entra_sso_session SET body = (SELECT body FROM copy)").await;
        assert_eq!(application.who(&adele).await, "nobody", "an older body");
        execute(&url, "UPDATE entra_sso_session SET body = (SELECT body FROM newer), version = 0").await;
        assert_eq!(application.who(&adele).await, "nobody", "an older version");
        execute(&url, "UPDATE entra_sso_session SET version = (SELECT version FROM newer)").await;
        assert_eq!(application.who(&adele).await, ADELE, "the row as it was");
    }
}
