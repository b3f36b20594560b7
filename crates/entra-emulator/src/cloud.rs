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
}

impl Cloud {
    /// The host in v2 issuers.
    #[must_use]
    pub const fn login_host(self) -> &'static str {
        match self {
            Self::Public => "login.microsoftonline.com",
            Self::UsGovernment => "login.microsoftonline.us",
            Self::China => "login.partner.microsoftonline.cn",
        }
    }

    /// `cloud_instance_name` in discovery and on keys.
    #[must_use]
    pub const fn instance_name(self) -> &'static str {
        match self {
            Self::Public => "microsoftonline.com",
            Self::UsGovernment => "microsoftonline.us",
            Self::China => "partner.microsoftonline.cn",
        }
    }

    /// Microsoft Graph's host: `msgraph_host` in discovery, and the prefix of qualified scopes.
    #[must_use]
    pub const fn graph_host(self) -> &'static str {
        match self {
            Self::Public => "graph.microsoft.com",
            Self::UsGovernment => "graph.microsoft.us",
            Self::China => "microsoftgraph.chinacloudapi.cn",
        }
    }

    /// `cloud_graph_host_name` in discovery; recorded for the public cloud only.
    pub(crate) const fn legacy_graph_host(self) -> Option<&'static str> {
        match self {
            Self::Public => Some("graph.windows.net"),
            Self::UsGovernment | Self::China => None,
        }
    }

    /// The host of v1 issuers.
    pub(crate) const fn v1_issuer_host(self) -> &'static str {
        match self {
            Self::Public | Self::UsGovernment => "sts.windows.net",
            Self::China => "sts.chinacloudapi.cn",
        }
    }

    /// Every host name of the cloud, the preferred one first.
    pub(crate) const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Public => {
                &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"]
            }
            Self::UsGovernment => &["login.microsoftonline.us", "login.usgovcloudapi.net"],
            Self::China => &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        }
    }

    pub(crate) const ALL: [Self; 3] = [Self::Public, Self::China, Self::UsGovernment];

    /// Personal accounts exist only in the public cloud.
    pub(crate) const fn has_personal_accounts(self) -> bool {
        matches!(self, Self::Public)
    }
}
