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
}

/// What differs between the clouds.
struct Row {
    cloud: Cloud,
    name: &'static str,
    login_host: &'static str,
    aliases: &'static [&'static str],
    graph_host: &'static str,
    cloud_instance_name: &'static str,
    v1_issuer_host: &'static str,
}

const TABLE: &[Row] = &[
    Row {
        cloud: Cloud::Public,
        name: "public",
        login_host: "login.microsoftonline.com",
        aliases: &["login.windows.net", "login.microsoft.com", "sts.windows.net"],
        graph_host: "graph.microsoft.com",
        cloud_instance_name: "microsoftonline.com",
        v1_issuer_host: "sts.windows.net",
    },
    Row {
        cloud: Cloud::UsGovernment,
        name: "usgovernment",
        login_host: "login.microsoftonline.us",
        aliases: &["login.usgovcloudapi.net"],
        graph_host: "graph.microsoft.us",
        cloud_instance_name: "microsoftonline.us",
        v1_issuer_host: "sts.windows.net",
    },
    Row {
        cloud: Cloud::UsGovernmentDod,
        name: "usgovernment-dod",
        login_host: "login.microsoftonline.us",
        aliases: &["login.usgovcloudapi.net"],
        graph_host: "dod-graph.microsoft.us",
        cloud_instance_name: "microsoftonline.us",
        v1_issuer_host: "sts.windows.net",
    },
    Row {
        cloud: Cloud::China,
        name: "china",
        login_host: "login.partner.microsoftonline.cn",
        aliases: &["login.chinacloudapi.cn"],
        graph_host: "microsoftgraph.chinacloudapi.cn",
        cloud_instance_name: "partner.microsoftonline.cn",
        v1_issuer_host: "sts.chinacloudapi.cn",
    },
];

impl Cloud {
    /// Reads `public`, `usgovernment`, `usgovernment-dod` or `china`, in any case.
    ///
    /// # Errors
    /// [`ConfigErrorKind::Cloud`] for any other text.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        TABLE
            .iter()
            .find(|row| row.name.eq_ignore_ascii_case(text))
            .map(|row| row.cloud)
            .ok_or_else(|| ConfigError::new(ConfigErrorKind::Cloud, format!("`{}` is not a cloud", clean(text, 60))))
    }

    /// The cloud that this login host, or an alias of it, belongs to; for the host that L4 and L5 share, L4.
    #[must_use]
    pub fn of_login_host(host: &str) -> Option<Self> {
        TABLE.iter().map(|row| row.cloud).find(|cloud| cloud.owns_login_host(host))
    }

    /// The name that [`Cloud::parse`] reads.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The preferred login host, which issuers are named after.
    #[must_use]
    pub fn login_host(self) -> &'static str {
        self.row().login_host
    }

    /// Other login hosts of the same cloud.
    #[must_use]
    pub fn login_host_aliases(self) -> &'static [&'static str] {
        self.row().aliases
    }

    /// The host of Microsoft Graph.
    #[must_use]
    pub fn graph_host(self) -> &'static str {
        self.row().graph_host
    }

    /// What metadata and keys of this cloud say in `cloud_instance_name`.
    #[must_use]
    pub fn cloud_instance_name(self) -> &'static str {
        self.row().cloud_instance_name
    }

    /// The host in the issuers of v1 tokens.
    #[must_use]
    pub fn v1_issuer_host(self) -> &'static str {
        self.row().v1_issuer_host
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

    fn row(self) -> &'static Row {
        &TABLE[match self {
            Self::Public => 0,
            Self::UsGovernment => 1,
            Self::UsGovernmentDod => 2,
            Self::China => 3,
        }]
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
    fn the_table_is_in_order_and_names_read_back() {
        for row in TABLE {
            assert_eq!(row.cloud.name(), row.name);
            assert_eq!(Cloud::parse(row.name).unwrap(), row.cloud);
        }
        assert!(Cloud::parse("germany").is_err());
    }

    #[test]
    fn hosts_lead_to_their_cloud() {
        for (host, cloud) in [
            ("login.microsoftonline.com", Some(Cloud::Public)),
            ("STS.windows.net", Some(Cloud::Public)),
            ("login.microsoftonline.us", Some(Cloud::UsGovernment)),
            ("login.chinacloudapi.cn", Some(Cloud::China)),
            ("login.microsoftonline.de", None),
            ("evil-login.microsoftonline.com", None),
        ] {
            assert_eq!(Cloud::of_login_host(host), cloud, "{host}");
        }
    }
}
