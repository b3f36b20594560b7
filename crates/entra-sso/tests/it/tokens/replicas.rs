//! Two processes on one store of sessions.

use std::time::Duration;

use entra_emulator::{Emulator, Endpoint, ErrorAnswer, Fault};
use entra_sso::{EntraSso, Settings, oidc::Secret};
use futures_util::future::{join, join3};
use http::{Request, header};
use tokio::time::timeout;
use tower::ServiceExt as _;

use super::{Visitor, keep, refreshes, rows::Rows};
use crate::{
    app::{App, application, tables},
    openid_provider::OpenIdProvider,
};

const LIFE: Duration = Duration::from_secs(3599);
/// For so long a refresh is one replica's: three times `http_timeout`, `graph_timeout`, and ten seconds for the store.
const LEASE: Duration = Duration::from_secs(50);
/// No wait of a test takes so long; one that waits for the whole lease does.
const LONG: Duration = Duration::from_secs(20);

async fn first(rows: &Rows) -> App {
    let rows = rows.clone();
    App::plugged(shared, |builder| builder.sessions(rows)).await
}

fn shared(settings: &mut Settings) {
    keep(settings);
    settings.secret_keys = vec![Secret::new("n0WqV3kKx5m2Yt8sQb1Zr7uHc4Lf9Ja6De0Gi3Po5Xw=")];
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
        let longer = LEASE + Duration::from_secs(1);
        app.advance(longer);
        rows.clock.advance(LIFE + longer);
        let fast = at_another(&app, &rows, &adele, "/token").await;
        // The held request is judged when it is released.
        app.emulator.faults().once(refused);
        app.emulator.faults().release();
        fast
    };
    let (slow, (status, token)) = join(slow, fast).await;
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
    let (answer, ()) = join(asking, changing).await;
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
        join(asks, release).await.0
    };
    let (slow, (status, token)) = join(slow, others).await;
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

/// Metadata, groups and a slow store come on top of the token call.
#[tokio::test]
async fn k10_a_refresh_that_takes_longer_than_its_token_call_is_not_made_twice() {
    let rows = Rows::default();
    let app = first(&rows).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    rows.clock.advance(LIFE);
    app.emulator.faults().once(Fault::Hang(Endpoint::Token));
    let waiting = rows.of_another();
    let slow = adele.ask("/token");
    let fast = async {
        app.emulator.faults().wait_until_held(1).await;
        let almost = LEASE.checked_sub(Duration::from_secs(1)).unwrap();
        app.advance(almost);
        rows.clock.advance(almost);
        let release = async {
            waiting.refused().await;
            app.emulator.faults().release();
        };
        join(at_another(&app, &waiting, &adele, "/token"), release).await.0
    };
    let (slow, (status, token)) = timeout(LONG, join(slow, fast)).await.expect("the other one waits");
    assert_eq!((slow.status().as_u16(), status), (200, 200));
    assert_eq!(slow.body(), &token);
    assert_eq!(refreshes(&app), 1);
}

/// The store's clock stands still: the mark of who died stays, as in SQL until it is swept.
#[tokio::test]
async fn k10_of_two_who_waited_for_one_that_died_one_goes_on() {
    let rows = Rows::default();
    let app = first(&rows).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    // Its answer never comes.
    app.emulator.faults().once(Fault::Hang(Endpoint::Token));
    let heirs = [rows.of_another(), rows.of_another()];
    let two = async {
        app.emulator.faults().wait_until_held(1).await;
        let time_goes_by = async {
            join(heirs[0].refused(), heirs[1].refused()).await;
            app.advance(LEASE);
        };
        let [one, two] = heirs.each_ref().map(|rows| at_another(&app, rows, &adele, "/token"));
        join3(one, two, time_goes_by).await
    };
    let ((status, one), (_, two), ()) = tokio::select! {
        died = adele.ask("/token") => panic!("{died:?}"),
        two = timeout(LONG, two) => two.expect("one goes on"),
    };
    assert_eq!((status, &one), (200, &two));
    assert_eq!(refreshes(&app), 1, "strict rotation would refuse a second one");
    assert_eq!(at_another(&app, &rows, &adele, "/private").await.0, 200, "nobody is signed out");
}

#[tokio::test]
async fn a_refresh_that_failed_is_the_next_ones_who_waits_for_it() {
    let rows = Rows::default();
    let app = first(&rows).await;
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    app.emulator.faults().once(Fault::Hang(Endpoint::Token));
    let waiting = rows.of_another();
    let slow = adele.ask("/token");
    let next = async {
        app.emulator.faults().wait_until_held(1).await;
        let release = async {
            waiting.refused().await;
            let busy = ErrorAnswer::new("temporarily_unavailable", 90055, "busy").status(503);
            // The held request is judged when it is released.
            app.emulator.faults().once(Fault::TokenError(busy));
            app.emulator.faults().release();
        };
        join(at_another(&app, &waiting, &adele, "/token"), release).await.0
    };
    let (slow, (status, _)) = timeout(LONG, join(slow, next)).await.expect("nobody waits for the whole lease");
    assert_eq!((slow.status().as_u16(), status), (503, 200));
}

#[tokio::test]
async fn k10_a_refresh_token_that_stays_the_same_is_the_next_ones() {
    let (rows, provider) = (Rows::default(), OpenIdProvider::start().await);
    provider.says().refresh_token = Some("the same for ever");
    let (store, partner) = (rows.clone(), tables(&[("partner", &provider)]));
    let plug = |builder: entra_sso::EntraSsoBuilder| builder.sessions(store);
    let app = App::assembled(application, Emulator::env, &partner, |settings, _| shared(settings), plug).await;
    let adele = Visitor { app: &app, browser: app.browser() };
    adele.browser.get(app.at("/microsoft_sso/partner/login/")).await.unwrap();
    assert_eq!(app.who(&adele.browser).await, "adele.v");
    for round in 1..=3 {
        app.advance(Duration::from_mins(5));
        let asked = timeout(LONG, at_another(&app, &rows, &adele, "/token")).await;
        assert_eq!(asked.expect("nobody has it").0, 200, "round {round}");
        assert_eq!(provider.asked()[1], 1 + round);
    }
    assert_eq!(rows.times_refused(), 0);
}
