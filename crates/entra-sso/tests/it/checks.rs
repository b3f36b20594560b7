//! The live checks: everything passes beside an emulator that is well, and each fault has its line.

mod credentials;
mod expiry;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use entra_emulator::{Emulator, EmulatorClock, Endpoint, Fault, Stand, seed};
use entra_sso::{
    EntraSso, Settings, StoreError,
    checks::{LiveLine, LiveOutcome, LiveReport},
    errors::live_entries,
    oidc::{ManualClock, Secret, Timestamp},
    session::MemorySessions,
    users::{Created, Link, Linked, NewUser, Picture, Updated, User, UserId, UserLookup, UserStore, UserUpdate},
};

use crate::{
    app::{App, NOW},
    openid_provider::OpenIdProvider,
    stores::Switchable,
};

/// The lines of Microsoft alone, in their order.
const LINES: [&str; 11] = [
    "live.redirect_uri",
    "live.post_logout",
    "live.front_channel_logout",
    "live.discovery",
    "live.keys",
    "live.clock",
    "live.credential",
    "live.credential_expiry",
    "live.admin_consent",
    "live.users",
    "live.sessions",
];

/// Everything that a line can be about is known.
fn complete(settings: &mut Settings) {
    settings.public_url = Some("http://localhost:8000".parse().unwrap());
    settings.client_secret_expires = Some(Timestamp::from_unix(NOW + 90 * 86_400));
}

fn ids(report: &LiveReport, outcome: LiveOutcome) -> Vec<&'static str> {
    report.lines.iter().filter(|line| line.outcome == outcome).map(|line| line.id).collect()
}

fn line<'a>(report: &'a LiveReport, id: &str) -> &'a LiveLine {
    let mut lines = report.lines.iter().filter(|line| line.id == id && line.about.is_none());
    lines.next().unwrap_or_else(|| panic!("{id} is not in {report:#?}"))
}

#[tokio::test]
async fn f80_everything_passes_beside_an_emulator_that_is_well() {
    let app = App::with(complete).await;
    let report = app.sso.check_live().await;
    let passed: Vec<&str> = LINES.into_iter().chain(["live.cookies"]).collect();
    assert_eq!(ids(&report, LiveOutcome::Passed), passed, "{report:#?}");
    assert_eq!(report.lines.len(), passed.len(), "{report:#?}");
    assert!(!report.has_failed() && report.lines.iter().all(|line| line.cure.is_none()));
    for (id, part) in [
        ("live.redirect_uri", "http://localhost:8000/microsoft_sso/callback/"),
        ("live.post_logout", "http://localhost:8000/"),
        ("live.discovery", seed::CONTOSO),
        ("live.keys", "usable key"),
        ("live.clock", "0 s"),
        ("live.credential", "client secret: accepted"),
        ("live.credential_expiry", "expires in 90 days"),
        ("live.admin_consent", "adminconsent"),
        ("live.cookies", "microsoft_sso_session=; HttpOnly; SameSite=Lax; Path=/"),
    ] {
        assert!(line(&report, id).detail.contains(part), "{id}: {report:#?}");
    }
    let text = format!("{report:?}");
    assert!(!text.contains(seed::APP_SECRET), "Z1: {text}");
    assert!(app.sso.check_live().await == report, "it changes nothing, and can be asked again");
}

#[tokio::test]
async fn f80_each_fault_has_its_line() {
    for (fault, failed, not_checked, code) in [
        (
            Fault::Status(Endpoint::Discovery, 500),
            "live.discovery",
            &["live.keys", "live.clock", "live.credential"][..],
            "E220",
        ),
        (Fault::Html(Endpoint::Discovery), "live.discovery", &["live.keys", "live.clock", "live.credential"], "E221"),
        (
            Fault::Member(Endpoint::Discovery, "issuer".to_owned(), Some("https://evil.example/".into())),
            "live.discovery",
            &["live.keys", "live.clock", "live.credential"],
            "E221",
        ),
        (Fault::Status(Endpoint::Keys, 503), "live.keys", &["live.clock"], "E222"),
        (Fault::Html(Endpoint::Keys), "live.keys", &["live.clock"], "E223"),
        (Fault::Body(Endpoint::Keys, "{\"keys\":[]}".to_owned()), "live.keys", &["live.clock"], "E223"),
        (Fault::Html(Endpoint::Token), "live.credential", &[], "E233"),
    ] {
        let app = App::with(complete).await;
        app.emulator.faults().always(fault.clone());
        let report = app.sso.check_live().await;
        assert_eq!(ids(&report, LiveOutcome::Failed), [failed], "{fault:?} {report:#?}");
        assert_eq!(ids(&report, LiveOutcome::NotChecked), not_checked, "{fault:?} {report:#?}");
        let line = line(&report, failed);
        assert!(line.detail.contains(code) && line.cure.is_some(), "{fault:?} {line}");
        app.emulator.faults().clear();
        assert!(!app.sso.check_live().await.has_failed(), "{fault:?} is over, and nothing of it was kept");
    }
}

#[tokio::test]
async fn f80_a_skewed_clock_is_told_before_it_hurts() {
    for (drift, outcome) in [
        (0, LiveOutcome::Passed),
        (150, LiveOutcome::Passed),
        (151, LiveOutcome::Warning),
        (300, LiveOutcome::Warning),
        (301, LiveOutcome::Failed),
    ] {
        let ahead = App::with(complete).await;
        ahead.drift(Duration::from_secs(drift));
        let behind = App::with(complete).await;
        behind.emulator.clock().advance(Duration::from_secs(drift));
        for (app, word) in [(ahead, "ahead of"), (behind, if drift == 0 { "ahead of" } else { "behind" })] {
            let report = app.sso.check_live().await;
            let line = line(&report, "live.clock");
            assert_eq!(line.outcome, outcome, "{drift} {line}");
            assert!(line.detail.contains(&format!("{drift} s {word}")), "{line}");
        }
    }
}

#[tokio::test]
async fn f80_what_cannot_be_known_is_said_to_be_not_checked() {
    let app = App::start().await;
    let report = app.sso.check_live().await;
    assert_eq!(
        ids(&report, LiveOutcome::NotChecked),
        ["live.redirect_uri", "live.post_logout", "live.front_channel_logout", "live.credential_expiry"],
        "{report:#?}"
    );
    assert!(line(&report, "live.redirect_uri").detail.contains("`public_url`"), "{report:#?}");
    assert!(line(&report, "live.credential_expiry").detail.contains("`client_secret_expires`"), "{report:#?}");
    for tenant in ["organizations", "common", "consumers"] {
        let app = App::of_tenant(tenant, |settings, _| {
            complete(settings);
            settings.allow_any_tenant = tenant != "consumers";
            settings.allowable_domains = Some(vec!["*".to_owned()]);
        })
        .await;
        let report = app.sso.check_live().await;
        // Nobody consents for a tenant of personal accounts.
        let expected: &[&str] =
            if tenant == "consumers" { &["live.credential", "live.admin_consent"] } else { &["live.credential"] };
        assert_eq!(ids(&report, LiveOutcome::NotChecked), expected, "{tenant} {report:#?}");
        assert!(!report.has_failed(), "{tenant} {report:#?}");
    }
}

/// Each kind of authority; its credential is tried where that can be done.
#[tokio::test]
async fn f80_each_kind_of_authority_passes() {
    for stand in Stand::ALL {
        let clock = EmulatorClock::at(NOW);
        let emulator = Emulator::builder().clock(clock).cloud(stand.cloud()).start().await.expect("a random port");
        let mut settings = Settings::from_vars(emulator.env_of(stand)).expect("settings");
        complete(&mut settings);
        let now = ManualClock::at(Timestamp::from_unix(NOW));
        let sso = EntraSso::builder(settings).clock(now.clock()).build().expect("sound settings");
        let report = sso.check_live().await;
        assert!(!report.has_failed(), "{stand:?} {report:#?}");
        let passed = |is_known| if is_known { LiveOutcome::Passed } else { LiveOutcome::NotChecked };
        let has_credential = !matches!(stand, Stand::B2c | Stand::Personal);
        assert_eq!(line(&report, "live.credential").outcome, passed(has_credential), "{stand:?} {report:#?}");
        // Customers have no administrator who consents for them.
        let has_consent = has_credential && stand != Stand::External;
        assert_eq!(line(&report, "live.admin_consent").outcome, passed(has_consent), "{stand:?} {report:#?}");
        for id in ["live.discovery", "live.keys", "live.clock", "live.credential_expiry"] {
            assert_eq!(line(&report, id).outcome, LiveOutcome::Passed, "{stand:?} {report:#?}");
        }
    }
}

#[tokio::test]
async fn f80_each_user_flow_is_looked_at() {
    let app = App::of_b2c(complete).await;
    let report = app.sso.check_live().await;
    assert!(!report.has_failed(), "{report:#?}");
    for about in ["reset_password_policy", "edit_profile_policy"] {
        let lines: Vec<&str> =
            report.lines.iter().filter(|line| line.about.as_deref() == Some(about)).map(|line| line.id).collect();
        assert_eq!(lines, ["live.discovery", "live.keys", "live.clock"], "{about} {report:#?}");
    }
    assert_eq!(line(&report, "live.credential").outcome, LiveOutcome::NotChecked);
    assert_eq!(line(&report, "live.admin_consent").outcome, LiveOutcome::NotChecked);

    let app = App::of_b2c(|settings| {
        complete(settings);
        settings.reset_password_policy = Some("B2C_1_not_there".to_owned());
    })
    .await;
    let report = app.sso.check_live().await;
    let failed: Vec<_> = report.lines.iter().filter(|line| line.outcome == LiveOutcome::Failed).collect();
    assert_eq!(failed.len(), 1, "{report:#?}");
    assert_eq!((failed[0].id, failed[0].about.as_deref()), ("live.discovery", Some("reset_password_policy")));
}

#[tokio::test]
async fn f80_each_provider_is_looked_at() {
    let (adfs, other) = (OpenIdProvider::start().await, OpenIdProvider::start().await);
    other.says().metadata = serde_json::json!({ "issuer": "https://evil.example" });
    let app = App::beside(&[("adfs", &adfs), ("other", &other)], complete).await;
    let report = app.sso.check_live().await;
    let of = |name: &str, id: &str| {
        let found = report.lines.iter().find(|line| line.about.as_deref() == Some(name) && line.id == id);
        found.unwrap_or_else(|| panic!("{name} {id}: {report:#?}"))
    };
    for (id, url) in [
        ("live.redirect_uri", "http://localhost:8000/microsoft_sso/adfs/callback/"),
        ("live.post_logout", "http://localhost:8000/"),
        ("live.front_channel_logout", "http://localhost:8000/microsoft_sso/adfs/front_channel_logout/"),
        ("live.back_channel_logout", "http://localhost:8000/microsoft_sso/adfs/back_channel_logout/"),
    ] {
        assert_eq!((of("adfs", id).outcome, of("adfs", id).detail.as_str()), (LiveOutcome::Passed, url));
    }
    for id in ["live.discovery", "live.keys"] {
        assert_eq!(of("adfs", id).outcome, LiveOutcome::Passed, "{report:#?}");
    }
    assert_eq!(of("adfs", "live.credential").outcome, LiveOutcome::NotChecked);
    assert_eq!(of("adfs", "live.admin_consent").outcome, LiveOutcome::NotChecked);
    assert_eq!(of("other", "live.discovery").outcome, LiveOutcome::Failed);
    assert!(of("other", "live.discovery").detail.contains("E221"), "{report:#?}");
    assert_eq!(line(&report, "live.discovery").outcome, LiveOutcome::Passed, "Microsoft is well");
}

/// Users that can be switched off.
#[derive(Clone)]
struct Away(Arc<AtomicBool>);

impl UserStore for Away {
    async fn find(&self, _lookup: UserLookup) -> Result<Option<User>, StoreError> {
        if self.0.load(Ordering::SeqCst) { Err(StoreError::new("switched off")) } else { Ok(None) }
    }

    async fn create(&self, _user: NewUser) -> Result<Created, StoreError> {
        Err(StoreError::new("nobody is created here"))
    }

    async fn link(&self, _link: Link) -> Result<Linked, StoreError> {
        Err(StoreError::new("nobody is there"))
    }

    async fn update(&self, _update: UserUpdate) -> Result<Updated, StoreError> {
        Ok(Updated::Gone)
    }

    async fn picture(&self, _user: &UserId) -> Result<Option<Picture>, StoreError> {
        Ok(None)
    }
}

#[tokio::test]
async fn f80_stores_are_asked_for_nobody() {
    let app = App::start().await;
    let users = Away(Arc::default());
    let sessions = Switchable(Arc::new(MemorySessions::new()), Arc::default());
    let mut settings = app.sso.settings().clone();
    settings.secret_keys = vec![Secret::new("9hlWjyvpsVJJ+tq6lRsUoHja9p73VLcf+OotuokFZak=")];
    let sso = EntraSso::builder(settings).users(users.clone()).sessions(sessions.clone()).build().expect("sound");
    for (users_off, sessions_off) in [(false, false), (true, false), (false, true), (true, true)] {
        users.0.store(users_off, Ordering::SeqCst);
        sessions.1.store(sessions_off, Ordering::SeqCst);
        let report = sso.check_live().await;
        for (id, off) in [("live.users", users_off), ("live.sessions", sessions_off)] {
            let expected = if off { LiveOutcome::Failed } else { LiveOutcome::Passed };
            assert_eq!(line(&report, id).outcome, expected, "{id} {report:#?}");
            assert_eq!(line(&report, id).detail.contains("not available"), off, "{report:#?}");
        }
    }
}

#[tokio::test]
async fn f80_a_callback_cache_of_its_own_is_asked_too() {
    let app = App::start().await;
    let cache = Switchable(Arc::new(MemorySessions::new()), Arc::default());
    let settings = app.sso.settings().clone();
    let sso = EntraSso::builder(settings).users(app.users.clone()).used_states(cache.clone()).build().expect("sound");
    for off in [false, true] {
        cache.1.store(off, Ordering::SeqCst);
        for report in [sso.check_live().await, sso.check_stores().await] {
            let expected = if off { LiveOutcome::Failed } else { LiveOutcome::Passed };
            assert_eq!(line(&report, "live.callback_cache").outcome, expected, "{report:#?}");
            assert_eq!(line(&report, "live.sessions").outcome, LiveOutcome::Passed, "{report:#?}");
        }
    }
}

#[tokio::test]
async fn f80_an_authority_that_nobody_answers_for_is_told() {
    let app = App::with(|settings| {
        complete(settings);
        // The port of an application that is gone.
        settings.authority_host = Some("http://127.0.0.1:9".to_owned());
    })
    .await;
    let report = app.sso.check_live().await;
    assert_eq!(ids(&report, LiveOutcome::Failed), ["live.discovery"], "{report:#?}");
    assert!(line(&report, "live.discovery").detail.contains("E220"), "{report:#?}");
}

#[tokio::test]
async fn every_line_stands_in_the_register_and_reads_as_one_line() {
    let app = App::start().await;
    let report = app.sso.check_live().await;
    for line in &report.lines {
        assert!(live_entries().iter().any(|entry| entry.id == line.id), "{line}");
        let text = line.to_string();
        assert!(text.starts_with(line.outcome.as_str()) && text.contains(line.id) && !text.contains('\n'), "{text}");
    }
    is_send(&app.sso.check_live());
}

/// A handler may wait for it.
fn is_send<T: Send>(_: &T) {}
