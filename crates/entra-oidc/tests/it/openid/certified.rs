//! Whole flows with `oidc-provider`, a certified provider, which npm installs and node runs on loopback; and what
//! becomes of them when somebody in between lies.

mod listener;
mod lying;
mod server;

use std::time::Duration;

use entra_emulator::{Browser, Page};
use entra_oidc::{
    AccountKind, Algorithm, AssertionAlgorithm, Authority, AuthorizationResponse, Certificate, ClientId, Clock,
    Credential, EndSession, EntraClient, Identity, OpenIdProvider, PendingSignIn, Prompt, Registration, ResponseMode,
    SignInErrorKind as Kind, SignInOptions, TokenSet,
};
use rcgen::{CertificateParams, KeyPair};
use serde_json::json;
use url::Url;

use self::{
    listener::Listener,
    lying::{Lying, opened, resigned},
    server::{APPS, App, CertifiedProvider, REDIRECT_URI, SECRET},
};
use super::{
    keys::{ours, stranger},
    pem,
};

struct World {
    provider: CertifiedProvider,
    listener: Listener,
    http: Lying,
    client: EntraClient,
}

impl World {
    /// With the application whose tokens are signed with RS256.
    async fn new() -> Self {
        let listener = Listener::start().await;
        let provider = CertifiedProvider::start(&listener);
        let http = Lying::default();
        let client = client(&provider, &http, Algorithm::Rs256);
        Self { provider, listener, http, client }
    }

    async fn sign_in(&self, browser: &Browser) -> Result<(Identity, TokenSet), Kind> {
        sign_in(&self.client, browser, |query| query).await
    }
}

fn client(provider: &CertifiedProvider, http: &Lying, algorithm: Algorithm) -> EntraClient {
    let app = APPS.iter().find(|app| app.algorithm == algorithm.as_str()).unwrap();
    let credential =
        if app.method == "client_secret_basic" { Credential::secret_basic(SECRET) } else { Credential::secret(SECRET) };
    client_of(provider, http, algorithm, app, credential)
}

fn client_of(
    provider: &CertifiedProvider,
    http: &Lying,
    algorithm: Algorithm,
    app: &App,
    credential: Credential,
) -> EntraClient {
    let known = OpenIdProvider::new(provider.issuer()).unwrap().algorithms([algorithm]).unwrap();
    EntraClient::builder(Authority::openid(known), Registration::new(ClientId::parse(app.id).unwrap(), credential))
        .http_client(http.clone())
        .scopes(vec!["offline_access".to_owned()])
        .build()
        .unwrap()
}

fn options() -> SignInOptions {
    let deadline = Clock::system().now().plus(Duration::from_mins(10));
    // The provider gives refresh tokens only to those who have asked for consent.
    SignInOptions::new(Url::parse(REDIRECT_URI).unwrap(), deadline).prompt(Prompt::Consent)
}

async fn journey(client: &EntraClient, browser: &Browser, options: SignInOptions) -> (PendingSignIn, Page) {
    let (url, pending) = client.begin(options).await.unwrap();
    (pending, browser.start_at(&url).stop_at(REDIRECT_URI).asking_nobody().await.unwrap())
}

/// The query that the browser would come back with.
fn answer(page: &Page) -> String {
    let Some(location) = page.location() else { panic!("{} of {}: {}", page.status, page.url, page.body) };
    location.query().unwrap().to_owned()
}

async fn sign_in(
    client: &EntraClient,
    browser: &Browser,
    change: impl Fn(String) -> String,
) -> Result<(Identity, TokenSet), Kind> {
    let (pending, page) = journey(client, browser, options()).await;
    let query = change(answer(&page));
    let response = AuthorizationResponse::from_query(&query).map_err(|error| error.kind())?;
    client.complete(pending, response).await.map_err(|error| error.kind())
}

#[tokio::test]
async fn a_whole_sign_in_with_each_algorithm() {
    let World { provider, http, listener: _listener, .. } = World::new().await;
    for algorithm in super::EVERY {
        let client = client(&provider, &http, algorithm);
        let (identity, tokens) = sign_in(&client, &Browser::new(), |query| query).await.unwrap();
        let account = identity.account();
        assert_eq!(
            (account.kind(), account.tenant(), account.subject()),
            (AccountKind::OpenId, provider.issuer(), "adele")
        );
        assert_eq!(identity.authority_id(), format!("openid/{}", provider.issuer()));
        assert!(identity.session_id().is_some() && !identity.is_guest() && !identity.is_personal());
        assert_eq!(opened(&http.last_id_token()).0["alg"], algorithm.as_str());
        assert!(client.graph().is_none());

        let info = client.user_info(&identity, &tokens).await.unwrap();
        assert_eq!((info.subject(), info.name()), ("adele", Some("Adele Vance")), "{algorithm}");
        assert_eq!((info.email(), info.email_verified()), (Some("adele@contoso.example"), true), "{algorithm}");

        let refreshed = client.refresh(&tokens).await.unwrap();
        assert_eq!(refreshed.owner(), tokens.owner(), "{algorithm}");
        assert!(refreshed.access_token().is_some() && refreshed.refresh_token().is_some(), "{algorithm}");
        assert_ne!(refreshed.access_token().unwrap().expose(), tokens.access_token().unwrap().expose(), "{algorithm}");
        assert_eq!(client.user_info(&identity, &refreshed).await.unwrap().subject(), "adele", "{algorithm}");
    }
}

#[tokio::test]
async fn an_application_proves_itself_with_a_certificate() {
    let World { provider, http, listener: _listener, .. } = World::new().await;
    let key = KeyPair::try_from(ours().rsa_pkcs8()).unwrap();
    let certificate =
        CertificateParams::new(vec!["app.contoso.example".to_owned()]).unwrap().self_signed(&key).unwrap();
    let pem = pem("CERTIFICATE", certificate.der()) + &pem("PRIVATE KEY", &ours().rsa_pkcs8());
    for signature in [AssertionAlgorithm::Ps256, AssertionAlgorithm::Rs256] {
        let certificate = Certificate::from_pem(pem.as_bytes()).unwrap().algorithm(signature);
        let client = client_of(&provider, &http, Algorithm::Rs256, &APPS[3], Credential::Certificate(certificate));
        let (identity, _) = sign_in(&client, &Browser::new(), |query| query).await.unwrap();
        assert_eq!(identity.account().subject(), "adele", "{signature:?}");
    }
}

#[tokio::test]
async fn an_answer_comes_as_a_form_post() {
    let world = World::new().await;
    let options = options().response_mode(ResponseMode::FormPost);
    let (pending, page) = journey(&world.client, &Browser::new(), options).await;
    let form = page.forms().into_iter().next().unwrap();
    assert!(form.post);
    assert_eq!(form.action, REDIRECT_URI);
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish();
    let response = AuthorizationResponse::from_form(body.as_bytes()).unwrap();
    let (identity, _) = world.client.complete(pending, response).await.unwrap();
    assert_eq!(identity.account().subject(), "adele");
}

#[tokio::test]
async fn signing_out_here_signs_out_there_and_the_provider_says_so() {
    let world = World::new().await;
    let browser = Browser::new();
    let (identity, _) = world.sign_in(&browser).await.unwrap();
    let ask = EndSession::new()
        .post_logout_redirect_uri(world.listener.url("/signed-out"))
        .id_token_hint(entra_oidc::Secret::new(world.http.last_id_token()));
    let url = world.client.end_session_url(ask).await.unwrap();
    let page = browser.get(&url).await.unwrap();
    let confirm = page.forms().into_iter().next().unwrap().set("logout", "yes");
    let page = browser.submit(&page, &confirm).await.unwrap();
    assert_eq!((page.status, page.url.path()), (200, "/signed-out"), "the browser is back");

    let raw = world.listener.logout_token();
    let token = world.client.verify_logout_token(&raw).await.unwrap();
    assert_eq!((token.issuer(), token.subject()), (world.provider.issuer(), Some("adele")));
    assert_eq!(token.session_id(), identity.session_id(), "it names the session of the ID token");
    assert!(token.session_id().is_some() && !token.jti().is_empty());
    assert_eq!(
        world.client.verify_logout_token(&world.http.last_id_token()).await.unwrap_err().kind(),
        Kind::LogoutTokenMalformed,
        "T11: an ID token is no logout token"
    );

    l1_faults_of_the_provider_s_own_token(&world, &raw).await;
    let (pending, page) = journey(&world.client, &browser, options().prompt(Prompt::None)).await;
    let response = AuthorizationResponse::from_query(&answer(&page)).unwrap();
    let refused = world.client.complete(pending, response).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::InteractionRequired, "nobody is signed in there any more");
}

/// The provider's own logout token, changed and signed again with its own key.
async fn l1_faults_of_the_provider_s_own_token(world: &World, raw: &str) {
    let now = Clock::system().now().unix();
    let header = |name: &'static str, value: serde_json::Value| resigned(raw, |header, _| header[name] = value);
    let claim = |name: &'static str, value: serde_json::Value| resigned(raw, |_, claims| claims[name] = value);
    let without = |names: &'static [&str]| {
        resigned(raw, |_, claims| names.iter().for_each(|name| drop(claims.as_object_mut().unwrap().remove(*name))))
    };
    let (mut unsigned, claims) = opened(raw);
    unsigned["alg"] = json!("none");
    let unsigned = stranger().sign(Algorithm::Rs256, &unsigned, &claims);
    assert!(world.client.verify_logout_token(&resigned(raw, |_, _| {})).await.is_ok(), "unchanged, it is good");
    for (name, token, kind) in [
        ("alg none", format!("{}.", unsigned.rsplit_once('.').unwrap().0), Kind::LogoutTokenAlgorithm),
        ("another alg", header("alg", json!("HS256")), Kind::LogoutTokenAlgorithm),
        ("another issuer", claim("iss", json!("https://evil.example")), Kind::LogoutTokenIssuer),
        ("another audience", claim("aud", json!(APPS[1].id)), Kind::LogoutTokenAudience),
        ("no event", without(&["events"]), Kind::LogoutTokenClaims),
        ("another event", claim("events", json!({ "https://evil.example": {} })), Kind::LogoutTokenClaims),
        ("a nonce", claim("nonce", json!("n")), Kind::LogoutTokenClaims),
        ("neither sub nor sid", without(&["sub", "sid"]), Kind::LogoutTokenClaims),
        ("a cut signature", format!("{}A", &raw[..raw.len() - 2]), Kind::LogoutTokenMalformed),
        ("a stranger's signature", lying::signed_by_a_stranger(raw), Kind::LogoutTokenSignature),
        (
            "no typ",
            resigned(raw, |header, _| drop(header.as_object_mut().unwrap().remove("typ"))),
            Kind::LogoutTokenMalformed,
        ),
        ("no iat", without(&["iat"]), Kind::LogoutTokenClaims),
        ("no jti", without(&["jti"]), Kind::LogoutTokenClaims),
        ("expired", claim("exp", json!(now - 301)), Kind::LogoutTokenTime),
        ("an unknown key", header("kid", json!("nobody")), Kind::IdTokenKeyUnknown),
    ] {
        let outcome = world.client.verify_logout_token(&token).await.map(|_| ());
        assert_eq!(outcome.map_err(|error| error.kind()), Err(kind), "L1: {name}");
    }
}

#[tokio::test]
async fn lies_about_the_id_token_are_refused() {
    let world = World::new().await;
    let claim = |name: &'static str, value: serde_json::Value| {
        Lying::id_token(move |raw| resigned(raw, |_, claims| claims[name] = value.clone()))
    };
    for (name, lie, kind) in [
        ("another issuer", claim("iss", json!("https://evil.example")), Kind::IdTokenIssuer),
        ("another nonce", claim("nonce", json!("n")), Kind::IdTokenNonce),
        ("another audience", claim("aud", json!(APPS[1].id)), Kind::IdTokenAudience),
        ("two audiences", claim("aud", json!([APPS[0].id, APPS[1].id])), Kind::IdTokenAudience),
        ("another azp", claim("azp", json!(APPS[1].id)), Kind::IdTokenAudience),
        ("expired", claim("exp", json!(1)), Kind::IdTokenTime),
        ("at_hash of another", claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")), Kind::IdTokenHash),
        ("a bad signature", Lying::id_token(lying::signed_by_a_stranger), Kind::IdTokenSignature),
        (
            "another algorithm",
            Lying::id_token(|raw| resigned(raw, |header, _| header["alg"] = json!("PS256"))),
            Kind::IdTokenAlgorithm,
        ),
        (
            "a logout token",
            Lying::id_token(|raw| resigned(raw, |header, _| header["typ"] = json!("logout+jwt"))),
            Kind::IdTokenMalformed,
        ),
        ("no ID token", Lying::json("/token", |body| drop(body.remove("id_token"))), Kind::TokenResponseInvalid),
    ] {
        world.http.lie(lie);
        assert_eq!(world.sign_in(&Browser::new()).await.map(|_| ()), Err(kind), "{name}");
        world.http.tell_the_truth();
    }
    world.http.lie(Lying::id_token(|raw| resigned(raw, |_, _| {})));
    let (identity, tokens) = world.sign_in(&Browser::new()).await.unwrap();
    assert_eq!(identity.account().subject(), "adele", "signed again without a lie, it is good");

    world.http.lie(claim("sub", json!("eve")));
    assert_eq!(world.client.refresh(&tokens).await.unwrap_err().kind(), Kind::AnotherUser, "T23");
}

#[tokio::test]
async fn t17_lies_about_the_user_are_refused() {
    let world = World::new().await;
    let (identity, tokens) = world.sign_in(&Browser::new()).await.unwrap();
    let body = |content_type: &'static str, body: &'static str| Lying::body("/me", content_type, body);
    for (name, lie, kind) in [
        (
            "sub swapped",
            Lying::json("/me", |body| drop(body.insert("sub".to_owned(), json!("eve")))),
            Kind::UserInfoSubject,
        ),
        ("no sub", Lying::json("/me", |body| drop(body.remove("sub"))), Kind::UserInfoInvalid),
        ("an array", body("application/json", r#"[{"sub":"adele"}]"#), Kind::UserInfoInvalid),
        ("a JWT", body("application/jwt", "e30.e30.e30"), Kind::UserInfoInvalid),
    ] {
        world.http.lie(lie);
        assert_eq!(world.client.user_info(&identity, &tokens).await.unwrap_err().kind(), kind, "T17: {name}");
        world.http.tell_the_truth();
    }
    assert_eq!(world.client.user_info(&identity, &tokens).await.unwrap().subject(), "adele");
}

#[tokio::test]
async fn s7_j1_lies_about_the_issuer_are_refused() {
    let world = World::new().await;
    let browser = Browser::new();
    let encoded =
        |issuer: &str| format!("iss={}", url::form_urlencoded::byte_serialize(issuer.as_bytes()).collect::<String>());
    let honest = encoded(world.provider.issuer());
    for (name, other, kind) in [
        ("another", encoded("https://evil.example"), Kind::IssuerMismatch),
        ("a slash more", encoded(&format!("{}/", world.provider.issuer())), Kind::IssuerMismatch),
        ("none, though it was promised", String::new(), Kind::IssuerMismatch),
        ("twice", format!("{honest}&{honest}"), Kind::DuplicateParameter),
    ] {
        let change = |query: String| {
            assert!(query.contains(&honest), "{query}");
            query.replace(&honest, &other)
        };
        assert_eq!(sign_in(&world.client, &browser, change).await.map(|_| ()), Err(kind), "S7: {name}");
    }
    for (member, value) in [
        ("issuer", json!("https://evil.example")),
        ("issuer", json!(format!("{}/", world.provider.issuer()))),
        ("token_endpoint", json!("http://127.0.0.1:1/token")),
        ("jwks_uri", json!("https://evil.example/keys")),
        ("authorization_endpoint", json!("javascript:alert(1)")),
    ] {
        let http = Lying::default();
        http.lie(Lying::json("/.well-known/openid-configuration", move |body| {
            body.insert(member.to_owned(), value.clone());
        }));
        let fresh = client(&world.provider, &http, Algorithm::Rs256);
        assert_eq!(fresh.begin(options()).await.unwrap_err().kind(), Kind::MetadataInvalid, "J1: {member}");
    }
}
