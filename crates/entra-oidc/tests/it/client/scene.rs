//! One scene for each kind of authority: who plays, at which address, and what has to come out.

use std::time::Duration;

use entra_emulator::{Browser, Cloud as EmulatedCloud, Directory, Emulator, seed};
use entra_oidc::{
    AllowedTenants, Authority, AuthorizationResponse, Cloud, Credential, EntraClient, Guid, Identity, ManualClock,
    PendingSignIn, Policy, Registration, ReqwestClient, ReqwestSettings, SignInError, SignInOptions, Tenant, Timestamp,
    TokenSet,
};
use url::Url;

pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) cloud: EmulatedCloud,
    pub(crate) authority: Authority,
    /// Client id and secret.
    pub(crate) app: (&'static str, &'static str),
    pub(crate) user: &'static str,
    pub(crate) account: String,
    pub(crate) issuer: String,
}

/// The emulator, its clock, and the client of the scene's application.
pub(super) struct Stage {
    pub(super) emulator: Emulator,
    pub(super) clock: ManualClock,
    pub(super) client: EntraClient,
}

/// The kinds that are played by one flow each.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    V1,
    V2,
    Personal,
    Government,
    External,
    B2c,
}

impl Role {
    pub(super) const ALL: [Self; 6] = [Self::V1, Self::V2, Self::Personal, Self::Government, Self::External, Self::B2c];

    pub(crate) fn scene(self) -> Scene {
        let contoso = || Tenant::Id(Guid::parse(seed::CONTOSO).unwrap());
        let work = format!("entra:{}/{}", seed::CONTOSO, seed::ADELE_ID);
        let v2 = |cloud: Cloud, tenant: &str| format!("https://{}/{tenant}/v2.0", cloud.login_host());
        let portal = (seed::APP_ID, seed::APP_SECRET);
        match self {
            Self::V1 => Scene {
                name: "v1",
                cloud: EmulatedCloud::Public,
                authority: Authority::entra_v1(Cloud::Public, contoso(), None).unwrap(),
                app: portal,
                user: seed::ADELE,
                account: work,
                issuer: format!("https://sts.windows.net/{}/", seed::CONTOSO),
            },
            Self::V2 => Scene {
                name: "v2",
                cloud: EmulatedCloud::Public,
                authority: Authority::entra(Cloud::Public, contoso()),
                app: portal,
                user: seed::ADELE,
                account: work,
                issuer: v2(Cloud::Public, seed::CONTOSO),
            },
            Self::Personal => Scene {
                name: "personal",
                cloud: EmulatedCloud::Public,
                authority: Authority::entra(Cloud::Public, Tenant::Consumers),
                app: portal,
                user: seed::PAT,
                account: format!("entra:{}/{}", seed::PERSONAL_ACCOUNTS, seed::PAT_ID),
                issuer: v2(Cloud::Public, seed::PERSONAL_ACCOUNTS),
            },
            Self::Government => Scene {
                name: "government",
                cloud: EmulatedCloud::UsGovernment,
                authority: Authority::entra(Cloud::UsGovernment, contoso()),
                app: portal,
                user: seed::ADELE,
                account: work,
                issuer: v2(Cloud::UsGovernment, seed::CONTOSO),
            },
            Self::External => Scene {
                name: "external",
                cloud: EmulatedCloud::Public,
                authority: Authority::external_id(seed::EXTERNAL_NAME, None).unwrap(),
                app: (seed::EXTERNAL_APP_ID, seed::EXTERNAL_APP_SECRET),
                user: seed::SAM,
                account: format!("entra:{}/{}", seed::EXTERNAL_TENANT, seed::SAM_ID),
                issuer: format!("https://{0}.ciamlogin.com/{0}/v2.0", seed::EXTERNAL_TENANT),
            },
            Self::B2c => Scene {
                name: "b2c",
                cloud: EmulatedCloud::Public,
                authority: b2c(seed::B2C_SIGN_IN_POLICY),
                app: (seed::B2C_APP_ID, seed::B2C_APP_SECRET),
                user: seed::ROBIN,
                account: format!("b2c:{}/{}", seed::B2C_TENANT, seed::ROBIN_ID),
                issuer: format!("https://{}.b2clogin.com/{}/v2.0/", seed::B2C_NAME, seed::B2C_TENANT),
            },
        }
    }
}

/// The seeded B2C directory with one of its policies.
pub(super) fn b2c(policy: &str) -> Authority {
    Authority::b2c(seed::B2C_NAME, &Policy::parse(policy).unwrap(), None).unwrap()
}

impl Scene {
    pub(super) async fn stage(&self) -> Stage {
        self.stage_with(Directory::default()).await
    }

    pub(super) async fn stage_with(&self, directory: Directory) -> Stage {
        let emulator = Emulator::builder().cloud(self.cloud).directory(directory).start().await.unwrap();
        let clock = ManualClock::at(Timestamp::from_unix(emulator.clock().now()));
        let client = self.client(&emulator, &clock, self.authority.clone());
        Stage { emulator, clock, client }
    }

    /// The application's client at another authority on the same emulator.
    pub(super) fn client(&self, emulator: &Emulator, clock: &ManualClock, authority: Authority) -> EntraClient {
        let authority = authority.with_host(emulator.url()).unwrap();
        let allowed = if authority.is_multi_tenant() { AllowedTenants::Any } else { AllowedTenants::Pinned };
        let (app, secret) = self.app;
        EntraClient::builder(authority, Registration::new(Guid::parse(app).unwrap(), Credential::secret(secret)))
            .http_client(ReqwestClient::new(&ReqwestSettings::new()).unwrap())
            .clock(clock.clock())
            .allowed_tenants(allowed)
            .graph_url(emulator.url().join("graph").unwrap())
            .build()
            .unwrap()
    }
}

impl Stage {
    pub(super) fn options(&self) -> SignInOptions {
        options(&self.clock)
    }

    /// To the accounts and back, as this user.
    pub(super) async fn journey(&self, user: &str) -> (PendingSignIn, String) {
        let (url, pending) = self.client.begin(self.options()).await.unwrap();
        let page = Browser::new().start_at(&url).stop_at(seed::REDIRECT_URI).signing_in_as(user).await.unwrap();
        (pending, page.location().unwrap().query().unwrap_or_default().to_owned())
    }

    pub(super) async fn sign_in(&self, user: &str) -> Result<(Identity, TokenSet), SignInError> {
        let (pending, query) = self.journey(user).await;
        self.client.complete(pending, AuthorizationResponse::from_query(&query)?).await
    }
}

/// A sign-in that may take ten minutes.
pub(crate) fn options(clock: &ManualClock) -> SignInOptions {
    let redirect_uri = Url::parse(seed::REDIRECT_URI).unwrap();
    SignInOptions::new(redirect_uri, clock.now().plus(Duration::from_mins(10)))
}
