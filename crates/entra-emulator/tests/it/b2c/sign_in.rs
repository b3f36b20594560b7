use entra_emulator::{Browser, Emulator, Page, seed};

use crate::flow::{Ask, start, told};

use super::{EDIT, RESET, SUSI, ask, number, redeem, tokens};

const STOP: &str = "http://localhost/";

fn visit<'a>(browser: &'a Browser, ask: &Ask) -> entra_emulator::Visit<'a> {
    browser.start_at(ask.url()).stop_at(STOP)
}

/// `error`, number and `state` that the application is told.
fn refusal(page: &Page) -> (String, String, String) {
    let told = told(page);
    let text = |name: &str| told.get(name).cloned().unwrap_or_default();
    assert!(told["error_description"].contains("\r\nCorrelation ID: "), "{told:?}");
    assert!(!told.contains_key("error_uri"), "{told:?}");
    (text("error"), number(&told["error_description"]).to_owned(), text("state"))
}

fn denied(number: &str) -> (String, String, String) {
    ("access_denied".to_owned(), number.to_owned(), "the-state".to_owned())
}

async fn id_token(emulator: &Emulator, at: &str, page: &Page) -> serde_json::Value {
    let answer = redeem(emulator, at, &told(page)["code"]).send().await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.id_token()
}

#[tokio::test]
async fn cancelling_is_told_to_the_application_on_every_page() {
    let emulator = start().await;
    for at in [SUSI, RESET] {
        let page = visit(&Browser::new(), &ask(&emulator).at(at)).cancelling().await.expect("an answer");
        assert_eq!(refusal(&page), denied("AADB2C90091"), "{at}");
    }
    let browser = Browser::new();
    ask(&emulator).answered_to(&browser, seed::ROBIN).await;
    let page = visit(&browser, &ask(&emulator).at(EDIT)).cancelling().await.expect("an answer");
    assert_eq!(refusal(&page), denied("AADB2C90091"), "the edit page");
    let page = browser.get(ask(&emulator).set("prompt", "login").url()).await.expect("a page");
    let page = browser.submit_named(&page, "leave", &[("decision", "sign_up")]).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("sign-up"));
    assert!(page.form("sign-up").expect("a form").has_button("decision", "cancel"));
}

#[tokio::test]
async fn a_forgotten_password_is_told_to_the_application() {
    let emulator = start().await;
    let page = visit(&Browser::new(), &ask(&emulator)).forgetting_password().await.expect("an answer");
    assert_eq!(refusal(&page), denied("AADB2C90118"));
    let posted = ask(&emulator).set("response_mode", "form_post");
    let page = visit(&Browser::new(), &posted).forgetting_password().await.expect("an answer");
    let form = page.form("form-post").expect("the form_post page");
    assert_eq!(number(form.field("error_description").expect("a text")), "AADB2C90118");
}

#[tokio::test]
async fn a_reset_signs_in_with_its_own_policy_and_the_sign_in_follows_by_itself() {
    let emulator = start().await;
    let browser = Browser::new();
    let reset = ask(&emulator).at(RESET);
    let page = visit(&browser, &reset).resetting_password_of(seed::ROBIN).await.expect("an answer");
    let token = id_token(&emulator, RESET, &page).await;
    assert_eq!((&token["tfp"], &token["sub"]), (&"B2C_1_reset".into(), &seed::ROBIN_ID.into()));
    let page = visit(&browser, &ask(&emulator)).asking_nobody().await.expect("an answer");
    assert_eq!(id_token(&emulator, SUSI, &page).await["tfp"], "B2C_1_susi");
}

#[tokio::test]
async fn a_social_account_has_no_password_to_reset() {
    let emulator = start().await;
    let browser = Browser::new();
    let page = browser.get(ask(&emulator).at(RESET).set("login_hint", seed::KIM).url()).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("reset-password"));
    assert!(page.body.contains(seed::ROBIN) && !page.body.contains(seed::KIM));
    assert_eq!(page.form("reset-password").expect("a form").field("account"), Some(seed::ROBIN));
    let fields = [("account", seed::KIM), ("decision", "reset")];
    let page = browser.submit_named(&page, "reset-password", &fields).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("reset-password"));
    assert!(page.body.contains("no such account"), "{}", page.body);
}

#[tokio::test]
async fn editing_the_profile_changes_the_directory() {
    let emulator = start().await;
    let browser = Browser::new();
    let edit = ask(&emulator).at(EDIT);
    let fields = [("display_name", "Robin R. Reyes"), ("given_name", "Robin R."), ("surname", "")];
    let page = visit(&browser, &edit).editing_profile_as(seed::ROBIN, &fields).await.expect("an answer");
    let token = id_token(&emulator, EDIT, &page).await;
    assert_eq!((&token["name"], &token["tfp"]), (&"Robin R. Reyes".into(), &"B2C_1_edit".into()));
    assert!(token["family_name"].is_null());
    let user = emulator.directory().user(seed::ROBIN_ID).expect("Robin");
    assert_eq!((user.given_name.as_deref(), user.surname), (Some("Robin R."), None));
    // Without a name, or by somebody who did not sign in here, nothing changes.
    let page = browser.get(edit.url()).await.expect("the page");
    let fields = [("decision", "edit"), ("display_name", " ")];
    let page = browser.submit_named(&page, "edit-profile", &fields).await.expect("the page again");
    assert!(page.body.contains("A name is needed"));
    let fields = [("decision", "edit"), ("display_name", "Mallory"), ("account", seed::KIM)];
    let page = browser.submit_named(&page, "edit-profile", &fields).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("accounts"));
    assert_eq!(emulator.directory().user(seed::KIM_ID).expect("Kim").display_name.as_deref(), Some("Kim Akers"));
}

#[tokio::test]
async fn signing_up_makes_a_user_whose_first_token_says_so() {
    let emulator = start().await;
    let browser = Browser::new();
    let page =
        visit(&browser, &ask(&emulator)).signing_up_as("nova@mail.example", "Nova Lin").await.expect("an answer");
    let token = id_token(&emulator, SUSI, &page).await;
    assert_eq!((&token["newUser"], &token["name"]), (&true.into(), &"Nova Lin".into()));
    assert_eq!(token["emails"][0], "nova@mail.example");
    let again = tokens(&emulator, &ask(&emulator), "nova@mail.example").await.id_token();
    assert!(again["newUser"].is_null());
    assert_eq!(again["sub"], token["sub"]);
    let cases = [("nova@mail.example", "Nova"), ("nowhere", "Nova"), ("new@mail.example", "")];
    for (address, name) in cases {
        let page = browser.get(ask(&emulator).set("prompt", "login").url()).await.expect("a page");
        let page = browser.submit_named(&page, "leave", &[("decision", "sign_up")]).await.expect("a page");
        let fields = [("decision", "create"), ("address", address), ("display_name", name)];
        let page = browser.submit_named(&page, "sign-up", &fields).await.expect("a page");
        assert_eq!(page.emulator_page().as_deref(), Some("sign-up"), "{address} {name}");
        assert!(page.body.contains("role=\"alert\""), "{address} {name}");
    }
}

#[tokio::test]
async fn without_a_session_prompt_none_needs_the_user() {
    let emulator = start().await;
    for at in [SUSI, RESET, EDIT] {
        let browser = Browser::new();
        let silent = ask(&emulator).at(at).set("prompt", "none");
        let page = visit(&browser, &silent).asking_nobody().await.expect("an answer");
        let expected = ("interaction_required".to_owned(), "AADB2C90077".to_owned(), "the-state".to_owned());
        assert_eq!(refusal(&page), expected, "{at}");
        ask(&emulator).answered_to(&browser, seed::ROBIN).await;
        let page = visit(&browser, &silent).asking_nobody().await.expect("an answer");
        assert_eq!(told(&page).contains_key("code"), at == SUSI, "{at}");
    }
}

#[tokio::test]
async fn there_is_no_consent_and_no_session_state() {
    let emulator = start().await;
    let own = format!("openid {}", seed::B2C_APP_ID);
    let told = ask(&emulator).set("scope", &own).set("prompt", "consent").told(seed::ROBIN).await;
    assert!(told.contains_key("code") && !told.contains_key("session_state"), "{told:?}");
}

#[tokio::test]
async fn refusals_go_to_a_page_or_to_the_application() {
    let emulator = start().await;
    let pages = [
        (ask(&emulator).set("redirect_uri", "http://localhost/elsewhere"), 90006),
        (ask(&emulator).set("client_id", "00000000-1111-4111-8111-111111111111"), 90018),
        (ask(&emulator).without("client_id"), 90008),
        (ask(&emulator).at("contosob2c.onmicrosoft.com/b2c_1_none"), 90022),
    ];
    for (ask, expected) in pages {
        let page = Browser::new().get(ask.url()).await.expect("a page");
        assert_eq!((page.emulator_page().as_deref(), page.aadb2c()), (Some("error"), Some(expected)), "{}", page.body);
    }
    let told = [
        (ask(&emulator).set("scope", "openid User.Read"), "AADB2C90117"),
        (ask(&emulator).set("scope", "offline_access"), "AADB2C90115"),
        (ask(&emulator).without("scope"), "AADB2C90010"),
        (ask(&emulator).set("prompt", "create"), "AADB2C90043"),
        (ask(&emulator).set("max_age", "soon"), "AADB2C90120"),
        (ask(&emulator).set("code_challenge_method", "S999"), "AADB2C90183"),
        (ask(&emulator).set("response_type", "token"), "AADB2C90013"),
    ];
    for (ask, expected) in told {
        let page = visit(&Browser::new(), &ask).asking_nobody().await.expect("an answer");
        assert_eq!(refusal(&page).1, expected);
    }
}

#[tokio::test]
async fn accounts_of_other_tenants_do_not_exist_here() {
    let emulator = start().await;
    let browser = Browser::new();
    Ask::new(&emulator).answered_to(&browser, seed::ADELE).await;
    let page = browser.get(ask(&emulator).url()).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("accounts"), "a session of an organisation counts for nothing");
    assert!(!page.body.contains(seed::ADELE));
    let page = browser.submit_named(&page, "other-account", &[("other_account", seed::ADELE)]).await.expect("a page");
    assert!(page.body.contains("AADB2C90053"), "{}", page.body);
    let listed = browser.get(Ask::new(&emulator).at("common").set("prompt", "login").url()).await.expect("a page");
    assert!(!listed.body.contains(seed::ROBIN) && !listed.body.contains(seed::SAM));
}

#[tokio::test]
async fn only_a_sign_in_user_flow_offers_what_customers_need() {
    let emulator = start().await;
    let browser = Browser::new();
    let page = browser.get(ask(&emulator).url()).await.expect("a page");
    let leave = page.form("leave").expect("a form");
    for decision in ["forgot", "sign_up", "cancel"] {
        assert!(leave.has_button("decision", decision), "{decision}");
    }
    let cancel = page.body.find("value=\"cancel\"").expect("a button");
    assert!(page.body.find("Use another account").expect("a list item") < cancel, "Cancel comes last");
    let work = browser.get(Ask::new(&emulator).url()).await.expect("a page");
    assert!(!work.body.contains("Forgot your password?") && !work.body.contains("Sign up now"));
    let fields = [("decision", "forgot")];
    let page = browser.submit_named(&work, "leave", &fields).await.expect("a page");
    assert_eq!(page.emulator_page().as_deref(), Some("accounts"), "there it means nothing");
}
