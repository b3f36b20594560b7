//! Microsoft's clouds.

/// The cloud that the emulator speaks for: it decides the issuer strings and the cloud names in discovery and keys.
/// The endpoints stay on the emulator's own address.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Cloud {
    /// `login.microsoftonline.com`
    #[default]
    Public,
    /// `login.microsoftonline.us`
    UsGovernment,
    /// `login.partner.microsoftonline.cn`, operated by 21Vianet
    China,
    /// `login.sovcloud-identity.fr`, France
    Bleu,
    /// `login.sovcloud-identity.de`, Germany
    Delos,
    /// `login.sovcloud-identity.sg`, Singapore
    GovSg,
}

/// What is known of a cloud.
struct Facts {
    /// Every login host, the one in issuers first.
    hosts: &'static [&'static str],
    instance_name: &'static str,
    graph_host: Option<&'static str>,
    legacy_graph_host: Option<&'static str>,
    v1_issuer_host: &'static str,
    token_exchange_audience: Option<&'static str>,
}

const PUBLIC: Facts = Facts {
    hosts: &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
    instance_name: "microsoftonline.com",
    graph_host: Some("graph.microsoft.com"),
    legacy_graph_host: Some("graph.windows.net"),
    v1_issuer_host: "sts.windows.net",
    token_exchange_audience: Some("api://AzureADTokenExchange"),
};

const US_GOVERNMENT: Facts = Facts {
    hosts: &["login.microsoftonline.us", "login.usgovcloudapi.net"],
    instance_name: "microsoftonline.us",
    graph_host: Some("graph.microsoft.us"),
    legacy_graph_host: None,
    v1_issuer_host: "sts.windows.net",
    token_exchange_audience: Some("api://AzureADTokenExchangeUSGov"),
};

const CHINA: Facts = Facts {
    hosts: &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    instance_name: "partner.microsoftonline.cn",
    graph_host: Some("microsoftgraph.chinacloudapi.cn"),
    legacy_graph_host: None,
    v1_issuer_host: "sts.chinacloudapi.cn",
    token_exchange_audience: Some("api://AzureADTokenExchangeChina"),
};

const BLEU: Facts = Facts {
    token_exchange_audience: Some("api://AzureADTokenExchangeFrance"),
    ..sovereign(&["login.sovcloud-identity.fr"], "sovcloud-identity.fr")
};

const DELOS: Facts = Facts {
    token_exchange_audience: Some("api://AzureADTokenExchangeGermany"),
    ..sovereign(&["login.sovcloud-identity.de"], "sovcloud-identity.de")
};

const GOV_SG: Facts = sovereign(&["login.sovcloud-identity.sg"], "sovcloud-identity.sg");

/// Of the clouds of 2026 nobody recorded more than the login host; the rest is like the others' until somebody does.
const fn sovereign(hosts: &'static [&'static str], instance_name: &'static str) -> Facts {
    Facts {
        hosts,
        instance_name,
        graph_host: None,
        legacy_graph_host: None,
        v1_issuer_host: "sts.windows.net",
        token_exchange_audience: None,
    }
}

impl Cloud {
    pub(crate) const ALL: [Self; 6] =
        [Self::Public, Self::China, Self::UsGovernment, Self::Bleu, Self::Delos, Self::GovSg];

    const fn facts(self) -> &'static Facts {
        match self {
            Self::Public => &PUBLIC,
            Self::UsGovernment => &US_GOVERNMENT,
            Self::China => &CHINA,
            Self::Bleu => &BLEU,
            Self::Delos => &DELOS,
            Self::GovSg => &GOV_SG,
        }
    }

    /// The host in v2 issuers.
    #[must_use]
    pub const fn login_host(self) -> &'static str {
        self.facts().hosts[0]
    }

    /// `cloud_instance_name` in discovery and on keys.
    #[must_use]
    pub const fn instance_name(self) -> &'static str {
        self.facts().instance_name
    }

    /// Microsoft Graph's host, where it is known: `msgraph_host` in discovery, and the prefix of qualified scopes.
    #[must_use]
    pub const fn graph_host(self) -> Option<&'static str> {
        self.facts().graph_host
    }

    /// The audience that a managed identity's token has to have to count as an application's credential.
    #[must_use]
    pub const fn token_exchange_audience(self) -> Option<&'static str> {
        self.facts().token_exchange_audience
    }

    /// `cloud_graph_host_name` in discovery; recorded for the public cloud only.
    pub(crate) const fn legacy_graph_host(self) -> Option<&'static str> {
        self.facts().legacy_graph_host
    }

    /// The host of v1 issuers.
    pub(crate) const fn v1_issuer_host(self) -> &'static str {
        self.facts().v1_issuer_host
    }

    /// Every host name of the cloud, the preferred one first.
    pub(crate) const fn aliases(self) -> &'static [&'static str] {
        self.facts().hosts
    }

    /// Personal accounts exist only in the public cloud.
    pub(crate) const fn has_personal_accounts(self) -> bool {
        matches!(self, Self::Public)
    }
}
