use std::fmt;

use crate::error::{ConfigError, ConfigErrorKind, clean};

/// One of Microsoft's clouds
/// (<https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Cloud {
    /// The worldwide cloud; GCC tenants live here as well.
    #[default]
    Public,
    /// US Government L4 (GCC High).
    UsGovernment,
    /// US Government L5 (DoD): the same login host, another Graph.
    UsGovernmentDod,
    /// China, operated by 21Vianet.
    China,
    /// Bleu, the sovereign cloud in France. Its Graph is not published.
    Bleu,
    /// Delos, the sovereign cloud in Germany. Its Graph is not published.
    Delos,
    /// The government of Singapore's. Its Graph is not published, nor whether it exchanges tokens.
    GovSg,
}

/// What differs between the clouds. What Microsoft has not published is none, and nothing is guessed.
struct Row {
    name: &'static str,
    login_host: &'static str,
    aliases: &'static [&'static str],
    graph_host: Option<&'static str>,
    cloud_instance_name: Option<&'static str>,
    v1_issuer_host: Option<&'static str>,
    token_exchange_audience: Option<&'static str>,
}

const PUBLIC: Row = Row {
    name: "public",
    login_host: "login.microsoftonline.com",
    aliases: &["login.windows.net", "login.microsoft.com", "sts.windows.net"],
    graph_host: Some("graph.microsoft.com"),
    cloud_instance_name: Some("microsoftonline.com"),
    v1_issuer_host: Some("sts.windows.net"),
    token_exchange_audience: Some("api://AzureADTokenExchange"),
};

/// The issuer of its v1 tokens is the public cloud's.
const US_GOVERNMENT: Row = Row {
    name: "usgovernment",
    login_host: "login.microsoftonline.us",
    aliases: &["login.usgovcloudapi.net"],
    graph_host: Some("graph.microsoft.us"),
    cloud_instance_name: Some("microsoftonline.us"),
    v1_issuer_host: Some("sts.windows.net"),
    token_exchange_audience: Some("api://AzureADTokenExchangeUSGov"),
};

const US_GOVERNMENT_DOD: Row =
    Row { name: "usgovernment-dod", graph_host: Some("dod-graph.microsoft.us"), ..US_GOVERNMENT };

const CHINA: Row = Row {
    name: "china",
    login_host: "login.partner.microsoftonline.cn",
    aliases: &["login.chinacloudapi.cn"],
    graph_host: Some("microsoftgraph.chinacloudapi.cn"),
    cloud_instance_name: Some("partner.microsoftonline.cn"),
    v1_issuer_host: Some("sts.chinacloudapi.cn"),
    token_exchange_audience: Some("api://AzureADTokenExchangeChina"),
};

const BLEU: Row = Row {
    name: "bleu",
    login_host: "login.sovcloud-identity.fr",
    aliases: &[],
    graph_host: None,
    cloud_instance_name: None,
    v1_issuer_host: None,
    token_exchange_audience: Some("api://AzureADTokenExchangeFrance"),
};

const DELOS: Row = Row {
    name: "delos",
    login_host: "login.sovcloud-identity.de",
    token_exchange_audience: Some("api://AzureADTokenExchangeGermany"),
    ..BLEU
};

const GOV_SG: Row =
    Row { name: "govsg", login_host: "login.sovcloud-identity.sg", token_exchange_audience: None, ..BLEU };

impl Cloud {
    /// Every cloud.
    pub const ALL: [Self; 7] =
        [Self::Public, Self::UsGovernment, Self::UsGovernmentDod, Self::China, Self::Bleu, Self::Delos, Self::GovSg];

    /// Reads `public`, `usgovernment`, `usgovernment-dod`, `china`, `bleu`, `delos` or `govsg`, in any case.
    ///
    /// # Errors
    /// [`ConfigErrorKind::Cloud`] for any other text.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        Self::ALL
            .into_iter()
            .find(|cloud| cloud.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| ConfigError::new(ConfigErrorKind::Cloud, format!("`{}` is not a cloud", clean(text, 60))))
    }

    /// The cloud that this login host, or an alias of it, belongs to; for the host that L4 and L5 share, L4.
    #[must_use]
    pub fn of_login_host(host: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cloud| cloud.owns_login_host(host))
    }

    /// The name that [`Cloud::parse`] reads.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The preferred login host, which issuers are named after.
    #[must_use]
    pub const fn login_host(self) -> &'static str {
        self.row().login_host
    }

    /// Other login hosts of the same cloud.
    #[must_use]
    pub const fn login_host_aliases(self) -> &'static [&'static str] {
        self.row().aliases
    }

    /// The host of Microsoft Graph, where it is known.
    #[must_use]
    pub const fn graph_host(self) -> Option<&'static str> {
        self.row().graph_host
    }

    /// What metadata and keys of this cloud say in `cloud_instance_name`, where it is known.
    #[must_use]
    pub const fn cloud_instance_name(self) -> Option<&'static str> {
        self.row().cloud_instance_name
    }

    /// The host in the issuers of v1 tokens, where there are v1 endpoints.
    #[must_use]
    pub const fn v1_issuer_host(self) -> Option<&'static str> {
        self.row().v1_issuer_host
    }

    /// The audience of a token that stands in for a client secret (a federated identity credential), where it is known
    /// (<https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity>).
    #[must_use]
    pub const fn token_exchange_audience(self) -> Option<&'static str> {
        self.row().token_exchange_audience
    }

    /// Whether personal accounts sign in here.
    #[must_use]
    pub const fn has_personal_accounts(self) -> bool {
        matches!(self, Self::Public)
    }

    pub(crate) fn owns_login_host(self, host: &str) -> bool {
        let row = self.row();
        row.login_host.eq_ignore_ascii_case(host) || row.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(host))
    }

    const fn row(self) -> &'static Row {
        match self {
            Self::Public => &PUBLIC,
            Self::UsGovernment => &US_GOVERNMENT,
            Self::UsGovernmentDod => &US_GOVERNMENT_DOD,
            Self::China => &CHINA,
            Self::Bleu => &BLEU,
            Self::Delos => &DELOS,
            Self::GovSg => &GOV_SG,
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_no_two_clouds_share_one() {
        for cloud in Cloud::ALL {
            assert_eq!(Cloud::parse(cloud.name()).unwrap(), cloud);
            assert_eq!(Cloud::parse(&cloud.name().to_uppercase()).unwrap(), cloud);
        }
        let names: std::collections::BTreeSet<_> = Cloud::ALL.iter().map(|cloud| cloud.name()).collect();
        assert_eq!(names.len(), Cloud::ALL.len());
        assert!(Cloud::parse("germany").is_err());
    }

    #[test]
    fn hosts_lead_to_their_cloud() {
        for (host, cloud) in [
            ("login.microsoftonline.com", Some(Cloud::Public)),
            ("STS.windows.net", Some(Cloud::Public)),
            ("login.microsoftonline.us", Some(Cloud::UsGovernment)),
            ("login.chinacloudapi.cn", Some(Cloud::China)),
            ("login.sovcloud-identity.fr", Some(Cloud::Bleu)),
            ("login.sovcloud-identity.de", Some(Cloud::Delos)),
            ("login.sovcloud-identity.sg", Some(Cloud::GovSg)),
            ("login.microsoftonline.de", None),
            ("evil-login.microsoftonline.com", None),
        ] {
            assert_eq!(Cloud::of_login_host(host), cloud, "{host}");
        }
    }
}
