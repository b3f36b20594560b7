//! A whole sign-in at each kind of authority, with the emulator on the other side.

use entra_emulator::{Browser, Endpoint, seed};
use entra_oidc::{
    Authority, AuthorizationResponse, Cloud, Guid, Policy, ResponseMode, SignInErrorKind as Kind, Tenant,
};
use url::Url;

use crate::client::scene::{Role, b2c, options};

#[tokio::test]
async fn everybody_signs_in_at_his_authority() {
    for role in Role::ALL {
        let scene = role.scene();
        let stage = scene.stage().await;
        let (identity, tokens) =
            stage.sign_in(scene.user).await.unwrap_or_else(|error| panic!("{}: {error}", scene.name));
        assert_eq!(identity.account().to_string(), scene.account, "{}", scene.name);
        assert_eq!(identity.issuer(), scene.issuer, "{}", scene.name);
        assert_eq!(identity.authority_id(), stage.client.authority().id(), "{}", scene.name);
        assert_eq!(identity.is_personal(), role == Role::Personal, "{}", scene.name);
        assert!(!identity.is_guest(), "{}", scene.name);
        assert_eq!(identity.claims().policy().is_some(), role == Role::B2c, "{}", scene.name);
        assert_eq!(stage.client.pinned_tenant(), identity.claims().tenant_id(), "{}", scene.name);
        for endpoint in [Endpoint::Discovery, Endpoint::Keys, Endpoint::Token] {
            assert_eq!(stage.emulator.journal().count(endpoint), 1, "{}: {endpoint:?}", scene.name);
        }
        match stage.client.graph() {
            Some(graph) => assert!(graph.me(&tokens).await.is_ok_and(|me| me.belongs_to(&identity)), "{}", scene.name),
            None => assert_eq!(role, Role::B2c, "the others' tokens are for Graph"),
        }
    }
}

#[tokio::test]
async fn i12_v1_then_v2_is_the_same_user_and_two_policies_are_one() {
    let scene = Role::V1.scene();
    let stage = scene.stage().await;
    let (first, _) = stage.sign_in(scene.user).await.unwrap();
    let contoso = Tenant::Id(Guid::parse(seed::CONTOSO).unwrap());
    let client = scene.client(&stage.emulator, &stage.clock, Authority::entra(Cloud::Public, contoso));
    let second = crate::client::scene::Stage { client, ..stage };
    let (second, _) = second.sign_in(scene.user).await.unwrap();
    assert_eq!(first.account(), second.account());
    assert_ne!(first.authority_id(), second.authority_id());

    let scene = Role::B2c.scene();
    let stage = scene.stage().await;
    let (first, _) = stage.sign_in(scene.user).await.unwrap();
    let edit = scene.client(&stage.emulator, &stage.clock, b2c(seed::B2C_EDIT_POLICY));
    let (url, pending) = edit.begin(options(&stage.clock)).await.unwrap();
    let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).editing_profile_as(scene.user, &[]).await;
    let query = page.unwrap().location().unwrap().query().unwrap().to_owned();
    let (second, _) = edit.complete(pending, AuthorizationResponse::from_query(&query).unwrap()).await.unwrap();
    assert_eq!(first.account(), second.account());
    assert_eq!(second.claims().policy(), Some(seed::B2C_EDIT_POLICY));
}

#[tokio::test]
async fn a_social_account_of_b2c_is_no_guest_and_shows_its_address() {
    let stage = Role::B2c.scene().stage().await;
    let (identity, _) = stage.sign_in(seed::KIM).await.unwrap();
    assert_eq!(identity.claims().idp(), Some(seed::KIM_IDP));
    assert!(!identity.is_guest());
    assert_eq!(identity.claims().email(), Some(seed::KIM));
}

#[tokio::test]
async fn a_v1_token_for_another_api_asks_no_graph() {
    let scene = Role::V1.scene();
    let stage = scene.stage().await;
    let contoso = Tenant::Id(Guid::parse(seed::CONTOSO).unwrap());
    let own = Authority::entra_v1(Cloud::Public, contoso, Some(seed::APP_ID.to_owned())).unwrap();
    let client = scene.client(&stage.emulator, &stage.clock, own);
    assert!(client.graph().is_none());
    let stage = crate::client::scene::Stage { client, ..stage };
    let (identity, _) = stage.sign_in(scene.user).await.unwrap();
    assert_eq!(identity.account().to_string(), scene.account, "the profile is in the claims");
    assert!(identity.claims().name().is_some());
}

#[tokio::test]
async fn a_form_post_brings_the_code_in_its_body() {
    for role in Role::ALL {
        let scene = role.scene();
        let stage = scene.stage().await;
        let asked = stage.options().response_mode(ResponseMode::FormPost);
        let (url, pending) = stage.client.begin(asked).await.unwrap();
        let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).signing_in_as(scene.user).await.unwrap();
        let form = page.form("form-post").unwrap();
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(
                ["code", "state", "session_state"]
                    .iter()
                    .filter_map(|name| form.field(name).map(|value| (*name, value))),
            )
            .finish();
        let query = AuthorizationResponse::from_query(&body).unwrap();
        assert_eq!(query.state(), Some(pending.state().as_str()));
        let response = AuthorizationResponse::from_form(body.as_bytes()).unwrap();
        let (identity, _) = stage.client.complete(pending, response).await.unwrap();
        assert_eq!(identity.account().to_string(), scene.account, "{}", scene.name);
    }
}

#[tokio::test]
async fn every_address_of_an_authority_leads_to_the_same_account() {
    let guid = |text: &str| Guid::parse(text).unwrap();
    let policy = Policy::parse(seed::B2C_SIGN_IN_POLICY).unwrap();
    let v1 = |tenant: &str| Authority::entra_v1(Cloud::Public, Tenant::parse(tenant).unwrap(), None).unwrap();
    let external = |tenant: &str| Authority::external_id(seed::EXTERNAL_NAME, Some(Tenant::parse(tenant).unwrap()));
    let at = |text: String| Authority::from_url(&Url::parse(&text).unwrap()).unwrap();
    for (role, authorities) in [
        (Role::V1, vec![v1("common"), v1("organizations"), v1(seed::CONTOSO_DOMAIN)]),
        (
            Role::External,
            vec![
                external(seed::EXTERNAL_TENANT).unwrap(),
                external(seed::EXTERNAL_DOMAIN).unwrap(),
                at(format!("https://{}.ciamlogin.com/", seed::EXTERNAL_NAME)),
                // Behind a custom domain nobody knows the tenant's name.
                Authority::external_id_at(
                    Url::parse("https://login.contoso.example").unwrap(),
                    guid(seed::EXTERNAL_TENANT),
                )
                .unwrap(),
            ],
        ),
        (
            Role::B2c,
            vec![
                Authority::b2c(seed::B2C_NAME, &policy, Some(guid(seed::B2C_TENANT))).unwrap(),
                at(format!("https://{}.b2clogin.com/tfp/{}/{policy}", seed::B2C_NAME, seed::B2C_TENANT)),
                b2c(&policy.as_str().to_lowercase()),
            ],
        ),
    ] {
        let scene = role.scene();
        let mut stage = scene.stage().await;
        for authority in authorities {
            let id = authority.id();
            stage.client = scene.client(&stage.emulator, &stage.clock, authority);
            let (identity, _) = stage.sign_in(scene.user).await.unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(identity.account().to_string(), scene.account, "{id}");
            assert_eq!(identity.issuer(), scene.issuer, "{id}");
        }
    }
}

#[tokio::test]
async fn a_tenant_that_is_another_s_is_refused_before_anybody_is_asked_to_sign_in() {
    let other = || Guid::parse(seed::FABRIKAM).unwrap();
    let policy = Policy::parse(seed::B2C_SIGN_IN_POLICY).unwrap();
    for (role, authority) in [
        (Role::External, Authority::external_id(seed::EXTERNAL_NAME, Some(Tenant::Id(other()))).unwrap()),
        (Role::B2c, Authority::b2c(seed::B2C_NAME, &policy, Some(other())).unwrap()),
    ] {
        let scene = role.scene();
        let stage = scene.stage().await;
        let client = scene.client(&stage.emulator, &stage.clock, authority);
        let outcome = client.begin(options(&stage.clock)).await;
        assert_eq!(outcome.err().map(|error| error.kind()), Some(Kind::MetadataInvalid), "{}", scene.name);
    }
}

#[tokio::test]
async fn one_cloud_does_not_speak_for_another() {
    let scene = Role::Government.scene();
    let stage = scene.stage().await;
    let contoso = || Tenant::Id(Guid::parse(seed::CONTOSO).unwrap());
    for cloud in Cloud::ALL {
        let client = scene.client(&stage.emulator, &stage.clock, Authority::entra(cloud, contoso()));
        let outcome = client.warm().await.map_err(|error| error.kind());
        let same = cloud.login_host() == Cloud::UsGovernment.login_host();
        assert_eq!(outcome, if same { Ok(()) } else { Err(Kind::MetadataInvalid) }, "J1: {cloud}");
    }
}

#[tokio::test]
async fn the_way_out_leads_to_the_authority() {
    for role in Role::ALL {
        let scene = role.scene();
        let stage = scene.stage().await;
        let back = Url::parse(seed::REDIRECT_URI).unwrap();
        let ask = entra_oidc::EndSession::new().post_logout_redirect_uri(back);
        let url = stage.client.end_session_url(ask).await.unwrap();
        assert_eq!(url.origin(), stage.emulator.url().origin(), "{}", scene.name);
        let page = Browser::new().get_once(&url).await.unwrap();
        let arrived = page.emulator_page().as_deref() != Some("error") && page.status < 400;
        assert!(arrived, "{}: {} {}", scene.name, page.status, page.body);
        assert_eq!(stage.emulator.journal().count(Endpoint::Logout), 1, "{}", scene.name);
    }
}
