//! Whole flows with `oidc-provider`, a certified provider, which npm installs and node runs on loopback; and what
//! becomes of them when somebody in between lies.

mod lies;
mod listener;
mod lying;
mod server;
mod sign_out;

use std::time::Duration;

use entra_emulator::{Browser, Page};
use entra_oidc::{
    AccountKind, Algorithm, AssertionAlgorithm, Authority, AuthorizationResponse, Certificate, ClientId, Clock,
    Credential, EntraClient, Identity, OpenIdProvider, PendingSignIn, Prompt, Registration, ResponseMode,
    SignInErrorKind as Kind, SignInOptions, TokenSet,
};
use rcgen::KeyPair;
use url::Url;

use self::{
    listener::Listener,
    lying::{Lying, opened},
    server::{APPS, App, CertifiedProvider, REDIRECT_URI, SECRET},
};
use super::keys::ours;
use crate::app::papers::{Papers, with_key};

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

        let refreshed = client.refresh(&tokens).await.unwrap().tokens;
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
    let pem = with_key(&Papers::of("app.contoso.example").valid(2020, 2099).self_signed(&key), &key);
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
