//! The credential is tried, and what became of it is told without it.

use entra_emulator::{Endpoint, Fault, seed};
use entra_sso::{
    checks::{LiveLine, LiveOutcome},
    oidc::Secret,
    settings::CredentialSettings,
};

use super::{complete, ids, line};
use crate::app::App;

/// A token endpoint that is away says nothing about the credential.
#[tokio::test]
async fn f80_a_credential_that_nobody_judges_is_not_checked() {
    let app = App::with(complete).await;
    app.emulator.faults().always(Fault::Status(Endpoint::Token, 503));
    let report = app.sso.check_live().await;
    assert_eq!(ids(&report, LiveOutcome::NotChecked), ["live.credential"], "{report:#?}");
    assert!(!report.has_failed(), "{report:#?}");
}

#[tokio::test]
async fn f80_a_wrong_secret_is_refused_by_number_and_not_shown() {
    let app = App::with(|settings| {
        complete(settings);
        settings.client_secret = Some(Secret::new("canary-of-a-wrong-secret"));
    })
    .await;
    let report = app.sso.check_live().await;
    assert_eq!(ids(&report, LiveOutcome::Failed), ["live.credential"], "{report:#?}");
    let line = line(&report, "live.credential");
    assert!(line.detail.contains("E231") && line.detail.contains("7000215"), "{line}");
    assert!(!format!("{report:?}").contains("canary"), "Z1: {report:#?}");
}

/// F-07: in a list, one that is refused does no harm while another one works.
#[tokio::test]
async fn f80_each_credential_of_a_list_is_tried() {
    let listed = |secrets: [&str; 2]| {
        secrets.map(|secret| {
            let mut table = CredentialSettings::default();
            table.client_secret = Some(Secret::new(secret));
            table
        })
    };
    for (secrets, expected) in [
        ([seed::APP_SECRET, seed::APP_SECRET], [LiveOutcome::Passed, LiveOutcome::Passed]),
        (["canary", seed::APP_SECRET], [LiveOutcome::Warning, LiveOutcome::Passed]),
        ([seed::APP_SECRET, "canary"], [LiveOutcome::Passed, LiveOutcome::Warning]),
        (["canary", "canary"], [LiveOutcome::Failed, LiveOutcome::Failed]),
    ] {
        let app = App::with(|settings| {
            settings.client_secret = None;
            settings.credential = listed(secrets).to_vec();
        })
        .await;
        let report = app.sso.check_live().await;
        let lines: Vec<&LiveLine> = report.lines.iter().filter(|line| line.id == "live.credential").collect();
        let outcomes: Vec<LiveOutcome> = lines.iter().map(|line| line.outcome).collect();
        assert_eq!(outcomes, expected, "{report:#?}");
        assert!(lines[0].detail.starts_with("1 of 2: ") && lines[1].detail.starts_with("2 of 2: "), "{report:#?}");
        assert!(!format!("{report:?}").contains("canary"), "Z1: {report:#?}");
    }
}
