//! The directory that an emulator starts with: two organisations, a B2C and an External ID tenant, a few people, an
//! application for each, always with these ids.

use crate::authority::issuer;
use crate::directory::{
    App, Audience, B2c, Directory, DirectoryError, FederatedCredential, Group, ManagedIdentity, Photo, Tenant, User,
    UserFlow, UserFlowKind,
};
use crate::service::Service;
use crate::version::Version;
use crate::workload;

/// Tenant Contoso.
pub const CONTOSO: &str = "8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f";
/// Contoso's verified domain.
pub const CONTOSO_DOMAIN: &str = "contoso.example";
/// Tenant Fabrikam.
pub const FABRIKAM: &str = "3d9e7b24-61c8-4f05-8a72-f0e1d2c3b4a5";
/// Fabrikam's verified domain.
pub const FABRIKAM_DOMAIN: &str = "fabrikam.example";
/// The tenant of personal accounts.
pub const PERSONAL_ACCOUNTS: &str = crate::directory::PERSONAL_ACCOUNTS;

/// The seeded application, registered in Contoso: a confidential client for work accounts of any tenant and for
/// personal accounts, with [`REDIRECT_URI`], the optional claims `email`, `xms_edov`, `sid`, `login_hint`, group
/// claims and the role [`ROLE`].
pub const APP_ID: &str = "6c1d5a90-2e4b-4d8f-b3a6-7e5f4d3c2b1a";
/// [`APP_ID`]'s client secret, for tests; `EmulatorBuilder::app_secret` replaces it.
pub const APP_SECRET: &str = "contoso~portal~secret~for~tests~only";
/// [`APP_ID`]'s redirect URI. The port does not count on localhost; 127.0.0.1 needs its exact port, see
/// [`crate::DirectoryHandle::add_redirect_uri`].
pub const REDIRECT_URI: &str = "http://localhost/microsoft_sso/callback/";
/// The app role that [`ADELE`] has in [`APP_ID`].
pub const ROLE: &str = "Editor";

/// A second application, for accounts of Contoso only.
pub const SINGLE_TENANT_APP_ID: &str = "b27e4f18-93d5-4a6c-8e01-5d4c3b2a1f0e";
/// [`SINGLE_TENANT_APP_ID`]'s client secret, for tests.
pub const SINGLE_TENANT_APP_SECRET: &str = "contoso~intranet~secret~for~tests~only";

/// A third application, a public client without any credential, for accounts of every kind: a command-line tool that
/// signs in with a device code.
pub const PUBLIC_APP_ID: &str = "a8d3c5e7-1b2f-4c6d-9e0a-3f2e1d0c9b8a";

/// Adele: member of Contoso with photo, mail, two groups and the role [`ROLE`].
pub const ADELE: &str = "adele@contoso.example";
/// Adele's object id.
pub const ADELE_ID: &str = "1a2b3c4d-0001-4000-8000-00000000ade1";
/// Alex: member of Contoso without photo, mail, groups and role.
pub const ALEX: &str = "alex@contoso.example";
/// Alex's object id.
pub const ALEX_ID: &str = "1a2b3c4d-0002-4000-8000-0000000a1e70";
/// Megan: member of Fabrikam, and guest in Contoso.
pub const MEGAN: &str = "megan@fabrikam.example";
/// Megan's object id at home, in Fabrikam.
pub const MEGAN_ID: &str = "1a2b3c4d-0003-4000-8000-00000003e6a0";
/// Megan's object id as a guest in Contoso.
pub const MEGAN_GUEST_ID: &str = "1a2b3c4d-0004-4000-8000-00000004e6a0";
/// Megan's user principal name as a guest in Contoso.
pub const MEGAN_GUEST_UPN: &str = "megan_fabrikam.example#EXT#@contoso.example";
/// Diego: member of Fabrikam with photo and mail.
pub const DIEGO: &str = "diego@fabrikam.example";
/// Diego's object id.
pub const DIEGO_ID: &str = "1a2b3c4d-0005-4000-8000-0000000d1e60";
/// Pat: a personal account.
pub const PAT: &str = "pat@outlook.example";
/// Pat's object id.
pub const PAT_ID: &str = "00000000-0000-0000-40c0-3bac188d0a70";
/// Dora: member of Contoso whose account is disabled (AADSTS50057).
pub const DORA: &str = "dora@contoso.example";
/// Dora's object id.
pub const DORA_ID: &str = "1a2b3c4d-0006-4000-8000-0000000d04a0";
/// Lee: member of Contoso who is not assigned to [`APP_ID`] (AADSTS50105).
pub const LEE: &str = "lee@contoso.example";
/// Lee's object id.
pub const LEE_ID: &str = "1a2b3c4d-0007-4000-8000-0000000001ee";

/// Contoso's group "Engineering"; [`ADELE`] is in it.
pub const ENGINEERING: &str = "2b3c4d5e-0001-4000-8000-0000000000e1";
/// Contoso's group "All staff"; [`ADELE`] is in it.
pub const ALL_STAFF: &str = "2b3c4d5e-0002-4000-8000-0000000000a1";

/// The user-assigned managed identity of the machine that the emulator plays, in Contoso: its client id. [`APP_ID`]
/// trusts it by a federated identity credential.
pub const MANAGED_IDENTITY_CLIENT_ID: &str = "4f5e6d7c-0001-4000-8000-00000000c11e";
/// The managed identity's principal (object) id, the subject of its tokens.
pub const MANAGED_IDENTITY_ID: &str = "4f5e6d7c-0002-4000-8000-000000000b1d";
/// A service account of the cluster that the emulator plays ([`crate::Emulator::workload_token`]); [`APP_ID`] trusts it
/// by a federated identity credential.
pub const WORKLOAD_SUBJECT: &str = "system:serviceaccount:portal:web";

/// The seeded B2C tenant's name: its hosts would be `contosob2c.b2clogin.com`.
pub const B2C_NAME: &str = "contosob2c";
/// The B2C tenant.
pub const B2C_TENANT: &str = "5e6f7a8b-4c3d-4b2a-9e1f-c0d1e2f3a4b6";
/// The B2C tenant's domain.
pub const B2C_DOMAIN: &str = "contosob2c.onmicrosoft.com";
/// The user flow that signs in and up.
pub const B2C_SIGN_IN_POLICY: &str = "B2C_1_susi";
/// The user flow that resets a password.
pub const B2C_RESET_POLICY: &str = "B2C_1_reset";
/// The user flow that edits a profile.
pub const B2C_EDIT_POLICY: &str = "B2C_1_edit";
/// The application in the B2C tenant, with [`REDIRECT_URI`].
pub const B2C_APP_ID: &str = "e4a7c2d1-58b6-4f93-a0de-1b2c3d4e5f60";
/// [`B2C_APP_ID`]'s client secret, for tests.
pub const B2C_APP_SECRET: &str = "contosob2c~shop~secret~for~tests~only";
/// Robin: a local account of the B2C tenant.
pub const ROBIN: &str = "robin@mail.example";
/// Robin's object id.
pub const ROBIN_ID: &str = "1a2b3c4d-0008-4000-8000-000000000b18";
/// Kim: an account of the B2C tenant that signs in with a social account ([`KIM_IDP`]).
pub const KIM: &str = "kim@social.example";
/// Kim's object id.
pub const KIM_ID: &str = "1a2b3c4d-0009-4000-8000-000000000c14";
/// The identity provider that [`KIM`] comes from: the claim `idp`.
pub const KIM_IDP: &str = "social.example";

/// The seeded External ID tenant's subdomain: its host would be `contosocustomers.ciamlogin.com`.
pub const EXTERNAL_NAME: &str = "contosocustomers";
/// The External ID tenant.
pub const EXTERNAL_TENANT: &str = "7b8c9d0e-1f2a-4b3c-8d4e-5f6a7b8c9d0e";
/// The External ID tenant's domain.
pub const EXTERNAL_DOMAIN: &str = "contosocustomers.onmicrosoft.com";
/// The application in the External ID tenant, with [`REDIRECT_URI`].
pub const EXTERNAL_APP_ID: &str = "f5b8d3e2-69c7-4a04-b1ef-2c3d4e5f6a71";
/// [`EXTERNAL_APP_ID`]'s client secret, for tests.
pub const EXTERNAL_APP_SECRET: &str = "contosocustomers~club~secret~for~tests~only";
/// Sam: an account of the External ID tenant.
pub const SAM: &str = "sam@mail.example";
/// Sam's object id.
pub const SAM_ID: &str = "1a2b3c4d-000a-4000-8000-0000000005a3";

impl Default for Directory {
    /// The seeded directory.
    fn default() -> Self {
        let mut directory = Self::empty();
        directory.tenants = tenants();
        directory.users = users();
        directory.groups = vec![
            Group::new(ENGINEERING, CONTOSO, "Engineering").member(ADELE_ID),
            Group::new(ALL_STAFF, CONTOSO, "All staff").member(ADELE_ID),
        ];
        directory.apps = apps();
        let identity = ManagedIdentity::new(MANAGED_IDENTITY_CLIENT_ID, MANAGED_IDENTITY_ID, CONTOSO, "portal");
        directory.managed_identities.push(identity);
        directory
    }
}

/// Lets the seeded application trust the managed identity and the cluster; the names of both depend on the run.
pub(crate) fn trust_workloads(service: &Service) -> Result<(), DirectoryError> {
    if service.directory.app(APP_ID).is_none() {
        return Ok(());
    }
    // Nobody knows the audience of the youngest cloud.
    let Some(audience) = service.cloud.token_exchange_audience() else { return Ok(()) };
    let contoso = issuer(service.cloud, Version::V2, CONTOSO);
    let identity = FederatedCredential::new("managed-identity", &contoso, MANAGED_IDENTITY_ID, audience);
    let workload = FederatedCredential::new("workload", &workload::issuer(service), WORKLOAD_SUBJECT, audience);
    service.directory.change_app(APP_ID, |app| {
        for credential in [identity, workload] {
            if !app.federated_credentials.iter().any(|known| known.name == credential.name) {
                app.federated_credentials.push(credential);
            }
        }
    })
}

fn tenants() -> Vec<Tenant> {
    let contoso = Tenant::new(CONTOSO, "Contoso", CONTOSO_DOMAIN);
    let fabrikam = Tenant::new(FABRIKAM, "Fabrikam", FABRIKAM_DOMAIN);
    let b2c = B2c::new(B2C_NAME)
        .user_flow(UserFlow::new(B2C_SIGN_IN_POLICY, UserFlowKind::SignUpOrSignIn))
        .user_flow(UserFlow::new(B2C_RESET_POLICY, UserFlowKind::ResetPassword))
        .user_flow(UserFlow::new(B2C_EDIT_POLICY, UserFlowKind::EditProfile));
    let shop = Tenant::b2c(B2C_TENANT, "Contoso B2C", b2c);
    let customers = Tenant::external_id(EXTERNAL_TENANT, "Contoso Customers", EXTERNAL_NAME);
    vec![contoso, fabrikam, shop, customers]
}

fn users() -> Vec<User> {
    let mut adele = User::member(ADELE_ID, CONTOSO, ADELE, "Adele Vance").mail(ADELE).language("en-US");
    adele.photo = Some(Photo::Drawn);
    adele.job_title = Some("Retail Manager".to_owned());
    adele.office_location = Some("18/2111".to_owned());
    adele.mobile_phone = Some("+1 425 555 0109".to_owned());
    adele.birthday = Some("1988-04-01T00:00:00Z".to_owned());
    let alex = User::member(ALEX_ID, CONTOSO, ALEX, "Alex Wilber");
    let mut dora = User::member(DORA_ID, CONTOSO, DORA, "Dora Quist").mail(DORA);
    dora.enabled = false;
    let lee = User::member(LEE_ID, CONTOSO, LEE, "Lee Gu").mail(LEE);
    let megan = User::member(MEGAN_ID, FABRIKAM, MEGAN, "Megan Bowen").mail(MEGAN).language("en-GB");
    let guest = User::guest(MEGAN_GUEST_ID, CONTOSO, CONTOSO_DOMAIN, MEGAN, "Megan Bowen");
    let mut diego = User::member(DIEGO_ID, FABRIKAM, DIEGO, "Diego Siciliani").mail(DIEGO).language("es-ES");
    diego.photo = Some(Photo::Drawn);
    let pat = User::personal("40c03bac188d0a70", PAT, "Pat Lane").language("en-US");
    let robin = User::customer(ROBIN_ID, B2C_TENANT, B2C_DOMAIN, ROBIN, "Robin Reyes");
    let kim = User::customer(KIM_ID, B2C_TENANT, B2C_DOMAIN, KIM, "Kim Akers").identity_provider(KIM_IDP);
    let sam = User::customer(SAM_ID, EXTERNAL_TENANT, EXTERNAL_DOMAIN, SAM, "Sam Oduya").language("en-GB");
    vec![adele, alex, lee, dora, guest, megan, diego, pat, robin, kim, sam]
}

fn apps() -> Vec<App> {
    let mut portal = App::new(APP_ID, CONTOSO, "Contoso Portal")
        .audience(Audience::MultiTenantAndPersonal)
        .secret(APP_SECRET)
        .optional_claims(["email", "xms_edov", "sid", "login_hint"])
        .role(ROLE, "Editors of the portal")
        .role_for(ROLE, ADELE_ID);
    portal.redirect_uris.push(REDIRECT_URI.to_owned());
    portal.group_claims = true;
    portal.unassigned.push(LEE_ID.to_owned());
    let mut intranet = App::new(SINGLE_TENANT_APP_ID, CONTOSO, "Contoso Intranet").secret(SINGLE_TENANT_APP_SECRET);
    intranet.redirect_uris.push(REDIRECT_URI.to_owned());
    let mut tool = App::new(PUBLIC_APP_ID, CONTOSO, "Contoso CLI").audience(Audience::MultiTenantAndPersonal);
    tool.redirect_uris.push("http://localhost".to_owned());
    tool.public_client = true;
    let mut shop = App::new(B2C_APP_ID, B2C_TENANT, "Contoso Shop").secret(B2C_APP_SECRET);
    shop.redirect_uris.push(REDIRECT_URI.to_owned());
    let mut club = App::new(EXTERNAL_APP_ID, EXTERNAL_TENANT, "Contoso Club").secret(EXTERNAL_APP_SECRET);
    club.optional_claims = ["email", "sid", "login_hint"].map(str::to_owned).to_vec();
    club.redirect_uris.push(REDIRECT_URI.to_owned());
    vec![portal, intranet, tool, shop, club]
}
