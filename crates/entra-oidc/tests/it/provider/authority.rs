//! Which metadata an authority agrees to (J1), and what can be an authority at all (J2).

use entra_oidc::{AllowedTenants, Authority, Cloud, ConfigErrorKind, EntraClient, SignInErrorKind as Kind, Tenant};
use serde_json::{Value, json};
use url::Url;

use crate::{
    microsoft::{common, guid, metadata, tenant},
    signer::{OTHER_TENANT, PERSONAL, TEMPLATE, TENANT, issuer},
};

const V2_COMMON: &str = include_str!("../fixtures/v2-common.json");
const V2_TENANT: &str = include_str!("../fixtures/v2-tenant.json");

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn accepts(authority: &Authority, document: &Value) -> bool {
    match authority.accept_metadata(document.to_string().as_bytes()) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), Kind::MetadataInvalid);
            false
        }
    }
}

fn with(mut document: Value, name: &str, value: Value) -> Value {
    document[name] = value;
    document
}

#[test]
fn the_recorded_documents_are_accepted() {
    let found = common().accept_metadata(V2_COMMON.as_bytes()).unwrap();
    assert_eq!(found.issuer(), TEMPLATE);
    assert_eq!(found.tenant(), None);
    assert_eq!(found.jwks_uri().as_str(), "https://login.microsoftonline.com/common/discovery/v2.0/keys");
    assert_eq!(found.cloud_instance_name(), Some("microsoftonline.com"));
    assert_eq!(found.msgraph_host(), Some("graph.microsoft.com"));

    let found = tenant().accept_metadata(V2_TENANT.as_bytes()).unwrap();
    assert_eq!(found.issuer(), issuer(TENANT));
    assert_eq!(found.tenant(), Some(guid(TENANT)));
    assert_eq!(
        found.end_session_endpoint().map(Url::as_str),
        Some("https://login.microsoftonline.com/8f1c1f6a-3b5e-4b9a-9a53-0c1d2e3f4a5b/oauth2/v2.0/logout")
    );
    assert!(common().accept_metadata(V2_TENANT.as_bytes()).is_err());
    assert!(tenant().accept_metadata(V2_COMMON.as_bytes()).is_err());
}

#[test]
fn j1_each_form_of_tenant_has_its_own_rule_for_the_issuer() {
    let authority = |tenant| Authority::entra(Cloud::Public, tenant);
    let domain = || authority(Tenant::Domain("contoso.example".to_owned()));
    let rows = [
        ("common, template", common(), TEMPLATE.to_owned(), true),
        ("common, concrete", common(), issuer(TENANT), false),
        ("organizations, template", authority(Tenant::Organizations), TEMPLATE.to_owned(), true),
        ("organizations, concrete", authority(Tenant::Organizations), issuer(TENANT), false),
        ("consumers, its own", authority(Tenant::Consumers), issuer(PERSONAL), true),
        ("consumers, template", authority(Tenant::Consumers), TEMPLATE.to_owned(), false),
        ("consumers, a tenant", authority(Tenant::Consumers), issuer(TENANT), false),
        ("GUID, its own", tenant(), issuer(TENANT), true),
        ("GUID, another", tenant(), issuer(OTHER_TENANT), false),
        ("GUID, template", tenant(), TEMPLATE.to_owned(), false),
        ("domain, any GUID", domain(), issuer(OTHER_TENANT), true),
        ("domain, template", domain(), TEMPLATE.to_owned(), false),
        ("domain, the domain", domain(), issuer("contoso.example"), false),
        ("domain, personal accounts", domain(), issuer(PERSONAL), false),
        ("domain, braces", domain(), issuer(&format!("{{{TENANT}}}")), false),
        ("a slash at the end", tenant(), format!("{}/", issuer(TENANT)), false),
        ("upper case GUID", tenant(), issuer(&TENANT.to_uppercase()), false),
        ("http", tenant(), issuer(TENANT).replace("https", "http"), false),
        ("another host", tenant(), issuer(TENANT).replace("login.", "evil."), false),
        ("an alias host", tenant(), issuer(TENANT).replace("login.microsoftonline.com", "login.windows.net"), false),
        ("another cloud", tenant(), issuer(TENANT).replace(".com", ".us"), false),
        ("v1", tenant(), format!("https://sts.windows.net/{TENANT}/"), false),
        ("empty", tenant(), String::new(), false),
    ];
    for (name, authority, issuer, expected) in rows {
        let document = with(metadata(TENANT), "issuer", json!(issuer));
        assert_eq!(accepts(&authority, &document), expected, "J1: {name}");
    }
    assert!(!accepts(&tenant(), &with(metadata(TENANT), "issuer", json!([issuer(TENANT)]))));
    assert!(!accepts(&tenant(), &with(metadata(TENANT), "issuer", Value::Null)));
}

#[test]
fn j1_endpoints_stay_on_the_authority_s_host_or_the_cloud_s() {
    let good = "https://login.microsoftonline.com/x/oauth2/v2.0/authorize";
    for (name, endpoint, expected) in [
        ("its own", good, true),
        ("with a query of its own", "https://login.microsoftonline.com/x/authorize?p=b2c_1_a", true),
        ("an alias of the cloud", "https://login.windows.net/x/authorize", true),
        ("the default port written", "https://login.microsoftonline.com:443/x", true),
        ("http", "http://login.microsoftonline.com/x", false),
        ("another port", "https://login.microsoftonline.com:8443/x", false),
        ("another host", "https://evil.test/x", false),
        ("a host that begins alike", "https://login.microsoftonline.com.evil.test/x", false),
        ("a host that ends alike", "https://evil-login.microsoftonline.com/x", false),
        ("a dot at the end of the host", "https://login.microsoftonline.com./x", false),
        ("credentials", "https://login.microsoftonline.com@evil.test/x", false),
        ("our host with credentials", "https://a:b@login.microsoftonline.com/x", false),
        ("another cloud", "https://login.microsoftonline.us/x", false),
        ("a loopback address", "http://127.0.0.1/x", false),
        ("the metadata service", "http://169.254.169.254/x", false),
        ("a fragment", "https://login.microsoftonline.com/x#y", false),
        ("javascript", "javascript:alert(1)", false),
        ("data", "data:text/html,x", false),
        ("file", "file:///etc/passwd", false),
        ("shell", "https://$(id)/x", false),
        ("relative", "/x/oauth2/v2.0/authorize", false),
        ("empty", "", false),
    ] {
        for endpoint_name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"] {
            let document = with(metadata(TENANT), endpoint_name, json!(endpoint));
            assert_eq!(accepts(&tenant(), &document), expected, "J1: {endpoint_name}: {name}");
        }
    }
    let long = format!("{good}?{}", "a".repeat(2048));
    assert!(!accepts(&tenant(), &with(metadata(TENANT), "token_endpoint", json!(long))), "J1: long");
    for name in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"] {
        let mut document = metadata(TENANT);
        document.as_object_mut().unwrap().remove(name);
        assert!(!accepts(&tenant(), &document), "J1: {name} missing");
        assert!(!accepts(&tenant(), &with(metadata(TENANT), name, json!(1))), "J1: {name} of another type");
    }
    let mut document = metadata(TENANT);
    document.as_object_mut().unwrap().remove("end_session_endpoint");
    assert!(accepts(&tenant(), &document));
}

#[test]
fn j1_documents_that_are_none() {
    let twice = metadata(TENANT).to_string().replacen('{', r#"{"issuer":"https://evil.test","#, 1);
    let large = with(metadata(TENANT), "x", json!("x".repeat(256 * 1024))).to_string();
    for (name, text) in
        [("T13: issuer twice", twice.as_str()), ("large", &large), ("HTML", "<html>"), ("array", "[]"), ("empty", "")]
    {
        let error = tenant().accept_metadata(text.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), Kind::MetadataInvalid, "J1: {name}");
    }
}

#[test]
fn an_address_becomes_an_authority() {
    for (text, id) in [
        ("https://login.microsoftonline.com/common", "public/common"),
        ("https://login.microsoftonline.com/common/v2.0", "public/common"),
        ("https://login.microsoftonline.com/Contoso.Example/v2.0/", "public/contoso.example"),
        (
            "https://LOGIN.microsoftonline.com/8F1C1F6A-3b5e-4b9a-9a53-0c1d2e3f4a5b/",
            "public/8f1c1f6a-3b5e-4b9a-9a53-0c1d2e3f4a5b",
        ),
        ("https://login.microsoftonline.us/organizations", "usgovernment/organizations"),
        ("https://login.chinacloudapi.cn/organizations", "china/organizations"),
    ] {
        assert_eq!(Authority::from_url(&url(text)).unwrap().id(), id, "{text}");
    }
    for (text, kind) in [
        ("http://login.microsoftonline.com/common", ConfigErrorKind::Authority),
        ("https://login.microsoftonline.com/", ConfigErrorKind::Authority),
        ("https://login.microsoftonline.com/common/oauth2/v2.0/authorize", ConfigErrorKind::Authority),
        ("https://login.microsoftonline.com/common/v1.0", ConfigErrorKind::Authority),
        ("https://login.microsoftonline.com/common?x=1", ConfigErrorKind::Authority),
        ("https://login.microsoftonline.com/common#x", ConfigErrorKind::Authority),
        ("https://a@login.microsoftonline.com/common", ConfigErrorKind::Authority),
        ("https://login.microsoftonline.com:8443/common", ConfigErrorKind::Authority),
        ("https://login.microsoftonline.de/common", ConfigErrorKind::Authority),
        ("https://evil.test/common", ConfigErrorKind::Authority),
        ("https://169.254.169.254/common", ConfigErrorKind::Authority),
        ("https://login.microsoftonline.com/nonsense", ConfigErrorKind::Tenant),
        ("https://login.microsoftonline.com/a%2fb", ConfigErrorKind::Tenant),
    ] {
        assert_eq!(Authority::from_url(&url(text)).unwrap_err().kind(), kind, "J2: {text}");
    }
}

#[test]
fn another_host_speaks_for_the_cloud_and_is_another_authority() {
    let emulated = common().with_host(url("http://127.0.0.1:8400/")).unwrap();
    assert!(emulated.is_loopback());
    assert_eq!(emulated.id(), "public/common@http://127.0.0.1:8400");
    assert_eq!(emulated.graph_url(), None);
    assert_eq!(emulated.metadata_url().as_str(), "http://127.0.0.1:8400/common/v2.0/.well-known/openid-configuration");
    let mut document = metadata("common");
    for (name, path) in [
        ("authorization_endpoint", "authorize"),
        ("token_endpoint", "token"),
        ("jwks_uri", "keys"),
        ("end_session_endpoint", "logout"),
    ] {
        document[name] = json!(format!("http://127.0.0.1:8400/common/{path}"));
    }
    assert!(accepts(&emulated, &document), "its own address, the cloud's issuer");
    assert!(!accepts(&emulated, &with(document.clone(), "issuer", json!("http://127.0.0.1:8400/{tenantid}/v2.0"))));
    assert!(
        !accepts(&emulated, &with(document.clone(), "token_endpoint", json!("http://127.0.0.1:8401/x"))),
        "another port"
    );
    assert!(!accepts(&emulated, &with(document, "token_endpoint", json!("http://localhost:8400/x"))), "another name");

    let alias = common().with_host(url("https://login.windows.net")).unwrap();
    assert_eq!(alias.id(), common().id());
    for text in [
        "http://login.contoso.example/",
        "https://login.contoso.example/path",
        "https://a@login.contoso.example/",
        "https://login.contoso.example/?x",
        "https://login.contoso.example/#x",
        "ftp://127.0.0.1/",
        "http://127.0.0.1.evil.test/",
        "http://localhost.evil.test/",
    ] {
        let error = common().with_host(url(text)).unwrap_err();
        assert_eq!(error.kind(), ConfigErrorKind::AuthorityHost, "{text}");
    }
}

#[test]
fn default_scopes_and_graph_follow_the_authority() {
    let authority = |cloud, tenant| Authority::entra(cloud, tenant);
    assert_eq!(tenant().default_scopes(), ["User.ReadBasic.All"]);
    assert_eq!(authority(Cloud::Public, Tenant::Organizations).default_scopes(), ["User.ReadBasic.All"]);
    assert_eq!(common().default_scopes(), ["User.Read"]);
    assert_eq!(authority(Cloud::Public, Tenant::Consumers).default_scopes(), ["User.Read"]);
    for (cloud, graph) in [
        (Cloud::Public, "https://graph.microsoft.com/"),
        (Cloud::UsGovernment, "https://graph.microsoft.us/"),
        (Cloud::UsGovernmentDod, "https://dod-graph.microsoft.us/"),
        (Cloud::China, "https://microsoftgraph.chinacloudapi.cn/"),
    ] {
        assert_eq!(authority(cloud, Tenant::Organizations).graph_url().unwrap().as_str(), graph);
    }
}

#[test]
fn what_cannot_work_is_no_client() {
    let microsoft = crate::microsoft::Microsoft::of("common");
    let only = |tenants: &[&str]| AllowedTenants::Only(tenants.iter().map(|tenant| guid(tenant)).collect());
    let authority = |cloud, tenant| Authority::entra(cloud, tenant);
    for (name, authority, allowed, kind) in [
        ("common alone", common(), AllowedTenants::Pinned, Some(ConfigErrorKind::AllowedTenantsMissing)),
        (
            "organizations alone",
            authority(Cloud::Public, Tenant::Organizations),
            AllowedTenants::Pinned,
            Some(ConfigErrorKind::AllowedTenantsMissing),
        ),
        ("common, any", common(), AllowedTenants::Any, None),
        ("common, some", common(), only(&[TENANT]), None),
        ("common, none", common(), only(&[]), Some(ConfigErrorKind::AllowedTenantsContradict)),
        ("a tenant, others", tenant(), only(&[OTHER_TENANT]), Some(ConfigErrorKind::AllowedTenantsContradict)),
        ("a tenant, itself", tenant(), only(&[TENANT, OTHER_TENANT]), None),
        ("a tenant alone", tenant(), AllowedTenants::Pinned, None),
        (
            "a domain alone",
            authority(Cloud::Public, Tenant::Domain("a.example".to_owned())),
            AllowedTenants::Pinned,
            None,
        ),
        ("consumers alone", authority(Cloud::Public, Tenant::Consumers), AllowedTenants::Pinned, None),
        (
            "consumers in China",
            authority(Cloud::China, Tenant::Consumers),
            AllowedTenants::Pinned,
            Some(ConfigErrorKind::PersonalAccounts),
        ),
        (
            "common in China",
            authority(Cloud::China, Tenant::Common),
            AllowedTenants::Any,
            Some(ConfigErrorKind::PersonalAccounts),
        ),
        ("organizations in China", authority(Cloud::China, Tenant::Organizations), AllowedTenants::Any, None),
    ] {
        let outcome = EntraClient::builder(authority, crate::microsoft::registration())
            .http_client(microsoft.clone())
            .allowed_tenants(allowed)
            .build();
        assert_eq!(outcome.err().map(|error| error.kind()), kind, "{name}");
    }
}
