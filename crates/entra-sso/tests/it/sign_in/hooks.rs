//! F-50: the application's hooks.

use std::sync::{Arc, Mutex};

use entra_emulator::seed;
use entra_sso::{
    hooks::{HookError, Login, SignInFailure, SignInHooks, SigningIn},
    users::{Grant, Grants, NewUser, User},
};

use crate::app::App;

/// What a hook does when it is its turn.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Does {
    Nothing,
    Deny,
    Fail,
    Panic,
    Redirect(&'static str),
}

/// Writes down the order, and does something at one step.
struct Script {
    at: &'static str,
    does: Does,
    heard: Arc<Mutex<Vec<String>>>,
    create: fn(&mut NewUser),
    login: fn(&mut User),
}

const TEXT: &str = "Please <b>ask</b> the desk on floor 3.";

impl Script {
    fn note(&self, step: &str) {
        self.heard.lock().unwrap().push(step.to_owned());
    }

    fn act(&self, step: &str) -> Result<Login, HookError> {
        self.note(step);
        if step != self.at {
            return Ok(Login::Continue);
        }
        match self.does {
            Does::Nothing => Ok(Login::Continue),
            Does::Deny => Err(HookError::denied(TEXT)),
            Does::Fail => Err(std::io::Error::other("the desk's database is away").into()),
            Does::Panic => panic!("a hook panics"),
            Does::Redirect(path) => Ok(Login::Redirect(path.to_owned())),
        }
    }
}

impl SignInHooks for Script {
    async fn pre_validate(&self, signing_in: &SigningIn<'_>) -> Result<(), HookError> {
        assert_eq!(signing_in.identity().account().subject(), seed::ADELE_ID);
        self.act("pre_validate").map(drop)
    }

    async fn pre_create(&self, user: &mut NewUser, _: &SigningIn<'_>) -> Result<(), HookError> {
        (self.create)(user);
        self.act("pre_create").map(drop)
    }

    async fn pre_login(&self, user: &mut User, signing_in: &SigningIn<'_>) -> Result<Login, HookError> {
        assert!(signing_in.tokens().access_token().is_some(), "the token, although it is not saved");
        assert_eq!((signing_in.site(), signing_in.next()), ("default", "/private"));
        assert!(signing_in.request().headers.contains_key("cookie"));
        let me = signing_in.graph().unwrap().me(signing_in.tokens()).await;
        assert_eq!(me.unwrap().given_name.as_deref(), Some("Adele"), "a hook can ask Graph");
        (self.login)(user);
        self.act("pre_login")
    }

    async fn signed_in(&self, user: &User, _: &SigningIn<'_>) {
        self.note(&format!("signed_in {}", user.username));
        assert_ne!(self.at, "signed_in", "a hook panics");
    }

    async fn failed(&self, failure: &SignInFailure) {
        self.note(&format!("failed {}", failure.code));
        // Who is refused for what he is reads another code than the application (F-63).
        let outward = if matches!(failure.code, "E315" | "E341") { "E316" } else { failure.code };
        assert!(failure.reference.starts_with(outward), "{failure:?}");
        assert_ne!(self.at, "failed", "a hook panics");
    }
}

type Heard = Arc<Mutex<Vec<String>>>;

async fn app_with(at: &'static str, does: Does) -> (App, Heard) {
    scripted(at, does, |_| {}, |_| {}).await
}

async fn scripted(at: &'static str, does: Does, create: fn(&mut NewUser), login: fn(&mut User)) -> (App, Heard) {
    let heard = Heard::default();
    let script = Script { at, does, heard: heard.clone(), create, login };
    let app = App::plugged(
        |settings| settings.superuser_list = vec![seed::ADELE.to_owned()],
        |builder| builder.hooks(script),
    )
    .await;
    (app, heard)
}

fn order(heard: &Heard) -> Vec<String> {
    std::mem::take(&mut *heard.lock().unwrap())
}

#[tokio::test]
async fn f50_three_hooks_in_order() {
    let (app, heard) = app_with("", Does::Nothing).await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!(order(&heard), ["pre_validate", "pre_create", "pre_login", "signed_in adele@contoso.example"]);
    app.sign_in(&app.browser(), seed::ADELE).await;
    assert_eq!(order(&heard), ["pre_validate", "pre_login", "signed_in adele@contoso.example"]);
}

/// A denial at any step leaves no permission, session or token, and before the user is created no user.
#[tokio::test]
async fn f50_a_denial_leaves_nothing_and_tells_its_text() {
    for step in ["pre_validate", "pre_create", "pre_login"] {
        let (app, heard) = app_with(step, Does::Deny).await;
        let browser = app.browser();
        let page = app.sign_in(&browser, seed::ADELE).await;
        assert_eq!(page.url.path(), "/microsoft_sso/", "{step}: told on the login page");
        assert!(page.body.contains("floor 3."), "{step}: {}", page.body);
        assert!(!page.body.contains("<b>ask</b>"), "Z6 {step}: escaped");
        assert_eq!(app.who(&browser).await, "nobody", "{step}");
        assert_eq!(order(&heard).last().map(String::as_str), Some("failed E341"), "{step}");
        let users = app.everybody().await;
        assert_eq!(users.len(), usize::from(step == "pre_login"), "{step}");
        assert!(users.iter().all(|user| !user.is_staff() && user.last_login.is_none()), "{step}: {users:#?}");
    }
}

#[tokio::test]
async fn f50_a_failure_and_a_panic_are_a_page_with_a_reference() {
    for step in ["pre_validate", "pre_create", "pre_login"] {
        for does in [Does::Fail, Does::Panic] {
            let (app, heard) = app_with(step, does).await;
            let browser = app.browser();
            let page = app.sign_in(&browser, seed::ADELE).await;
            assert_eq!(page.status, 500, "{step} {does:?}");
            assert!(page.body.contains("E342-"), "{step} {does:?}: {}", page.body);
            assert!(!page.body.contains("database"), "{step} {does:?}: the cause is for the log");
            assert_eq!(app.who(&browser).await, "nobody", "{step} {does:?}");
            assert_eq!(order(&heard).last().map(String::as_str), Some("failed E342"), "{step} {does:?}");
            assert!(app.everybody().await.iter().all(|user| !user.is_staff()), "{step} {does:?}");
        }
    }
}

#[tokio::test]
async fn f50_a_notification_that_panics_changes_nothing() {
    let (app, _) = app_with("signed_in", Does::Nothing).await;
    let browser = app.browser();
    assert_eq!(app.sign_in(&browser, seed::ADELE).await.body, "OK user=adele@contoso.example");
    let (app, _) = app_with("failed", Does::Nothing).await;
    let page = app.browser().get(app.at("/microsoft_sso/callback/?state=x&code=y")).await.unwrap();
    assert_eq!(page.status, 200, "the login page with a message");
}

/// R1–R6 judge where a hook leads as they judge a link.
#[tokio::test]
async fn f50_a_redirect_leads_to_a_path_here_without_a_session() {
    for (path, expected) in [
        ("/static?terms=1", Some("/static")),
        ("https://evil.example/", None),
        ("//evil.example/", None),
        ("/\\evil.example", None),
        ("javascript:alert(1)", None),
        ("/microsoft_sso/login/", None),
        ("", None),
        ("/a\r\nset-cookie: x=y", None),
    ] {
        let (app, heard) = app_with("pre_login", Does::Redirect(path)).await;
        let browser = app.browser();
        let page = app.sign_in(&browser, seed::ADELE).await;
        assert_eq!(app.who(&browser).await, "nobody", "{path:?}");
        match expected {
            Some(expected) => {
                assert_eq!((page.status, page.url.path()), (200, expected), "{path:?}");
                assert_eq!(order(&heard).last().map(String::as_str), Some("pre_login"), "neither signed in nor failed");
            }
            None => assert!(page.status == 500 && page.body.contains("E342-"), "{path:?}: {}", page.body),
        }
        let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
        assert!(!user.is_staff() && user.last_login.is_none(), "{path:?}");
    }
}

#[tokio::test]
async fn f50_pre_create_sets_any_field() {
    let create = |user: &mut NewUser| {
        user.username = "vance".to_owned();
        user.email = Some("vance@contoso.example".to_owned());
        user.first_name = "A.".to_owned();
        user.staff = Grants::of(Grant::Application);
        user.invitation = Some("somebody@contoso.example".to_owned());
        user.account = None;
    };
    let (app, _) = scripted("", Does::Nothing, create, |_| {}).await;
    app.prepare("vance", |_| {}).await;
    app.sign_in(&app.browser(), seed::ADELE).await;
    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.expect("the account stays who signed in");
    assert_eq!((user.username.as_str(), user.full_name().as_str()), ("vance-2", "A. Vance"));
    assert_eq!(user.email.as_deref(), Some("vance@contoso.example"));
    assert!(user.staff.contains(Grant::Application));
    assert_eq!(user.invitation, None, "who has an account is not invited any more");
}

#[tokio::test]
async fn f50_what_pre_login_changes_is_stored_as_the_applications() {
    let login = |user: &mut User| {
        user.first_name = "Dr. Adele".to_owned();
        user.email = None;
        user.staff = user.staff.with(Grant::Admin);
        user.superuser = Grants::NONE;
    };
    let (app, _) = scripted("", Does::Nothing, |_| {}, login).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    assert_eq!((user.full_name().as_str(), user.email), ("Dr. Adele Vance", None));
    assert_eq!(user.staff, Grants::of(Grant::Application));
    assert_eq!(user.superuser, Grants::of(Grant::List), "the list has the last word on what is its own");
}

#[tokio::test]
async fn i9_a_user_whom_a_hook_deactivates_is_refused_and_stays_so() {
    let (app, heard) = scripted("", Does::Nothing, |_| {}, |user| user.is_active = false).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.who(&browser).await, "nobody");
    assert_eq!(order(&heard).last().map(String::as_str), Some("failed E315"));
    let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
    assert!(!user.is_active && !user.is_staff());
}

#[tokio::test]
async fn f50_a_hook_can_let_an_inactive_user_back_in() {
    let (app, _) = scripted("", Does::Nothing, |user| user.is_active = false, |user| user.is_active = true).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(app.who(&browser).await, "adele@contoso.example");
    assert!(app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap().is_active);
}
