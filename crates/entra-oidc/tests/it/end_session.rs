//! Where each kind of authority signs out (F-66, L5, J1): its own cloud's and tenant's endpoint, with everything encoded.

use std::collections::BTreeMap;

use entra_oidc::{
    AllowedTenants, Authority, Cloud, Credential, EndSession, EntraClient, Guid, ManualClock, OpenIdProvider, Policy,
    Registration, Secret, SignInErrorKind as Kind, Tenant, Timestamp,
};
use serde_json::{Value, json};
use url::Url;

use crate::{
    microsoft::guid,
    openid::scripted::Scripted,
    signer::{B2C_TENANT, CLIENT, EXTERNAL_TENANT, TENANT},
};

const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
const ADFS: &str = "https://fs.contoso.com/adfs";

/// An authority and what it publishes.
struct Row {
    authority: Authority,
    issuer: String,
    endpoint: String,
    /// Where a user of `TENANT` has to be sent.
    expected: String,
}

fn row(authority: Authority, issuer: &str, endpoint: &str, expected: &str) -> Row {
    let owned = str::to_owned;
    Row { authority, issuer: owned(issuer), endpoint: owned(endpoint), expected: owned(expected) }
}

impl Row {
    fn document(&self) -> Value {
        let at = |path: &str| self.authority.base().join(path).unwrap().to_string();
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "jwks_uri": at("/keys"),
            "end_session_endpoint": self.endpoint,
        })
    }

    fn client(&self) -> EntraClient {
        let http = Scripted::default();
        http.json(self.authority.metadata_url().as_str(), &self.document());
        let registration = Registration::new(guid(CLIENT), Credential::secret("canary-client-secret"));
        let builder = EntraClient::builder(self.authority.clone(), registration).http_client(http);
        let clock = ManualClock::at(Timestamp::from_unix(1_790_000_000));
        builder.clock(clock.clock()).allowed_tenants(AllowedTenants::Any).build().unwrap()
    }
}

/// Each cloud with one tenant and with many, v2 and v1, and the other kinds, at Microsoft's hosts and their own.
fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = Cloud::ALL.into_iter().flat_map(entra).collect();
    let policy = Policy::parse("B2C_1_susi").unwrap();
    let b2c = || Authority::b2c("contoso", &policy, None).unwrap();
    let issuer = format!("https://contoso.b2clogin.com/{B2C_TENANT}/v2.0/");
    let path = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/logout";
    let query = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/oauth2/v2.0/logout?p=b2c_1_susi";
    rows.extend([row(b2c(), &issuer, path, path), row(b2c(), &issuer, query, query)]);
    let custom = b2c().with_host(Url::parse("https://login.shop.example").unwrap()).unwrap();
    let own = "https://login.shop.example/contoso.onmicrosoft.com/b2c_1_susi/oauth2/v2.0/logout";
    rows.push(row(custom, &format!("https://login.shop.example/{B2C_TENANT}/v2.0/"), own, own));

    let issuer = format!("https://{EXTERNAL_TENANT}.ciamlogin.com/{EXTERNAL_TENANT}/v2.0");
    let external = format!("https://contoso.ciamlogin.com/{EXTERNAL_TENANT}/oauth2/v2.0/logout");
    rows.push(row(Authority::external_id("contoso", None).unwrap(), &issuer, &external, &external));
    let base = Url::parse("https://login.shop.example").unwrap();
    let custom = Authority::external_id_at(base, guid(EXTERNAL_TENANT)).unwrap();
    let external = format!("https://login.shop.example/{EXTERNAL_TENANT}/oauth2/v2.0/logout");
    rows.push(row(custom, &issuer, &external, &external));

    let logout = format!("{ADFS}/oauth2/logout");
    rows.push(row(Authority::openid(OpenIdProvider::new(ADFS).unwrap()), ADFS, &logout, &logout));
    rows
}

/// Microsoft publishes the tenant segment that it was asked for.
fn entra(cloud: Cloud) -> Vec<Row> {
    let host = cloud.login_host();
    let mut rows = Vec::new();
    let personal = Tenant::Consumers;
    let mut tenants = vec![
        (Tenant::Id(guid(TENANT)), TENANT, TENANT.to_owned()),
        (Tenant::parse("contoso.onmicrosoft.com").unwrap(), TENANT, "contoso.onmicrosoft.com".to_owned()),
        (Tenant::Organizations, "{tenantid}", TENANT.to_owned()),
    ];
    if cloud == Cloud::Public {
        tenants.push((Tenant::Common, "{tenantid}", TENANT.to_owned()));
        tenants.push((personal, PERSONAL, "consumers".to_owned()));
    }
    for (tenant, issuer, expected) in tenants {
        let at = |segment: &str, path: &str| format!("https://{host}/{segment}/{path}");
        let published = tenant.to_string();
        let (two, one) = ("oauth2/v2.0/logout", "oauth2/logout");
        let authority = Authority::entra(cloud, tenant.clone());
        let v2 = format!("https://{host}/{issuer}/v2.0");
        rows.push(row(authority, &v2, &at(&published, two), &at(&expected, two)));
        let sts = if cloud == Cloud::China { "sts.chinacloudapi.cn" } else { "sts.windows.net" };
        if let Ok(authority) = Authority::entra_v1(cloud, tenant, None) {
            let v1 = format!("https://{sts}/{issuer}/");
            rows.push(row(authority, &v1, &at(&published, one), &at(&expected, one)));
        }
    }
    rows
}

#[tokio::test]
async fn f66_each_authority_signs_out_at_its_own_cloud_and_tenant_with_everything_encoded() {
    let back = Url::parse("https://app.contoso.example/bye now/grüße?a=1&b=%23#top").unwrap();
    let hint = "O.CiQ4+x=y&client_id=evil#ü %26";
    let rows = rows();
    assert!(rows.len() >= 30, "{}", rows.len());
    for row in rows {
        let name = format!("{} {}", row.authority.id(), row.endpoint);
        let ask = EndSession::new().tenant(guid(TENANT)).post_logout_redirect_uri(back.clone()).logout_hint(hint);
        let url = row.client().end_session_url(ask.id_token_hint(Secret::new("e30.e30.e30"))).await.unwrap();
        assert!(url.as_str().starts_with(&row.expected), "{name}: {url}");
        assert!(!url.path().contains("common") && !url.path().contains("organizations"), "{name}: {url}");
        assert_eq!((url.scheme(), url.fragment()), ("https", None), "{name}");
        let own = Url::parse(&row.expected).unwrap();
        let parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let mut expected: Vec<(String, String)> = own.query_pairs().into_owned().collect();
        let ours = [
            ("client_id", CLIENT),
            ("post_logout_redirect_uri", back.as_str()),
            ("logout_hint", hint),
            ("id_token_hint", "e30.e30.e30"),
        ];
        expected.extend(ours.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(parameters, expected, "{name}: what the endpoint had stays in front");
        assert!(url.as_str().is_ascii() && !url.as_str().contains(' '), "{name}: {url}");
    }
}

#[tokio::test]
async fn f66_who_has_no_known_tenant_signs_out_where_he_signed_in() {
    let many = entra(Cloud::Public).into_iter().filter(|row| row.authority.is_multi_tenant());
    for row in many {
        let client = row.client();
        let unknown = client.end_session_url(EndSession::new()).await.unwrap();
        assert!(unknown.as_str().starts_with(&row.endpoint), "{unknown}");
        let personal = client.end_session_url(EndSession::new().tenant(Guid::PERSONAL_ACCOUNTS)).await.unwrap();
        assert!(personal.path().starts_with("/consumers/"), "{personal}");
    }
    // The endpoint is somewhere else than the segment: nothing is put in its place.
    let mut odd = row(Authority::entra(Cloud::Public, Tenant::Common), "", "", "");
    odd.issuer = "https://login.microsoftonline.com/{tenantid}/v2.0".to_owned();
    for path in ["commonly/logout", "logout?at=common", "x/common/logout"] {
        odd.endpoint = format!("https://login.microsoftonline.com/{path}");
        let url = odd.client().end_session_url(EndSession::new().tenant(guid(TENANT))).await.unwrap();
        assert!(url.as_str().starts_with(&odd.endpoint), "{url}");
    }
}

#[tokio::test]
async fn j1_an_end_session_endpoint_elsewhere_is_refused_with_the_whole_document() {
    for mut row in rows() {
        for endpoint in [
            "http://login.microsoftonline.com/x/oauth2/v2.0/logout",
            "https://evil.example/logout",
            "https://login.microsoftonline.com.evil.example/logout",
            "https://user@login.microsoftonline.com/logout",
            "javascript:alert(1)",
            "//evil.example/logout",
            "/logout",
            "",
        ] {
            endpoint.clone_into(&mut row.endpoint);
            let outcome = row.client().end_session_url(EndSession::new()).await;
            let kind = outcome.err().map(|error| error.kind());
            assert_eq!(kind, Some(Kind::MetadataInvalid), "{}: {endpoint:?}", row.authority.id());
        }
        let plain = row.authority.base().as_str().replace("https:", "http:") + "logout";
        row.endpoint = plain;
        let outcome = row.client().end_session_url(EndSession::new()).await;
        assert_eq!(outcome.err().map(|error| error.kind()), Some(Kind::MetadataInvalid), "{}", row.authority.id());
    }
}

#[tokio::test]
async fn l5_an_address_that_would_be_too_long_goes_without_a_hint() {
    let row = &entra(Cloud::Public)[0];
    let client = row.client();
    let back = |length: usize| Url::parse(&format!("https://app.contoso.example/?{}", "x".repeat(length))).unwrap();
    for (length, hint, token, expected) in [
        (0, 100, 4096, vec!["logout_hint", "id_token_hint"]),
        (0, 100, 4097, vec!["logout_hint"]),
        (4000, 100, 4096, vec!["logout_hint"]),
        (0, 7900, 100, vec!["id_token_hint"]),
        (9000, 1, 1, vec![]),
    ] {
        let ask = EndSession::new().post_logout_redirect_uri(back(length)).logout_hint("h".repeat(hint));
        let url = client.end_session_url(ask.id_token_hint(Secret::new("t".repeat(token)))).await.unwrap();
        let parameters: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        for name in ["logout_hint", "id_token_hint"] {
            assert_eq!(parameters.contains_key(name), expected.contains(&name), "{name}: {length} {hint} {token}");
        }
        assert!(parameters.contains_key("post_logout_redirect_uri") && parameters.contains_key("client_id"));
    }
    let ask = EndSession::new().logout_hint("canary").id_token_hint(Secret::new("canary"));
    assert!(!format!("{ask:?}").contains("canary"), "Z1");
}
