//! What somebody has who has a copy of the tables.

use entra_sso::{oidc::Timestamp, session::UsedStates as _, testing::TestUser};

use crate::{
    application::Application,
    databases::{self, hexadecimal, is_postgres, texts},
    scratch::Scratch,
};

const CANARY: &str = "canary-b0a4d2c1";

#[tokio::test]
async fn k11_a_dump_holds_no_cookie_no_id_and_nothing_that_a_session_knows() {
    let scratch = Scratch::new();
    for url in databases::each(&scratch) {
        let application = Application::on(&url).await;
        let user = TestUser::new("adele@contoso.example").claim("canary", CANARY.into()).role(CANARY);
        let cookie = user.cookie(&application.sso).await.expect("the database answers");
        assert_eq!(application.who(&cookie).await, "adele@contoso.example");
        let state = *b"the hash of a state, of 32 bytes";
        let _ = application.database.mark(state, Timestamp::from_unix(i64::MAX / 2)).await.expect("marked");
        let (_, id) = cookie.to_str().expect("text").split_once('=').expect("a cookie");

        let columns =
            "version, user_id, authority, sid, subject, started_at, idle_deadline, absolute_deadline, rechecks";
        let dump = if is_postgres(&url) {
            let rows = texts(&url, "SELECT entra_sso_session::text FROM entra_sso_session").await;
            rows.concat() + &texts(&url, "SELECT encode(body, 'escape') FROM entra_sso_session").await.concat()
        } else {
            let columns: Vec<_> = columns.split(", ").map(|column| format!("hex(coalesce({column}, ''))")).collect();
            let columns = columns.join(" || ");
            let rows = texts(&url, &format!("SELECT hex(key) || hex(body) || {columns} FROM entra_sso_session")).await;
            rows.concat()
        };
        let dump = dump.to_lowercase();
        assert!(dump.len() > 500, "a dump: {} letters", dump.len());
        let words = [id, &base64_bytes(id), CANARY, "canary", "preferred_username"];
        for word in words {
            let forms = [word.to_lowercase(), hexadecimal(word.as_bytes())];
            assert!(forms.iter().all(|form| !dump.contains(form)), "{word:?} is in a dump of {url}");
        }
        let user = hexadecimal(application.user("adele").await.as_str().as_bytes());
        assert!(dump.contains(&user), "whose session it is can be read, and the search above finds what is there");
    }
}

/// The bytes of a cookie, in hexadecimal.
fn base64_bytes(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let sextets = text.bytes().map(|letter| LETTERS.iter().position(|known| *known == letter).expect("base64url"));
    let (mut bits, mut count, mut bytes) = (0_usize, 0, Vec::new());
    for sextet in sextets {
        (bits, count) = (bits << 6 | sextet, count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("a byte"));
        }
    }
    assert_eq!(bytes.len(), 32, "a session id");
    hexadecimal(&bytes)
}
