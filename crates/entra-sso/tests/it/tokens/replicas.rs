//! Two processes on one store of sessions.

use std::time::Duration;

use entra_emulator::{Endpoint, ErrorAnswer, Fault};
use entra_sso::{EntraSso, oidc::Secret};
use http::{Request, header};
use tower::ServiceExt as _;

use super::{Visitor, keep, refreshes, rows::Rows};
use crate::app::{App, application};

const LIFE: Duration = Duration::from_secs(3599);

async fn first(rows: &Rows) -> App {
    let rows = rows.clone();
    let settings = |settings: &mut entra_sso::Settings| {
        keep(settings);
        settings.secret_keys = vec![Secret::new("n0WqV3kKx5m2Yt8sQb1Zr7uHc4Lf9Ja6De0Gi3Po5Xw=")];
    };
    App::plugged(settings, |builder| builder.sessions(rows)).await
}

/// Another process with the same settings, stores and clock: what it answers for the visitor's cookie.
async fn at_another(app: &App, rows: &Rows, visitor: &Visitor<'_>, path: &str) -> (u16, String) {
    let builder = EntraSso::builder(app.sso.settings().clone()).users(app.users.clone()).sessions(rows.clone());
    let sso = builder.clock(app.clock()).build().unwrap();
    let port = url::Url::parse(&app.url).unwrap().port().unwrap();
    let request = Request::get(path)
        .header(header::HOST, format!("localhost:{port}"))
        .header(header::COOKIE, app.cookies(&visitor.browser))
        .header(header::ACCEPT, "application/json");
    let answer = application(&sso).oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn k11_rows_show_no_token() {
    let rows = Rows::default();
    let app = first(&rows).await;
    let adele = Visitor::adele(&app).await;
    let mut tokens = vec![adele.token().await];
    app.advance(LIFE);
    tokens.push(adele.token().await);
    assert_ne!(tokens[0], tokens[1]);
    let dump = rows.dump();
    assert!(dump.len() > 3_000, "the tokens are in there, sealed");
    for token in &tokens {
        for part in token.split('.') {
            let window = &part.as_bytes()[..24.min(part.len())];
            assert!(!dump.windows(window.len()).any(|bytes| bytes == window), "a token stands in a row");
        }
    }
    let text = String::from_utf8_lossy(&dump);
    for word in ["access_token", "refresh_token", "eyJ", "1.A", "Bearer"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[tokio::test]
async fn what_one_refreshed_the_other_uses() {
    let rows = Rows::default();
    let app = first(&rows).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    let token = adele.token().await;
    assert_eq!(at_another(&app, &rows, &adele, "/token").await, (200, token));
    assert_eq!(refreshes(&app), 1);
}

#[tokio::test]
async fn who_is_refused_looks_whether_another_was_faster() {
    let rows = Rows::default();
    let app = first(&rows).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    let refused = Fault::TokenError(ErrorAnswer::new("invalid_grant", 70000, "used"));
    app.emulator.faults().once(Fault::Hang(Endpoint::Token));
    let slow = adele.ask("/token");
    let fast = async {
        app.emulator.faults().wait_until_held(1).await;
        // The first one takes longer than the others wait for it.
        app.advance(Duration::from_secs(16));
        rows.clock.advance(LIFE + Duration::from_secs(16));
        let fast = at_another(&app, &rows, &adele, "/token").await;
        // The held request is judged when it is released.
        app.emulator.faults().once(refused);
        app.emulator.faults().release();
        fast
    };
    let (slow, (status, token)) = futures_util::future::join(slow, fast).await;
    assert_eq!((slow.status().as_u16(), status), (200, 200));
    assert_eq!(slow.body(), &token, "the other's");
    assert_eq!(app.who(&adele.browser).await, "adele@contoso.example", "nobody is signed out");
    assert_eq!(refreshes(&app), 2);
}

#[tokio::test]
async fn what_changed_meanwhile_is_kept_beside_the_new_tokens() {
    let rows = Rows::default();
    let app = first(&rows).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    app.emulator.faults().once(Fault::Hang(Endpoint::Token));
    let asking = adele.ask("/token");
    let changing = async {
        app.emulator.faults().wait_until_held(1).await;
        let user = app.user(entra_emulator::seed::CONTOSO, entra_emulator::seed::ADELE_ID).await.unwrap();
        let mut update = entra_sso::users::UserUpdate::of(user.id);
        update.first_name = Some("Changed".to_owned());
        let _ = app.sso.update_user(update).await.unwrap();
        adele.text("/private").await;
        app.emulator.faults().release();
    };
    let (answer, ()) = futures_util::future::join(asking, changing).await;
    assert_eq!(answer.status(), 200);
    let token = String::from_utf8(answer.body().to_vec()).unwrap();
    assert_eq!(adele.token().await, token, "stored although the record had another version by then");
    assert_eq!(refreshes(&app), 1);
}

#[tokio::test]
async fn k10_of_two_replicas_one_refreshes_and_the_other_waits_for_it() {
    let rows = Rows::default();
    let app = first(&rows).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    app.emulator.faults().once(Fault::Hang(Endpoint::Token));
    let slow = adele.ask("/token");
    let others = async {
        app.emulator.faults().wait_until_held(1).await;
        let asks = at_another(&app, &rows, &adele, "/token");
        // Good or not, nobody waits to be told who he is.
        let (status, body) = at_another(&app, &rows, &adele, "/private").await;
        assert_eq!((status, &*body), (200, "OK user=adele@contoso.example"));
        let release = async { app.emulator.faults().release() };
        futures_util::future::join(asks, release).await.0
    };
    let (slow, (status, token)) = futures_util::future::join(slow, others).await;
    assert_eq!((slow.status().as_u16(), status), (200, 200));
    assert_eq!(slow.body(), &token);
    assert_eq!(refreshes(&app), 1, "a refresh token is used once");
}

#[tokio::test]
async fn a_refresh_that_microsoft_did_not_answer_is_anothers_at_once() {
    let rows = Rows::default();
    let app = first(&rows).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    app.emulator.faults().once(Fault::Status(Endpoint::Token, 503));
    assert_eq!(adele.ask("/token").await.status(), 503);
    assert_eq!(at_another(&app, &rows, &adele, "/token").await.0, 200);
}
