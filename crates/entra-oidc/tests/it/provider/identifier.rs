//! `Authority::id` tells authorities apart, whatever differs between them; and what each takes as credential.

use std::collections::BTreeMap;

use entra_oidc::{Authority, Cloud, ConfigErrorKind, CredentialKind, Policy, Tenant};
use url::Url;

use crate::{
    microsoft::{common, guid, tenant},
    provider::recorded::{b2c, external_id, v1_common},
    signer::{B2C_TENANT, EXTERNAL_TENANT, OTHER_TENANT, TENANT},
};

fn v1(resource: Option<&str>) -> Authority {
    Authority::entra_v1(Cloud::Public, Tenant::Id(guid(TENANT)), resource.map(str::to_owned)).unwrap()
}

#[test]
fn no_two_authorities_share_an_id() {
    let at = |authority: Authority, host: &str| authority.with_host(Url::parse(host).unwrap()).unwrap();
    let policy = |name: &str| Policy::parse(name).unwrap();
    let mut authorities = vec![
        common(),
        tenant(),
        Authority::entra(Cloud::Public, Tenant::Id(guid(OTHER_TENANT))),
        Authority::entra(Cloud::Public, Tenant::Organizations),
        Authority::entra(Cloud::Public, Tenant::Consumers),
        v1_common(),
        v1(None),
        v1(Some("api://contoso")),
        v1(Some("api://fabrikam")),
        at(common(), "http://localhost:8400"),
        at(common(), "http://localhost:8401"),
        at(v1_common(), "http://localhost:8400"),
        external_id(),
        Authority::external_id("fabrikam", None).unwrap(),
        Authority::external_id("contoso", Some(Tenant::Id(guid(EXTERNAL_TENANT)))).unwrap(),
        Authority::external_id_at(Url::parse("https://login.contoso.example").unwrap(), guid(EXTERNAL_TENANT)).unwrap(),
        at(external_id(), "http://localhost:8400"),
        b2c(),
        b2c().with_policy(&policy("b2c_1_edit")).unwrap(),
        Authority::b2c("fabrikam", &policy("b2c_1_susi"), None).unwrap(),
        Authority::b2c("contoso", &policy("b2c_1_susi"), Some(guid(B2C_TENANT))).unwrap(),
        at(b2c(), "https://login.contoso.example"),
        at(b2c(), "http://localhost:8400"),
    ];
    authorities.extend(
        [Cloud::UsGovernment, Cloud::UsGovernmentDod, Cloud::China, Cloud::Bleu, Cloud::Delos, Cloud::GovSg]
            .map(|cloud| Authority::entra(cloud, Tenant::Id(guid(TENANT)))),
    );
    let by_id: BTreeMap<String, &Authority> = authorities.iter().map(|authority| (authority.id(), authority)).collect();
    assert_eq!(by_id.len(), authorities.len(), "{:#?}", by_id.keys());
    assert!(by_id.keys().all(|id| id.bytes().all(|byte| byte.is_ascii_graphic())), "{:#?}", by_id.keys());

    assert_eq!(b2c().with_policy(&policy("b2C_1_SUSI")).unwrap().id(), b2c().id(), "case does not count");
    assert_eq!(common().with_app_signing_keys(guid(TENANT)).unwrap().id(), common().id(), "the same authority");
    assert_eq!(common().id(), "public/common");
    assert_eq!(v1_common().id(), "public/common/v1/https://graph.microsoft.com");
    assert_eq!(external_id().id(), "external/contoso.onmicrosoft.com@contoso.ciamlogin.com");
    assert_eq!(b2c().id(), "b2c/contoso.onmicrosoft.com/b2c_1_susi@contoso.b2clogin.com");
}

#[test]
fn each_takes_its_credentials() {
    use CredentialKind::{Certificate, ManagedIdentity, Secret, Source, StaticAssertion, TokenFile};
    let entra = |cloud, tenant| Authority::entra(cloud, tenant);
    let all = [Secret, StaticAssertion, TokenFile, Certificate, ManagedIdentity, Source];
    for (name, authority, taken) in [
        ("a tenant", tenant(), all.to_vec()),
        ("common", common(), all.to_vec()),
        ("v1", v1_common(), all.to_vec()),
        ("China", entra(Cloud::China, Tenant::Organizations), all.to_vec()),
        (
            "a cloud whose token exchange is not known",
            entra(Cloud::GovSg, Tenant::Organizations),
            vec![Secret, StaticAssertion, TokenFile, Certificate, Source],
        ),
        ("personal accounts", entra(Cloud::Public, Tenant::Consumers), vec![Secret, Certificate]),
        ("External ID", external_id(), vec![Secret, StaticAssertion, TokenFile, Certificate, Source]),
        ("B2C", b2c(), vec![Secret]),
    ] {
        for kind in all {
            let outcome = authority.accepts(kind);
            assert_eq!(outcome.is_ok(), taken.contains(&kind), "{name}: {kind:?}");
            let refused = outcome.err().map(|error| error.kind());
            assert!(refused.is_none_or(|kind| kind == ConfigErrorKind::CredentialNotAccepted));
        }
    }
}

#[test]
fn the_audience_of_a_federated_credential_is_the_cloud_s() {
    for (cloud, audience) in [
        (Cloud::Public, Some("api://AzureADTokenExchange")),
        (Cloud::UsGovernment, Some("api://AzureADTokenExchangeUSGov")),
        (Cloud::UsGovernmentDod, Some("api://AzureADTokenExchangeUSGov")),
        (Cloud::China, Some("api://AzureADTokenExchangeChina")),
        (Cloud::Bleu, Some("api://AzureADTokenExchangeFrance")),
        (Cloud::Delos, Some("api://AzureADTokenExchangeGermany")),
        (Cloud::GovSg, None),
    ] {
        assert_eq!(Authority::entra(cloud, Tenant::Organizations).credential_audience(), audience, "{cloud}");
    }
    assert_eq!(external_id().credential_audience(), Some("api://AzureADTokenExchange"));
    assert_eq!(b2c().credential_audience(), None);
}

#[test]
fn a_cloud_whose_graph_is_not_known_asks_for_nothing_of_it() {
    for cloud in [Cloud::Bleu, Cloud::Delos, Cloud::GovSg] {
        let authority = Authority::entra(cloud, Tenant::Id(guid(TENANT)));
        assert_eq!((authority.graph_url(), authority.default_scopes()), (None, &[] as &[&str]), "{cloud}");
        assert!(authority.has_graph(), "{cloud}: one that is configured is asked");
        let host = format!("https://{}/{TENANT}/v2.0/.well-known/openid-configuration", cloud.login_host());
        assert_eq!(authority.metadata_url().as_str(), host);
    }
}
