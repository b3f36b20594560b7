//! Who a provider is, and what it may publish.

use entra_oidc::{AllowedTenants, Authority, ConfigErrorKind, CredentialKind, OpenIdProvider, SignInErrorKind as Kind};
use serde_json::{Value, json};
use url::Url;

use super::{EVERY, ISSUER, authority, metadata, provider};
use crate::{microsoft::guid, openid::scripted::Scripted, signer::TENANT};

#[test]
fn the_document_is_at_the_issuer() {
    for (issuer, document) in [
        ("https://fs.contoso.com/adfs", "https://fs.contoso.com/adfs/.well-known/openid-configuration"),
        ("https://accounts.example", "https://accounts.example/.well-known/openid-configuration"),
        ("https://tenant.example/", "https://tenant.example/.well-known/openid-configuration"),
        ("https://idp.example:8443/a/b/", "https://idp.example:8443/a/b/.well-known/openid-configuration"),
        ("http://127.0.0.1:4000", "http://127.0.0.1:4000/.well-known/openid-configuration"),
        ("http://localhost/op", "http://localhost/op/.well-known/openid-configuration"),
    ] {
        let authority = Authority::openid(OpenIdProvider::new(issuer).unwrap());
        assert_eq!(authority.metadata_url().as_str(), document);
        assert_eq!(authority.id(), format!("openid/{issuer}"));
        assert_eq!(authority.is_loopback(), issuer.starts_with("http:"), "{issuer}");
        assert!(!authority.is_microsoft() && authority.tenant().is_none() && authority.cloud().is_none());
        assert!(authority.graph_url().is_none() && authority.default_scopes().is_empty());
        assert!(authority.admin_consent_url(&super::client_id()).is_none() && authority.pinned_tenant().is_none());
    }
}

#[test]
fn what_is_no_provider_is_refused() {
    for issuer in [
        "",
        "fs.contoso.com/adfs",
        "http://fs.contoso.com/adfs",
        "ftp://fs.contoso.com",
        "javascript:alert(1)",
        "https://",
        "https://user@idp.example",
        "https://user:secret@idp.example",
        "https://idp.example?x=1",
        "https://idp.example?",
        "https://idp.example#x",
        "https://idp.example/a b",
        "https://idp.example/\u{e9}",
        " https://idp.example",
        "https://idp.example\n",
        "https:\\\\idp.example",
        "file:///etc/passwd",
        "https://idp.example/adfs/.well-known/openid-configuration",
        "https://idp.example/.well-known/openid-configuration/",
        &format!("https://idp.example/{}", "a".repeat(1024)),
    ] {
        let error = OpenIdProvider::new(issuer).unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::Issuer, "{issuer}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    assert_eq!(provider().algorithms([]).unwrap_err().kind(), ConfigErrorKind::Algorithms);
    for host in ["", "https://idp.example", "idp.example/path", "user@idp.example", "a b", "idp.example:x", "*.example"]
    {
        let error = provider().endpoint_hosts([host]).unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::EndpointHost, "{host}");
    }
    assert!(authority(&EVERY).with_host(Url::parse("https://proxy.example").unwrap()).is_err());
}

#[test]
fn a_provider_takes_secrets_and_certificates() {
    let authority = authority(&EVERY);
    for (kind, taken) in [
        (CredentialKind::Secret, true),
        (CredentialKind::Certificate, true),
        (CredentialKind::StaticAssertion, false),
        (CredentialKind::TokenFile, false),
        (CredentialKind::ManagedIdentity, false),
        (CredentialKind::Source, false),
    ] {
        assert_eq!(authority.accepts(kind).is_ok(), taken, "{kind:?}");
    }
}

#[test]
fn a_list_of_tenants_makes_no_sense() {
    let build = |allowed| {
        let registration = entra_oidc::Registration::new(super::client_id(), entra_oidc::Credential::secret("s"));
        let builder = entra_oidc::EntraClient::builder(authority(&EVERY), registration);
        builder.http_client(Scripted::default()).allowed_tenants(allowed).build().map(|_| ())
    };
    assert_eq!(build(AllowedTenants::Pinned), Ok(()));
    let refused = build(AllowedTenants::Only([guid(TENANT)].into())).unwrap_err();
    assert_eq!(refused.kind(), ConfigErrorKind::AllowedTenantsContradict);
}

#[test]
fn j1_the_issuer_is_the_configured_one_byte_for_byte() {
    let authority = authority(&EVERY);
    assert!(authority.accept_metadata(metadata().to_string().as_bytes()).is_ok());
    for issuer in [
        json!("https://idp.example/realms/one/"),
        json!("https://idp.example/realms/One"),
        json!("https://IDP.example/realms/one"),
        json!("https://idp.example:443/realms/one"),
        json!("http://idp.example/realms/one"),
        json!("https://idp.example/realms/%6Fne"),
        json!("https://idp.example/realms/two"),
        json!("https://evil.example/realms/one"),
        json!(""),
        json!(null),
        json!([ISSUER]),
        json!(1),
    ] {
        let mut document = metadata();
        document["issuer"] = issuer.clone();
        let error = authority.accept_metadata(document.to_string().as_bytes()).unwrap_err();
        assert_eq!(error.kind(), Kind::MetadataInvalid, "J1: {issuer}");
    }
    // A host alone has no slash at the end unless its provider writes one.
    for (configured, published, agreed) in [
        ("https://a.example", "https://a.example", true),
        ("https://a.example", "https://a.example/", false),
        ("https://a.example/", "https://a.example/", true),
        ("https://a.example/", "https://a.example", false),
    ] {
        let authority = Authority::openid(OpenIdProvider::new(configured).unwrap());
        let at = |path: &str| format!("https://a.example{path}");
        let document = json!({ "issuer": published, "authorization_endpoint": at("/a"), "token_endpoint": at("/t"), "jwks_uri": at("/k") });
        assert_eq!(authority.accept_metadata(document.to_string().as_bytes()).is_ok(), agreed, "J1: {published}");
    }
}

#[test]
fn j1_endpoints_stay_where_they_may_be() {
    let hosts = ["keys.example", "idp.example:8443", "[2001:db8::1]"];
    let alone = authority(&EVERY);
    let wider = Authority::openid(provider().endpoint_hosts(hosts).unwrap());
    let at = |endpoint: &str, authority: &Authority, name: &str| {
        let mut document = metadata();
        document[name] = json!(endpoint);
        authority.accept_metadata(document.to_string().as_bytes()).is_ok()
    };
    for (endpoint, by_itself, with_hosts) in [
        ("https://idp.example/anywhere/else?x=1", true, true),
        ("https://idp.example:443/token", true, true),
        ("https://keys.example/token", false, true),
        ("https://idp.example:8443/token", false, true),
        ("https://[2001:db8::1]/token", false, true),
        ("http://keys.example/token", false, false),
        ("https://keys.example:444/token", false, false),
        ("https://a.keys.example/token", false, false),
        ("https://keys.example.evil.example/token", false, false),
        ("https://idp.example:444/token", false, false),
        ("http://idp.example/realms/one/token", false, false),
        ("http://127.0.0.1/token", false, false),
        ("https://evil.example/token", false, false),
        ("https://idp.example@evil.example/token", false, false),
        ("https://evil@idp.example/token", false, false),
        ("https://idp.example/token#fragment", false, false),
        ("//idp.example/token", false, false),
        ("/token", false, false),
        ("javascript:alert(1)", false, false),
        ("file:///etc/passwd", false, false),
        ("data:text/html,x", false, false),
        ("$(touch /tmp/x)", false, false),
        ("", false, false),
    ] {
        for name in
            ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint", "userinfo_endpoint"]
        {
            assert_eq!(at(endpoint, &alone, name), by_itself, "J1: {name} {endpoint}");
            assert_eq!(at(endpoint, &wider, name), with_hosts, "J1: {name} {endpoint}, with hosts");
        }
    }
    let long = format!("https://idp.example/{}", "a".repeat(2048));
    assert!(!at(&long, &wider, "jwks_uri"), "J1: long");
}

#[test]
fn j1_plain_http_is_for_loopback_alone() {
    let local = OpenIdProvider::new("http://127.0.0.1:4000").unwrap().endpoint_hosts(["localhost:4001", "idp.example"]);
    let local = Authority::openid(local.unwrap());
    for (endpoint, agreed) in [
        ("http://127.0.0.1:4000/t", true),
        ("http://localhost:4001/t", true),
        ("https://idp.example/t", true),
        ("http://idp.example/t", false),
        ("http://localhost:4002/t", false),
        ("http://127.0.0.1:4001/t", false),
    ] {
        let document = json!({ "issuer": "http://127.0.0.1:4000", "authorization_endpoint": "http://127.0.0.1:4000/a",
            "token_endpoint": endpoint, "jwks_uri": "http://127.0.0.1:4000/k" });
        assert_eq!(local.accept_metadata(document.to_string().as_bytes()).is_ok(), agreed, "J1: {endpoint}");
    }
}

#[test]
fn what_has_to_be_there_is_there_once_and_of_its_type() {
    let authority = authority(&EVERY);
    let refused = |document: &Value| authority.accept_metadata(document.to_string().as_bytes()).is_err();
    for name in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"] {
        let mut document = metadata();
        document.as_object_mut().unwrap().remove(name).unwrap();
        assert!(refused(&document), "{name} missing");
    }
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint", "userinfo_endpoint"] {
        let mut document = metadata();
        document[name] = json!([document[name]]);
        assert!(refused(&document), "{name} of another type");
    }
    let twice = metadata().to_string().replacen('{', &format!("{{\"issuer\":\"{ISSUER}\","), 1);
    assert!(authority.accept_metadata(twice.as_bytes()).is_err(), "T13: issuer twice");
    let mut document = metadata();
    document["authorization_response_iss_parameter_supported"] = json!("true");
    assert!(refused(&document), "a flag that is a text");
}

#[test]
fn user_info_is_read_where_it_is_wanted() {
    let asked = |provider: OpenIdProvider| {
        let authority = Authority::openid(provider);
        let metadata = authority.accept_metadata(metadata().to_string().as_bytes()).unwrap();
        (authority.asks_user_info(), metadata.user_info_endpoint().map(Url::to_string))
    };
    assert_eq!(asked(provider()), (true, Some(format!("{ISSUER}/userinfo"))));
    assert_eq!(asked(provider().user_info(false)), (false, None));
}
