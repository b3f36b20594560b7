//! AD FS: the shapes of its documents and tokens, and a sign-in with a certificate.

use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_oidc::{
    Algorithm, AssertionAlgorithm, Authority, AuthorizationResponse, Certificate, ClientId, Clock, Credential,
    EndSession, EntraClient, OpenIdProvider, Registration, ResponseMode, SignInErrorKind as Kind, SignInOptions,
};
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::{Value, json};
use url::Url;

use super::{keys::ours, scripted::Scripted};
use crate::{
    app::papers::{Papers, der, key, with_key},
    microsoft::redirect_uri,
    signer::{OID, TENANT},
};

const ISSUER: &str = "https://fs.contoso.com/adfs";
const CLIENT: &str = "bad94f41-8323-4c26-8c59-fb6d6b8384db";
const SUBJECT: &str = "E8uMvTw4EzVtNJjAGGkn/HLxB5lsxPvUz9N8v2ONw6w=";

/// As AD FS on Windows Server 2016 and later publishes it
/// (<https://learn.microsoft.com/windows-server/identity/ad-fs/development/ad-fs-logout-openid-connect>).
fn metadata() -> Value {
    serde_json::from_str(include_str!("../fixtures/adfs.json")).unwrap()
}

/// What AD FS puts into an ID token: `scp` like an access token, `unique_name` more than once, the user's SID as `sid`.
fn claims(now: i64, nonce: &str) -> Value {
    json!({
        "aud": CLIENT, "iss": ISSUER, "iat": now, "nbf": now, "exp": now + 3600, "auth_time": now - 10, "nonce": nonce,
        "sub": SUBJECT, "upn": "adele@contoso.com", "unique_name": ["Adele Vance", "CONTOSO\\adele"],
        "sid": "S-1-5-21-111884681-232138482-1136263860-54956", "apptype": "Confidential", "appid": CLIENT,
        "authmethod": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", "ver": "1.0",
        "scp": "openid profile email", "pwd_url": "https://fs.contoso.com/adfs/portal/updatepassword/",
        "pwd_exp": "1733602", "tid": TENANT, "oid": OID,
    })
}

/// AD FS itself, as far as a test needs it.
struct Adfs {
    http: Scripted,
    client: EntraClient,
    certificate: Vec<u8>,
}

impl Adfs {
    /// With an application that proves itself by a certificate, as AD FS understands one.
    fn new() -> Self {
        let certificate = Papers::of("app.contoso.com").valid(2020, 2099).self_signed(key());
        let credential = Certificate::from_pem(with_key(&certificate, key()).as_bytes())
            .unwrap()
            .algorithm(AssertionAlgorithm::Rs256);
        let http = Scripted::default();
        let mut signing = ours().rsa_jwk("adfs");
        signing["alg"] = json!("RS256");
        signing["x5t"] = json!("adfs");
        signing["x5c"] = json!(["MIIC"]);
        http.json("https://fs.contoso.com/adfs/.well-known/openid-configuration", &metadata());
        http.json("https://fs.contoso.com/adfs/discovery/keys", &json!({ "keys": [signing] }));
        let registration = Registration::new(ClientId::parse(CLIENT).unwrap(), Credential::Certificate(credential));
        let client = EntraClient::builder(Authority::openid(OpenIdProvider::new(ISSUER).unwrap()), registration)
            .http_client(http.clone())
            .build()
            .unwrap();
        Self { http, client, certificate: der(&certificate) }
    }

    /// Answers the code with these claims.
    fn issue(&self, claims: &Value) {
        let header = json!({ "typ": "JWT", "alg": "RS256", "x5t": "adfs", "kid": "adfs" });
        let id_token = ours().sign(Algorithm::Rs256, &header, claims);
        self.http.json(
            "https://fs.contoso.com/adfs/oauth2/token/",
            &json!({ "access_token": "canary-access", "token_type": "bearer", "expires_in": 3600,
                "resource": "urn:microsoft:userinfo", "refresh_token": "canary-refresh",
                "refresh_token_expires_in": 28799, "scope": "openid", "id_token": id_token }),
        );
    }
}

#[test]
fn its_discovery_document_is_understood() {
    let authority = Authority::openid(OpenIdProvider::new(ISSUER).unwrap());
    let url = authority.metadata_url();
    assert_eq!(url.as_str(), "https://fs.contoso.com/adfs/.well-known/openid-configuration", "no v2.0");
    let metadata = authority.accept_metadata(metadata().to_string().as_bytes()).unwrap();
    let shown = [
        metadata.authorization_endpoint(),
        metadata.token_endpoint(),
        metadata.jwks_uri(),
        metadata.end_session_endpoint().unwrap(),
        metadata.user_info_endpoint().unwrap(),
    ];
    let paths = ["oauth2/authorize/", "oauth2/token/", "discovery/keys", "oauth2/logout", "userinfo"];
    assert_eq!(shown.map(Url::to_string), paths.map(|path| format!("{ISSUER}/{path}")));
    assert_eq!((metadata.issuer(), metadata.tenant(), metadata.answers_with_issuer()), (ISSUER, None, false));
}

#[tokio::test]
async fn a_sign_in_with_a_certificate() {
    let adfs = Adfs::new();
    let now = Clock::system().now();
    let options =
        SignInOptions::new(redirect_uri(), now.plus(Duration::from_mins(10))).response_mode(ResponseMode::FormPost);
    let (url, pending) = adfs.client.begin(options).await.unwrap();
    assert!(url.as_str().starts_with("https://fs.contoso.com/adfs/oauth2/authorize/?"), "{url}");
    adfs.issue(&claims(now.unix(), pending.nonce().expose()));
    let body = format!("code=c&state={}", pending.state().as_str());
    let response = AuthorizationResponse::from_form(body.as_bytes()).unwrap();
    let (identity, tokens) = adfs.client.complete(pending, response).await.unwrap();

    assert_eq!(identity.account().to_string(), format!("openid:{ISSUER}/{SUBJECT}"), "I12: not its tid and oid");
    assert_eq!((identity.claims().tenant_id(), identity.claims().upn()), (None, Some("adele@contoso.com")));
    assert!(!identity.is_guest() && !identity.is_personal());

    adfs.http.json("https://fs.contoso.com/adfs/userinfo", &json!({ "sub": SUBJECT }));
    let info = adfs.client.user_info(&identity, &tokens).await.unwrap();
    assert_eq!(info.subject(), SUBJECT);
    adfs_accepts_the_assertion(&adfs, now.unix());

    let out = EndSession::new().post_logout_redirect_uri(redirect_uri());
    let out = adfs.client.end_session_url(out).await.unwrap();
    assert!(out.as_str().starts_with("https://fs.contoso.com/adfs/oauth2/logout?client_id="), "{out}");
}

/// RS256 and the SHA-1 thumbprint, for the token endpoint and for five minutes: what AD FS asks of an assertion.
fn adfs_accepts_the_assertion(adfs: &Adfs, now: i64) {
    let request = adfs.http.last("https://fs.contoso.com/adfs/oauth2/token/");
    let form: Vec<(String, String)> = url::form_urlencoded::parse(request.body()).into_owned().collect();
    let field = |name: &str| form.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    assert_eq!(field("client_assertion_type"), Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    assert_eq!((field("client_id"), field("client_secret")), (Some(CLIENT), None));

    let assertion = field("client_assertion").unwrap();
    let header: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(assertion.split('.').next().unwrap()).unwrap()).unwrap();
    let thumbprint = URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &adfs.certificate));
    assert_eq!((header["alg"].as_str(), header["x5t"].as_str()), (Some("RS256"), Some(thumbprint.as_str())));
    assert!(header.get("x5t#S256").is_none());
    let mut validation = Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_audience(&["https://fs.contoso.com/adfs/oauth2/token/"]);
    validation.set_issuer(&[CLIENT]);
    validation.sub = Some(CLIENT.to_owned());
    let key = DecodingKey::from_rsa_der(key().public_key_raw());
    let claims = jsonwebtoken::decode::<Value>(assertion, &key, &validation).unwrap().claims;
    assert!(claims["exp"].as_i64().unwrap() <= now + 600 && claims["jti"].is_string());
}

#[tokio::test]
async fn its_tokens_are_judged_like_any_others() {
    let adfs = Adfs::new();
    let now = Clock::system().now();
    for (name, claim, value, kind) in [
        ("the issuer of access tokens", "iss", json!("http://fs.contoso.com/adfs/services/trust"), Kind::IdTokenIssuer),
        ("another application", "aud", json!("microsoft:identityserver:other"), Kind::IdTokenAudience),
        ("our id in another case", "aud", json!(CLIENT.to_uppercase()), Kind::IdTokenAudience),
        ("another nonce", "nonce", json!("n"), Kind::IdTokenNonce),
        ("auth_time as text", "auth_time", json!("2020-05-27T07:02:58.916Z"), Kind::IdTokenClaims),
        ("expired", "exp", json!(now.unix() - 301), Kind::IdTokenTime),
    ] {
        let options = SignInOptions::new(redirect_uri(), now.plus(Duration::from_mins(10)));
        let (_, pending) = adfs.client.begin(options).await.unwrap();
        let mut claims = claims(now.unix(), pending.nonce().expose());
        claims[claim] = value;
        adfs.issue(&claims);
        let query = format!("code=c&state={}", pending.state().as_str());
        let response = AuthorizationResponse::from_query(&query).unwrap();
        assert_eq!(adfs.client.complete(pending, response).await.unwrap_err().kind(), kind, "{name}");
    }
}
