//! `session_ends_with_token`.

use std::time::Duration;

use entra_emulator::{Endpoint, Fault};

use super::{Visitor, refreshes, saving};
use crate::app::App;

const LIFE: Duration = Duration::from_secs(3599);

async fn capped() -> App {
    saving(|settings| settings.session_ends_with_token = true).await
}

#[tokio::test]
async fn a_session_lives_no_longer_than_its_token() {
    for fault in [Fault::Status(Endpoint::Token, 503), Fault::Redirect(Endpoint::Token, "https://x.test/".to_owned())] {
        let app = capped().await;
        let adele = Visitor::adele(&app).await;
        app.emulator.faults().always(fault);
        app.advance(Duration::from_secs(3598));
        assert_eq!(app.who(&adele.browser).await, "adele@contoso.example");
        app.advance(Duration::from_secs(1));
        assert_eq!(app.who(&adele.browser).await, "nobody");
        app.emulator.faults().clear();
        app.advance(Duration::from_mins(1));
        assert_eq!(app.who(&adele.browser).await, "nobody", "it has ended");
    }
}

#[tokio::test]
async fn a_session_whose_token_is_refreshed_lives_on_with_what_it_says_now() {
    let app = capped().await;
    let adele = Visitor::adele(&app).await;
    assert!(adele.text("/claims").await.contains("claimed=1"));
    app.advance(LIFE);
    app.emulator.directory().change_app(entra_emulator::seed::APP_ID, |app| app.role_assignments.clear()).unwrap();
    assert!(adele.text("/claims").await.contains("claimed=0"), "K9: at once");
    assert_eq!(refreshes(&app), 1);
}

#[tokio::test]
async fn a_session_without_a_refresh_token_ends() {
    let app = capped().await;
    app.emulator.faults().once(Fault::NoTokenMember("refresh_token".to_owned()));
    let adele = Visitor::adele(&app).await;
    app.advance(LIFE);
    assert_eq!((app.who(&adele.browser).await.as_str(), refreshes(&app)), ("nobody", 0));
}
