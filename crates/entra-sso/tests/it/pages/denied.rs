//! F-63: who is refused for what his account is does not learn why, unless `show_failed_login_message` is on.

use std::sync::{Arc, Mutex};

use entra_emulator::{Fault, seed};
use entra_sso::{
    HookError, Settings, SignInHooks, SigningIn,
    hooks::SignInFailure,
    oidc::{AccountKey, AccountKind},
    settings::Access,
    users::MicrosoftAccount,
};
use http::Request;

use crate::app::App;

/// Every reason for which an account is refused, by its code.
const CODES: [&str; 7] = ["E310", "E312", "E314", "E315", "E341", "E343", "E344"];

/// What the application heard of it.
#[derive(Clone, Default)]
struct Desk {
    denies: bool,
    heard: Arc<Mutex<Vec<SignInFailure>>>,
}

impl SignInHooks for Desk {
    async fn pre_validate(&self, _: &SigningIn<'_>) -> Result<(), HookError> {
        if self.denies { Err(HookError::denied("")) } else { Ok(()) }
    }

    async fn failed(&self, failure: &SignInFailure) {
        self.heard.lock().unwrap().push(failure.clone());
    }
}

/// An application that refuses Adele, or the guest Megan, for this reason.
async fn refusing(code: &str, change: impl Fn(&mut Settings)) -> (App, Desk) {
    let desk = Desk { denies: code == "E341", ..Desk::default() };
    let rule = |settings: &mut Settings| match code {
        "E310" => settings.guests = Access::Deny,
        "E312" => settings.allowable_domains = Some(vec!["elsewhere.example".to_owned()]),
        "E314" => settings.auto_create_users = false,
        "E343" | "E344" => settings.unique_email = true,
        _ => {}
    };
    let hooks = desk.clone();
    let app = App::plugged(
        |settings| {
            rule(settings);
            change(settings);
        },
        |builder| builder.hooks(hooks),
    )
    .await;
    let account = |tenant: &str, object_id: &str| {
        Some(MicrosoftAccount::new(AccountKey::new(AccountKind::Entra, tenant, object_id)))
    };
    match code {
        "E343" => app.emulator.faults().always(Fault::NoClaim("xms_edov".to_owned())),
        "E315" => drop(
            app.prepare("gone", |user| {
                user.account = account(seed::CONTOSO, seed::ADELE_ID);
                user.is_active = false;
            })
            .await,
        ),
        "E344" => drop(
            app.prepare("other", |user| {
                user.account = account(seed::CONTOSO, seed::ALEX_ID);
                user.email = Some(seed::ADELE.to_owned());
            })
            .await,
        ),
        _ => {}
    }
    (app, desk)
}

/// Who is refused: guests have no address that is trusted.
fn who(code: &str) -> &'static str {
    if matches!(code, "E310" | "E343") { seed::MEGAN } else { seed::ADELE }
}

/// Without what chance put into it: the last part of the reference, and the port.
fn plain(app: &App, text: &str) -> String {
    let text = text.replace(&app.url, "");
    let parts = text.split("E3").enumerate().map(|(index, part)| match part.as_bytes().get(2) {
        Some(b'-') if index > 0 => format!("{}{}", &part[..2], &part[11..]),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("E3")
}

/// The answer to the callback, as a page that follows the redirect, and as JSON.
async fn answers(code: &str, change: impl Fn(&mut Settings)) -> [String; 2] {
    let (app, desk) = refusing(code, change).await;
    let browser = app.browser();
    let page = app.sign_in(&browser, who(code)).await;
    let page = format!("{} {} {}", page.url.path(), page.status, page.body);

    let browser = app.browser();
    let callback = app.callback_of(&browser, "/private", who(code)).await;
    let request = Request::get("/").header("accept", "application/json").header("cookie", app.cookies(&browser));
    let answer = app.send(request, &callback[app.url.len()..], "").await;
    assert_eq!(answer.status(), 403, "{code}: {:?}", answer.headers());
    let json: serde_json::Value = serde_json::from_slice(answer.body()).expect("JSON");

    let heard = desk.heard.lock().unwrap();
    assert_eq!(heard.len(), 2, "{code}");
    for failure in heard.iter() {
        assert_eq!(failure.code, code, "the application learns the reason");
        let shown = page.contains(&failure.reference) || json["reference"] == *failure.reference;
        assert!(shown, "{code}: the reference is the same outside and inside: {failure:?}\n{page}\n{json}");
    }
    [plain(&app, &page), plain(&app, &json.to_string())]
}

#[tokio::test]
async fn f63_messages_pages_and_json_are_the_same_for_every_reason() {
    for messages in [true, false] {
        let first = answers("E314", |settings| settings.enable_messages = messages).await;
        assert!(first[0].contains("You cannot sign in here with this account."), "{}", first[0]);
        assert_eq!(first[0].starts_with("/microsoft_sso/ 200"), messages, "a message, or a page: {}", first[0]);
        for text in &first {
            assert!(text.contains("E316") && !text.contains("E314"), "{text}");
        }
        assert!(
            first[1].contains("\"code\":\"E316\"") && first[1].contains("\"error\":\"SignInDenied\""),
            "{}",
            first[1]
        );
        for code in CODES {
            assert_eq!(answers(code, |settings| settings.enable_messages = messages).await, first, "{code}");
        }
    }
}

#[tokio::test]
async fn f63_when_it_may_be_told_it_is() {
    for code in CODES {
        for text in answers(code, |settings| settings.show_failed_login_message = true).await {
            assert!(text.contains(code) && !text.contains("E316"), "{code}: {text}");
        }
    }
}

#[tokio::test]
async fn f63_personal_accounts_are_told_no_more_than_others() {
    for (openly, code) in [(false, "E316"), (true, "E311")] {
        let app = App::of_tenant("common", |settings, _| {
            settings.allow_any_tenant = true;
            settings.allowable_domains = Some(vec!["*".to_owned()]);
            settings.show_failed_login_message = openly;
        })
        .await;
        let page = app.sign_in(&app.browser(), seed::PAT).await;
        assert!(page.body.contains(&format!("{code}-")), "{}", page.body);
        assert_eq!(page.body.contains("E311"), openly, "{}", page.body);
    }
}
