//! Sites, providers beside Microsoft, and the user flows of B2C: all come back the same way.

use entra_emulator::{Emulator, seed};
use entra_sso::{
    oidc::Secret,
    settings::{AuthoritySettings, SiteTable},
};
use http::header;

use super::{ADELE_IN, CALLBACK, answer_of, location, posting, secure, text};
use crate::{
    app::{App, b2c, tables},
    openid_provider::OpenIdProvider,
};

#[tokio::test]
async fn f65_the_site_survives() {
    let app = App::of(Emulator::env, "", |settings, _| {
        secure(settings);
        let mut shop = SiteTable::new("127.0.0.1".parse().expect("a host"));
        shop.application_id = Some(seed::SINGLE_TENANT_APP_ID.to_owned());
        shop.own_credential.client_secret = Some(Secret::new(seed::SINGLE_TENANT_APP_SECRET));
        let mut authority = AuthoritySettings::default();
        authority.tenant_id = Some(seed::CONTOSO.to_owned());
        authority.authority_host.clone_from(&settings.authority_host);
        authority.graph_url.clone_from(&settings.graph_url);
        shop.authority = Some(authority);
        settings.site.push(shop);
    })
    .await;
    let at_shop = |path: &str| app.at(path).replacen("localhost", "127.0.0.1", 1);
    app.emulator.directory().add_redirect_uri(seed::SINGLE_TENANT_APP_ID, &at_shop(CALLBACK)).expect("loopback");
    for (start, host, client_id) in [
        (app.at("/private?x=1"), "localhost", seed::APP_ID),
        (at_shop("/private?x=1"), "127.0.0.1", seed::SINGLE_TENANT_APP_ID),
    ] {
        let browser = app.browser();
        let login = browser.get_once(&start).await.unwrap().location().unwrap();
        let there = browser.get_once(&login).await.unwrap().location().unwrap();
        assert!(there.query_pairs().any(|pair| pair == ("client_id".into(), client_id.into())), "{there}");
        let page = browser.start_at(&start).signing_in_as(seed::ADELE).await.unwrap();
        assert_eq!((page.body.as_str(), page.url.host_str(), page.url.query()), (ADELE_IN, Some(host), Some("x=1")));
    }
}

#[tokio::test]
async fn f21_a_provider_beside_microsoft_answers_by_post_too() {
    let provider = OpenIdProvider::start().await;
    let app = App::of(Emulator::env, &tables(&[("partner", &provider)]), |settings, _| secure(settings)).await;
    let browser = app.browser();
    let there = browser.get_once(app.at("/microsoft_sso/partner/login/?next=/private")).await.unwrap();
    let there = there.location().unwrap();
    assert!(there.query_pairs().any(|pair| pair == ("response_mode".into(), "form_post".into())), "{there}");
    let answer = browser.get_once(&there).await.unwrap().location().expect("back from the provider");
    let callback = "/microsoft_sso/partner/callback/";
    let refused = browser.get_once(&answer).await.unwrap();
    assert_eq!((refused.status, answer.path()), (405, callback));
    let form = answer.query().unwrap().to_owned();
    // S7: at Microsoft's door it is nobody's answer.
    let mixed = app.send(posting(&app, &browser), CALLBACK, form.clone()).await;
    assert_eq!(location(&mixed), "/microsoft_sso/login/?next=%2Fprivate&again=E337");
    let signed_in = app.send(posting(&app, &browser), callback, form).await;
    assert_eq!(location(&signed_in), "/private", "{}", text(&signed_in));
    assert!(signed_in.headers().get_all(header::SET_COOKIE).iter().count() >= 2);
}

const RESET: &str = "/microsoft_sso/reset_password/?next=/private";
const EDIT: &str = "/microsoft_sso/edit_profile/?next=/private";
const ROBIN_IN: &str = "OK user=robin@mail.example";

async fn app_of_b2c() -> App {
    App::of(b2c, "", |settings, _| secure(settings)).await
}

#[tokio::test]
async fn f16_the_user_flows_of_b2c_come_back_by_post() {
    let app = app_of_b2c().await;
    let browser = app.browser();
    let page = browser.start_at(app.at(RESET)).resetting_password_of(seed::ROBIN).await.unwrap();
    assert_eq!((page.body.as_str(), page.url.path()), (ROBIN_IN, "/private"), "through the flow into the sign-in");

    let forgets = app.browser();
    let start = app.at("/microsoft_sso/login/?next=/private");
    let page = forgets.start_at(start).resetting_password_of(seed::ROBIN).await.unwrap();
    assert_eq!(page.body, ROBIN_IN, "forgotten at the sign-in");

    let before = browser.cookie(&app.url, "microsoft_sso_session").unwrap();
    let edited = [("display_name", "Rob Hill"), ("given_name", "Rob"), ("surname", "Hill")];
    let page = browser.start_at(app.at(EDIT)).editing_profile_as(seed::ROBIN, &edited).await.unwrap();
    assert_eq!((page.body.as_str(), page.url.path()), (ROBIN_IN, "/private"));
    assert_eq!(app.everybody().await[0].full_name(), "Rob Hill", "the sign-in brought the new name");
    let thief = app.browser();
    thief.set_cookie(&app.url, &format!("microsoft_sso_session={before}; Path=/"));
    assert_eq!(app.who(&thief).await, "nobody", "K1: through two POSTs, each without the session's cookie");
}

/// Who turns back is where he was, though no cookie says that he is signed in.
#[tokio::test]
async fn f16_who_turns_back_from_a_flow_keeps_his_session() {
    let app = app_of_b2c().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ROBIN).await;
    for flow in [EDIT, RESET] {
        let page = browser.start_at(app.at(flow)).cancelling().await.unwrap();
        assert_eq!((page.body.as_str(), page.url.path()), (ROBIN_IN, "/private"), "{flow}");
    }
    let (_, form) = answer_of(&app, &app.browser(), "/microsoft_sso/login/", seed::ROBIN).await;
    assert!(form.field("code").is_some());
}
