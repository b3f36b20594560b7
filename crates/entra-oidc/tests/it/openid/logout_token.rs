//! L1: back-channel logout tokens, one row for each fault.

use std::{sync::Arc, time::Duration};

use entra_oidc::{
    Algorithm, AllowedTenants, AuthorizationResponse, Credential, EntraClient, IdTokenAnswer, IdTokenVerifier, KeySet,
    LogoutToken, LogoutTokenVerifier, ManualClock, Registration, SignInErrorKind as Kind, SignInOptions, Timestamp,
};
use serde_json::{Value, json};

use super::{
    CLIENT, EVERY, ISSUER, accepted, attempt, authority, client_id, key_set,
    keys::{self, ours},
    metadata,
    scripted::Scripted,
};
use crate::{microsoft::redirect_uri, signer::encoded};

const NOW: Timestamp = Timestamp::from_unix(1_790_000_000);
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn verifier(algorithms: &[Algorithm]) -> LogoutTokenVerifier {
    let authority = authority(algorithms);
    let metadata = accepted(&authority, &metadata());
    LogoutTokenVerifier::new(authority, metadata, client_id(), Duration::from_mins(5))
}

fn judge(token: &str) -> Result<LogoutToken, Kind> {
    verifier(&EVERY).verify(token, &key_set(NOW), NOW).map_err(|error| error.kind())
}

fn claims() -> Value {
    let now = NOW.unix();
    json!({ "iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "bWJq", "sub": "adele", "sid": "08a5",
        "events": { EVENT: {} } })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(names: &[&str]) -> Value {
    let mut claims = claims();
    for name in names {
        claims.as_object_mut().unwrap().remove(*name).unwrap();
    }
    claims
}

fn header() -> Value {
    json!({ "alg": "RS256", "typ": "logout+jwt", "kid": "rsa" })
}

fn headed(name: &str, value: Value) -> String {
    let mut header = header();
    header[name] = value;
    ours().sign(Algorithm::Rs256, &header, &claims())
}

fn signed(claims: &Value) -> String {
    ours().sign(Algorithm::Rs256, &header(), claims)
}

#[test]
fn what_a_provider_sends_is_accepted() {
    let token = judge(&signed(&claims())).unwrap();
    assert_eq!((token.issuer(), token.jti()), (ISSUER, "bWJq"));
    assert_eq!((token.subject(), token.session_id()), (Some("adele"), Some("08a5")));
    assert_eq!((token.issued_at(), token.expires_at()), (NOW, NOW.plus(Duration::from_mins(2))));
    let now = NOW.unix();
    for (name, claims) in [
        ("sub alone", without(&["sid"])),
        ("sid alone", without(&["sub"])),
        ("a list of ours", with("aud", json!([CLIENT]))),
        ("another event beside it", with("events", json!({ EVENT: {}, "https://idp.example/other": {} }))),
        ("members in the event", with("events", json!({ EVENT: { "reason": "x" } }))),
        ("ten minutes", with("exp", json!(now + 600))),
        ("expired within the skew", with("exp", json!(now - 299))),
        ("issued within the skew", with("iat", json!(now + 300))),
        ("claims of the provider's own", with("trace", json!(1))),
    ] {
        assert!(judge(&signed(&claims)).is_ok(), "{name}");
    }
    for (algorithm, kid) in [(Algorithm::Ps256, "ps"), (Algorithm::Es256, "es")] {
        let header = json!({ "alg": algorithm.as_str(), "typ": "logout+jwt", "kid": kid });
        let token = ours().sign(algorithm, &header, &claims());
        assert!(judge(&token).is_ok(), "{algorithm}");
        let refused = verifier(&[Algorithm::Rs256]).verify(&token, &key_set(NOW), NOW).unwrap_err();
        assert_eq!(refused.kind(), Kind::LogoutTokenAlgorithm, "{algorithm} is not in the list");
    }
    let shown = format!("{:?}", judge(&signed(&without(&["sid"]))).unwrap());
    assert!(!shown.contains("adele") && !shown.contains("bWJq"), "Z1: {shown}");
}

/// The eight of the OpenID Foundation's conformance suite.
#[test]
fn l1_the_eight_faults() {
    let none = format!(
        "{}.{}.",
        encoded(json!({ "alg": "none", "typ": "logout+jwt", "kid": "rsa" }).to_string()),
        encoded(claims().to_string())
    );
    let both = ["sub", "sid"];
    for (name, token, kind) in [
        ("alg none", none, Kind::LogoutTokenAlgorithm),
        ("another alg", headed("alg", json!("HS256")), Kind::LogoutTokenAlgorithm),
        ("another issuer", signed(&with("iss", json!("https://evil.example"))), Kind::LogoutTokenIssuer),
        ("another audience", signed(&with("aud", json!("other"))), Kind::LogoutTokenAudience),
        ("no event", signed(&without(&["events"])), Kind::LogoutTokenClaims),
        (
            "another event",
            signed(&with("events", json!({ "https://evil.example/event": {} }))),
            Kind::LogoutTokenClaims,
        ),
        ("a nonce", signed(&with("nonce", json!("n"))), Kind::LogoutTokenClaims),
        ("neither sub nor sid", signed(&without(&both)), Kind::LogoutTokenClaims),
    ] {
        assert_eq!(judge(&token).map(|_| ()), Err(kind), "L1: {name}");
    }
}

#[test]
fn l1_headers_keys_and_forms() {
    let stranger = |kid: &str| {
        keys::stranger().sign(Algorithm::Rs256, &json!({ "alg": "RS256", "typ": "logout+jwt", "kid": kid }), &claims())
    };
    let untyped = ours().sign(Algorithm::Rs256, &json!({ "alg": "RS256", "kid": "rsa" }), &claims());
    let twice = claims().to_string().replacen('{', "{\"sub\":\"eve\",", 1);
    let twice = signed_text(&twice);
    for (name, token, kind) in [
        ("no typ", untyped, Kind::LogoutTokenMalformed),
        ("typ JWT", headed("typ", json!("JWT")), Kind::LogoutTokenMalformed),
        ("typ at+jwt", headed("typ", json!("at+jwt")), Kind::LogoutTokenMalformed),
        ("typ of another type", headed("typ", json!(["logout+jwt"])), Kind::LogoutTokenMalformed),
        ("crit", headed("crit", json!(["exp"])), Kind::LogoutTokenMalformed),
        ("no kid", headed("kid", json!("")), Kind::LogoutTokenMalformed),
        ("an unknown key", stranger("nobody"), Kind::IdTokenKeyUnknown),
        ("a stranger's signature", stranger("rsa"), Kind::LogoutTokenSignature),
        ("a key for PS256", headed("kid", json!("ps")), Kind::LogoutTokenAlgorithm),
        ("an EC key", headed("kid", json!("ec")), Kind::LogoutTokenAlgorithm),
        ("a claim twice", twice, Kind::LogoutTokenMalformed),
        ("two parts", "e30.e30".to_owned(), Kind::LogoutTokenMalformed),
        ("five parts", "e30.e30.e30.e30.e30".to_owned(), Kind::LogoutTokenMalformed),
        ("nothing", String::new(), Kind::LogoutTokenMalformed),
        ("1 MB", "a".repeat(1024 * 1024), Kind::LogoutTokenMalformed),
        ("a line break", format!("{}\n", signed(&claims())), Kind::LogoutTokenMalformed),
    ] {
        assert_eq!(judge(&token).map(|_| ()), Err(kind), "L1: {name}");
    }
}

#[test]
fn l1_claims_and_times() {
    let now = NOW.unix();
    for (name, claims, kind) in [
        ("no iat", without(&["iat"]), Kind::LogoutTokenClaims),
        ("no exp", without(&["exp"]), Kind::LogoutTokenClaims),
        ("no jti", without(&["jti"]), Kind::LogoutTokenClaims),
        ("no iss", without(&["iss"]), Kind::LogoutTokenIssuer),
        ("no aud", without(&["aud"]), Kind::LogoutTokenAudience),
        ("an empty jti", with("jti", json!("")), Kind::LogoutTokenClaims),
        ("a long jti", with("jti", json!("j".repeat(256))), Kind::LogoutTokenClaims),
        ("jti of another type", with("jti", json!(1)), Kind::LogoutTokenClaims),
        ("exp as text", with("exp", json!("9999999999")), Kind::LogoutTokenClaims),
        ("iat as text", with("iat", json!("1")), Kind::LogoutTokenClaims),
        ("a nonce of null", with("nonce", json!(null)), Kind::LogoutTokenClaims),
        ("events as a list", with("events", json!([EVENT])), Kind::LogoutTokenClaims),
        ("events as text", with("events", json!(EVENT)), Kind::LogoutTokenClaims),
        ("the event is null", with("events", json!({ EVENT: null })), Kind::LogoutTokenClaims),
        ("the event is true", with("events", json!({ EVENT: true })), Kind::LogoutTokenClaims),
        ("sub of another type", with("sub", json!(["adele"])), Kind::LogoutTokenClaims),
        ("sub null", with("sub", json!(null)), Kind::LogoutTokenClaims),
        ("an empty sub", with("sub", json!("")), Kind::LogoutTokenClaims),
        ("an empty sid", with("sid", json!("")), Kind::LogoutTokenClaims),
        ("sid of another type", with("sid", json!(1)), Kind::LogoutTokenClaims),
        ("ours among audiences", with("aud", json!([CLIENT, "other"])), Kind::LogoutTokenAudience),
        ("azp of another", with("azp", json!("other")), Kind::LogoutTokenAudience),
        ("the issuer with a slash", with("iss", json!(format!("{ISSUER}/"))), Kind::LogoutTokenIssuer),
        ("expired", with("exp", json!(now - 300)), Kind::LogoutTokenTime),
        ("from the future", with("iat", json!(now + 301)), Kind::LogoutTokenTime),
        ("not yet", with("nbf", json!(now + 301)), Kind::LogoutTokenTime),
        ("long-lived", with("exp", json!(now + 601)), Kind::LogoutTokenTime),
        ("an hour long", with("iat", json!(now - 3600)), Kind::LogoutTokenTime),
    ] {
        assert_eq!(judge(&signed(&claims)).map(|_| ()), Err(kind), "L1: {name}");
    }
}

#[test]
fn t11_an_id_token_is_no_logout_token_and_the_reverse() {
    let (now, pending) = attempt();
    let authority = authority(&EVERY);
    let metadata = accepted(&authority, &metadata());
    let claims = json!({ "iss": ISSUER, "sub": "adele", "aud": CLIENT, "iat": now.unix(), "exp": now.unix() + 60,
        "sid": "08a5", "jti": "x", "nonce": pending.nonce().expose() });
    let skew = Duration::from_mins(5);
    let id_tokens =
        IdTokenVerifier::new(authority.clone(), Arc::clone(&metadata), client_id(), AllowedTenants::Pinned, skew);
    let logout_tokens = LogoutTokenVerifier::new(authority, metadata, client_id(), skew);
    let keys = key_set(now);
    let as_id = |token: &str| {
        let verified = id_tokens.verify(token, &keys, &IdTokenAnswer::to_sign_in(&pending), now);
        verified.map(|_| ()).map_err(|error| error.kind())
    };
    let as_logout = |token: &str| logout_tokens.verify(token, &keys, now).map(|_| ()).map_err(|error| error.kind());
    let token = |typ: &str, claims: &Value| {
        ours().sign(Algorithm::Rs256, &json!({ "alg": "RS256", "typ": typ, "kid": "rsa" }), claims)
    };
    let mut event = claims.clone();
    event["events"] = json!({ EVENT: {} });

    assert_eq!(as_id(&token("JWT", &claims)), Ok(()), "the ID token itself is good");
    assert_eq!(as_logout(&token("JWT", &claims)), Err(Kind::LogoutTokenMalformed), "T11: by its typ");
    assert_eq!(as_logout(&token("logout+jwt", &claims)), Err(Kind::LogoutTokenClaims), "T11: by its claims");
    assert_eq!(as_logout(&token("logout+jwt", &event)), Err(Kind::LogoutTokenClaims), "T11: by its nonce");
    assert_eq!(as_id(&token("logout+jwt", &claims)), Err(Kind::IdTokenMalformed), "T11: by its typ");
    assert_eq!(as_id(&token("JWT", &event)), Err(Kind::IdTokenClaims), "T11: by its event");
    event.as_object_mut().unwrap().remove("nonce");
    assert_eq!(as_logout(&token("logout+jwt", &event)), Ok(()), "the logout token itself is good");
    assert_eq!(as_id(&token("logout+jwt", &event)), Err(Kind::IdTokenMalformed), "T11");
}

#[test]
fn t10_a_key_that_is_published_for_another_issuer_signs_no_logout_token() {
    let mut jwk = ours().rsa_jwk("rsa");
    jwk["issuer"] = json!("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0");
    let keys = KeySet::parse(json!({ "keys": [jwk] }).to_string().as_bytes(), NOW).unwrap();
    let refused = verifier(&EVERY).verify(&signed(&claims()), &keys, NOW).unwrap_err();
    assert_eq!(refused.kind(), Kind::IdTokenKeyIssuer, "T10");
}

fn client(http: &Scripted) -> EntraClient {
    http.json(&format!("{ISSUER}/.well-known/openid-configuration"), &metadata());
    http.json(&format!("{ISSUER}/keys"), &keys::published());
    EntraClient::builder(authority(&EVERY), Registration::new(client_id(), Credential::secret("s")))
        .http_client(http.clone())
        .clock(ManualClock::at(NOW).clock())
        .build()
        .unwrap()
}

#[tokio::test]
async fn what_is_no_logout_token_fetches_nothing() {
    let http = Scripted::default();
    let client = client(&http);
    for junk in ["", "a.b.c", &"a".repeat(1024 * 1024), &headed("typ", json!("JWT")), &headed("alg", json!("none"))] {
        assert!(client.verify_logout_token(junk).await.is_err());
    }
    assert!(http.addresses().is_empty());
}

#[tokio::test]
async fn j3_a_key_that_is_new_is_fetched_and_unknown_ones_only_now_and_then() {
    let http = Scripted::default();
    let client = client(&http);
    let keys_address = format!("{ISSUER}/keys");
    let fetched = || http.addresses().iter().filter(|address| **address == keys_address).count();
    assert!(client.verify_logout_token(&signed(&claims())).await.is_ok());
    assert_eq!(fetched(), 1);

    http.json(&keys_address, &json!({ "keys": [ours().rsa_jwk("next")] }));
    assert!(client.verify_logout_token(&headed("kid", json!("next"))).await.is_ok());
    assert_eq!(fetched(), 2, "J3: it is fetched at once");
    for kid in ["x", "y", "z"] {
        let refused = client.verify_logout_token(&headed("kid", json!(kid))).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::IdTokenKeyUnknown, "J3: {kid}");
    }
    assert_eq!(fetched(), 4, "J3: twice for the first, not at all for the others");
}

/// A sign-in whose token names this key.
async fn sign_in(client: &EntraClient, http: &Scripted, kid: &str) -> Result<(), Kind> {
    let options = SignInOptions::new(redirect_uri(), NOW.plus(Duration::from_mins(10)));
    let (_, pending) = client.begin(options).await.unwrap();
    let mut claims = without(&["events", "jti"]);
    claims["nonce"] = json!(pending.nonce().expose());
    let token = ours().sign(Algorithm::Rs256, &json!({ "alg": "RS256", "kid": kid }), &claims);
    let answer = json!({ "token_type": "Bearer", "access_token": "at", "expires_in": 600, "id_token": token });
    http.json(&format!("{ISSUER}/token"), &answer);
    let response = AuthorizationResponse::from_query(&format!("code=c&state={}", pending.state().as_str())).unwrap();
    client.complete(pending, response).await.map(|_| ()).map_err(|error| error.kind())
}

#[tokio::test]
async fn j3_logout_tokens_with_unknown_keys_hold_up_no_sign_in() {
    let http = Scripted::default();
    let client = client(&http);
    assert_eq!(sign_in(&client, &http, "rsa").await, Ok(()));
    for kid in ["x", "y", "z"] {
        assert!(client.verify_logout_token(&headed("kid", json!(kid))).await.is_err());
    }
    http.json(&format!("{ISSUER}/keys"), &json!({ "keys": [ours().rsa_jwk("next")] }));
    assert_eq!(sign_in(&client, &http, "next").await, Ok(()), "J3: the pause is that of the logout tokens");

    assert_eq!(sign_in(&client, &http, "x").await, Err(Kind::IdTokenKeyUnknown));
    let before = http.addresses().len();
    assert!(client.verify_logout_token(&headed("kid", json!("w"))).await.is_err());
    assert_eq!(http.addresses().len(), before, "J3: and theirs goes on");
}

/// Signs this text in place of claims.
fn signed_text(payload: &str) -> String {
    ours().sign_text(Algorithm::Rs256, &header().to_string(), payload)
}
