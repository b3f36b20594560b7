//! Which of Microsoft's authorities an application is pointed at.

use crate::cloud::Cloud;
use crate::emulator::Emulator;
use crate::seed;

/// A kind of authority that the seeded directory has an application for.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Stand {
    /// Contoso's tenant, v2 endpoints.
    V2,
    /// Contoso's tenant, v1 endpoints.
    V1,
    /// The user flows of the B2C tenant.
    B2c,
    /// The External ID tenant, at a custom domain: the emulator's own address.
    External,
    /// Personal accounts (`consumers`).
    Personal,
    /// Contoso's tenant in the US Government cloud; the emulator must speak for it, see [`Stand::cloud`].
    Government,
}

impl Stand {
    /// Every one of them.
    pub const ALL: [Self; 6] = [Self::V2, Self::V1, Self::B2c, Self::External, Self::Personal, Self::Government];

    /// The cloud that the emulator must be built for: [`EmulatorBuilder::cloud`](crate::EmulatorBuilder::cloud).
    #[must_use]
    pub const fn cloud(self) -> Cloud {
        match self {
            Self::V2 | Self::V1 | Self::B2c | Self::External | Self::Personal => Cloud::Public,
            Self::Government => Cloud::UsGovernment,
        }
    }

    /// The client id of the seeded application.
    #[must_use]
    pub const fn app(self) -> &'static str {
        match self {
            Self::V2 | Self::V1 | Self::Personal | Self::Government => seed::APP_ID,
            Self::B2c => seed::B2C_APP_ID,
            Self::External => seed::EXTERNAL_APP_ID,
        }
    }
}

impl Emulator {
    /// The environment that points an application at one kind of authority, names and values. `AZURE_CLIENT_SECRET` is
    /// missing when the application has no secret that is valid now.
    #[must_use]
    pub fn env_of(&self, stand: Stand) -> Vec<(&'static str, String)> {
        let tenant = if stand == Stand::Personal { "consumers" } else { seed::CONTOSO };
        let mut variables = self.env_for(tenant, stand.app());
        let mut set = |name, value: &str| variables.push((name, value.to_owned()));
        match stand {
            Stand::V2 => {}
            Stand::V1 => set("MICROSOFT_SSO_ENDPOINT_VERSION", "v1"),
            Stand::Personal => {
                set("MICROSOFT_SSO_PERSONAL_ACCOUNTS", "allow");
                // Whoever has a personal account may come, which an application has to say.
                set("MICROSOFT_SSO_ALLOWABLE_DOMAINS", "*");
            }
            Stand::Government => set("MICROSOFT_SSO_CLOUD", "usgovernment"),
            Stand::B2c => {
                variables = self.customers_env(stand);
                let mut set = |name, value: &str| variables.push((name, value.to_owned()));
                set("MICROSOFT_SSO_B2C_TENANT_NAME", seed::B2C_NAME);
                set("MICROSOFT_SSO_B2C_POLICY", seed::B2C_SIGN_IN_POLICY);
                set("MICROSOFT_SSO_RESET_PASSWORD_POLICY", seed::B2C_RESET_POLICY);
                set("MICROSOFT_SSO_EDIT_PROFILE_POLICY", seed::B2C_EDIT_POLICY);
                set("MICROSOFT_SSO_AUTHORITY_HOST", self.url().as_str());
            }
            Stand::External => {
                variables = self.customers_env(stand);
                variables.push(("MICROSOFT_SSO_AUTHORITY", self.url().to_string()));
                variables.push(("MICROSOFT_SSO_TENANT_ID", seed::EXTERNAL_TENANT.to_owned()));
            }
        }
        variables
    }

    /// The application alone: with an authority of its own, `AZURE_TENANT_ID` and `AZURE_AUTHORITY_HOST` do not count.
    fn customers_env(&self, stand: Stand) -> Vec<(&'static str, String)> {
        let mut variables = self.env_for("", stand.app());
        variables.retain(|(name, _)| !matches!(*name, "AZURE_TENANT_ID" | "AZURE_AUTHORITY_HOST"));
        variables
    }
}
