//! The authorities, and what has to come out of a sign-in at each.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_emulator::{Cloud as EmulatedCloud, seed};
use entra_oidc::{Authority, Cloud, Guid, Identity, Tenant};
use serde_json::Value;

use crate::{
    client::scene::{Role, Scene},
    matrix::{column::Column, wire::Wire},
};

pub(super) struct Row {
    pub(super) scene: Scene,
    /// The host of its own Graph.
    pub(super) graph: Option<&'static str>,
    /// Whether somebody has configured where Graph is: the emulator's.
    pub(super) configures_graph: bool,
    /// Whether Graph is asked there with the tokens.
    pub(super) asks_graph: bool,
    /// What is asked for in place of the authority's own choice.
    pub(super) scope: Option<&'static str>,
    /// What v1 is asked for.
    resource: Option<&'static str>,
    /// What federated credentials are for; none where nobody knows, or where there are none.
    pub(super) audience: Option<&'static str>,
    claims: &'static [(&'static str, &'static str)],
    refuses: &'static [Column],
}

const V2: &[(&str, &str)] = &[("ver", "2.0"), ("tid", seed::CONTOSO), ("name", "Adele Vance")];
const PUBLIC_GRAPH: Option<&str> = Some("graph.microsoft.com");
const PUBLIC_AUDIENCE: Option<&str> = Some("api://AzureADTokenExchange");
const FEDERATED: &[Column] = &[Column::TokenFile, Column::StaticAssertion, Column::ManagedIdentity, Column::OwnSource];
const ASSERTIONS: &[Column] = &[
    Column::CertificatePs256,
    Column::CertificateRs256,
    Column::TokenFile,
    Column::StaticAssertion,
    Column::ManagedIdentity,
    Column::OwnSource,
];

impl Row {
    pub(super) fn all() -> Vec<Self> {
        vec![
            Self::of(Role::V2.scene()),
            Self::of(at("v2 for any work account", EmulatedCloud::Public, Cloud::Public, Tenant::Organizations)),
            Self::of(at("v2 for everybody", EmulatedCloud::Public, Cloud::Public, Tenant::Common)),
            Self {
                claims: &[("ver", "2.0"), ("tid", seed::PERSONAL_ACCOUNTS)],
                refuses: FEDERATED,
                ..Self::of(Role::Personal.scene())
            },
            Self {
                resource: Some("https://graph.microsoft.com"),
                claims: &[("ver", "1.0"), ("tid", seed::CONTOSO), ("upn", seed::ADELE)],
                ..Self::of(Role::V1.scene())
            },
            Self {
                claims: &[("ver", "2.0"), ("tid", seed::EXTERNAL_TENANT)],
                refuses: &[Column::ManagedIdentity],
                ..Self::of(Role::External.scene())
            },
            Self {
                graph: None,
                asks_graph: false,
                audience: None,
                claims: &[("ver", "1.0"), ("tfp", seed::B2C_SIGN_IN_POLICY)],
                refuses: ASSERTIONS,
                ..Self::of(Role::B2c.scene())
            },
            Self {
                graph: Some("graph.microsoft.us"),
                audience: Some("api://AzureADTokenExchangeUSGov"),
                ..Self::of(Role::Government.scene())
            },
            Self {
                graph: Some("microsoftgraph.chinacloudapi.cn"),
                audience: Some("api://AzureADTokenExchangeChina"),
                ..Self::of(at("China", EmulatedCloud::China, Cloud::China, contoso()))
            },
            Self {
                graph: None,
                scope: Some("User.Read"),
                audience: Some("api://AzureADTokenExchangeFrance"),
                ..Self::of(at("Bleu", EmulatedCloud::Bleu, Cloud::Bleu, contoso()))
            },
            Self {
                graph: None,
                configures_graph: false,
                asks_graph: false,
                audience: None,
                refuses: &[Column::ManagedIdentity],
                ..Self::of(at("GovSG", EmulatedCloud::GovSg, Cloud::GovSg, contoso()))
            },
        ]
    }

    /// A row like most: the public cloud, and everything is taken.
    fn of(scene: Scene) -> Self {
        Self {
            scene,
            graph: PUBLIC_GRAPH,
            configures_graph: true,
            asks_graph: true,
            scope: None,
            resource: None,
            audience: PUBLIC_AUDIENCE,
            claims: V2,
            refuses: &[],
        }
    }

    pub(super) fn takes(&self, column: Column) -> bool {
        !self.refuses.contains(&column)
    }

    pub(super) fn check_identity(&self, identity: &Identity, pair: &str) {
        assert_eq!(identity.issuer(), self.scene.issuer, "{pair}");
        assert_eq!(identity.account().to_string(), self.scene.account, "{pair}");
        for (name, value) in self.claims {
            assert_eq!(identity.claims().str(name), Some(*value), "{pair}: {name}");
        }
    }

    /// v1 names one resource with the code, the others none.
    pub(super) fn check_form(&self, wire: &Wire, pair: &str) {
        let (form, _) = wire.token_request();
        let resource = self.resource.map(str::to_owned);
        assert_eq!((form.get("resource"), form.get("scope")), (resource.as_ref(), None), "{pair}");
    }

    /// The key that signed stands in the list that this authority publishes, and nowhere for another issuer.
    pub(super) fn check_key(&self, wire: &Wire, pair: &str) {
        let (id_token, keys) = (wire.id_token(), wire.keys());
        let header = URL_SAFE_NO_PAD.decode(id_token.split('.').next().unwrap()).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(header["alg"], "RS256", "{pair}");
        let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]);
        let key = key.unwrap_or_else(|| panic!("{pair}: {header} is not in {keys}"));
        if let Some(issuer) = key["issuer"].as_str() {
            let tenant = self.scene.account.split([':', '/']).nth(1).unwrap();
            assert_eq!(issuer.replace("{tenantid}", tenant), self.scene.issuer, "{pair}");
        }
    }
}

fn contoso() -> Tenant {
    Tenant::Id(Guid::parse(seed::CONTOSO).unwrap())
}

/// Adele, at another place than her tenant in the public cloud.
fn at(name: &'static str, emulated: EmulatedCloud, cloud: Cloud, tenant: Tenant) -> Scene {
    Scene {
        name,
        cloud: emulated,
        authority: Authority::entra(cloud, tenant),
        issuer: format!("https://{}/{}/v2.0", cloud.login_host(), seed::CONTOSO),
        ..Role::V2.scene()
    }
}
