//! One site as it is written, and the settings that are in force there.

use std::time::Duration;

use entra_oidc::Cloud;
use url::Url;

use super::{Access, CredentialSettings, EndpointVersion, Netloc, Settings};

/// A table of `[[site]]`: what is different under one host. A site is the settings outside the table, with those of the
/// table laid over them; each has the meaning of the setting of the same name.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct SiteTable {
    /// The host, and the port if there is one, under which browsers reach the site. Required. It is the site's name too.
    pub domain: Option<Netloc>,
    /// The application that signs users in here. One of its own needs a credential of its own. Also `client_id`.
    pub application_id: Option<String>,
    /// Who signs users in here. When it is set, nothing of the authority outside the table counts.
    pub authority: Option<AuthoritySettings>,
    /// The credential. When there is one here or in `credential`, none outside the table counts.
    pub own_credential: CredentialSettings,
    /// Credentials that are tried in this order, instead of `own_credential`.
    pub credential: Vec<CredentialSettings>,
    /// Parameters that are added to every authorization request.
    pub auth_extra_arguments: Option<Vec<(String, String)>>,
    /// Whether guests of the tenant may sign in.
    pub guests: Option<Access>,
    /// Whether personal Microsoft accounts may sign in.
    pub personal_accounts: Option<Access>,
    /// Domains and addresses that may enter.
    pub allowable_domains: Option<Vec<String>>,
    /// GUIDs of tenants, beside the pinned one, whose members' addresses are trusted.
    pub trusted_email_tenants: Option<Vec<String>>,
    /// Whether an unknown account becomes a user.
    pub auto_create_users: Option<bool>,
    /// Who is a member of the staff here and nowhere else, beside those of the `staff_list` outside the table.
    pub staff_list: Vec<String>,
    /// The longest life of a session.
    pub session_cookie_age: Option<Duration>,
    /// How long a session may go unused.
    pub session_idle_age: Option<Duration>,
    /// Where a sign-in without `next` leads.
    pub next_url: Option<String>,
    /// Where a failed sign-in leads.
    pub login_failed_url: Option<String>,
    /// Where sign-out leads.
    pub logout_redirect_path: Option<String>,
    /// Where a user's first sign-in leads.
    pub new_user_redirect_url: Option<String>,
    /// The button's text.
    pub text: Option<String>,
    /// A logo on the login page.
    pub logo_url: Option<String>,
}

/// Who Microsoft is, as one group; each field as in [`Settings`].
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct AuthoritySettings {
    /// As [`Settings::tenant_id`].
    pub tenant_id: Option<String>,
    /// As [`Settings::authority`](field@Settings::authority).
    pub authority: Option<Url>,
    /// As [`Settings::authority_host`].
    pub authority_host: Option<String>,
    /// As [`Settings::cloud`].
    pub cloud: Option<Cloud>,
    /// As [`Settings::endpoint_version`]. Default: v2.
    pub endpoint_version: Option<EndpointVersion>,
    /// As [`Settings::resource`].
    pub resource: Option<String>,
    /// As [`Settings::app_signing_keys`].
    pub app_signing_keys: bool,
    /// As [`Settings::b2c_tenant_name`].
    pub b2c_tenant_name: Option<String>,
    /// As [`Settings::b2c_policy`].
    pub b2c_policy: Option<String>,
    /// As [`Settings::reset_password_policy`].
    pub reset_password_policy: Option<String>,
    /// As [`Settings::edit_profile_policy`].
    pub edit_profile_policy: Option<String>,
    /// As [`Settings::allowed_tenants`](field@Settings::allowed_tenants).
    pub allowed_tenants: Vec<String>,
    /// As [`Settings::allow_any_tenant`].
    pub allow_any_tenant: bool,
    /// As [`Settings::graph_url`].
    pub graph_url: Option<Url>,
    /// As [`Settings::scopes`].
    pub scopes: Option<Vec<String>>,
}

impl SiteTable {
    /// A site at this host, where nothing is different yet.
    #[must_use]
    pub fn new(domain: Netloc) -> SiteTable {
        SiteTable { domain: Some(domain), ..SiteTable::default() }
    }

    /// Whether another application, another credential or another authority signs users in than outside the table.
    pub(crate) fn has_own_microsoft(&self) -> bool {
        self.application_id.is_some() || self.authority.is_some() || self.has_credential()
    }

    /// Whether it has a credential of its own, or a part of one.
    pub(crate) fn has_credential(&self) -> bool {
        let own = &self.own_credential;
        !self.credential.is_empty() || !own.kinds().is_empty() || !own.strays("").is_empty()
    }
}

impl Settings {
    /// The settings in force at a site: these, with the table's laid over them. `staff_list` is the site's alone.
    pub(crate) fn at_site(&self, table: &SiteTable) -> Settings {
        let mut site = Settings { site: Vec::new(), given: self.given.without_findings(), ..self.clone() };
        lay_optional(&mut site.application_id, table.application_id.as_ref());
        if table.has_credential() {
            site.replace_credentials(table);
        }
        if let Some(authority) = &table.authority {
            site.replace_authority(authority);
        }
        lay(&mut site.auth_extra_arguments, table.auth_extra_arguments.as_ref());
        lay(&mut site.guests, table.guests.as_ref());
        lay_optional(&mut site.personal_accounts, table.personal_accounts.as_ref());
        lay_optional(&mut site.allowable_domains, table.allowable_domains.as_ref());
        lay(&mut site.trusted_email_tenants, table.trusted_email_tenants.as_ref());
        lay(&mut site.auto_create_users, table.auto_create_users.as_ref());
        site.staff_list.clone_from(&table.staff_list);
        site.lay_session(table);
        lay(&mut site.next_url, table.next_url.as_ref());
        lay_optional(&mut site.login_failed_url, table.login_failed_url.as_ref());
        lay(&mut site.logout_redirect_path, table.logout_redirect_path.as_ref());
        lay_optional(&mut site.new_user_redirect_url, table.new_user_redirect_url.as_ref());
        lay_optional(&mut site.text, table.text.as_ref());
        lay_optional(&mut site.logo_url, table.logo_url.as_ref());
        site.lay_address(table);
        site
    }

    /// A shorter life here leaves no room for a longer idle age from outside.
    fn lay_session(&mut self, table: &SiteTable) {
        lay(&mut self.session_cookie_age, table.session_cookie_age.as_ref());
        lay_optional(&mut self.session_idle_age, table.session_idle_age.as_ref());
        if table.session_idle_age.is_none() {
            self.session_idle_age = self.session_idle_age.map(|age| age.min(self.session_cookie_age));
        }
    }

    /// The site's own host, under the scheme of `public_url`. A loopback name without port stands for any port, which only
    /// a request tells.
    fn lay_address(&mut self, table: &SiteTable) {
        self.callback_domain = table.domain.clone().filter(|domain| !domain.is_any_port());
        if self.callback_domain.is_none() {
            self.public_url = None;
        }
    }

    fn replace_credentials(&mut self, table: &SiteTable) {
        let own = table.own_credential.clone();
        self.given.forget_platform_token_file();
        self.client_secret = own.client_secret;
        self.client_secret_expires = own.client_secret_expires;
        self.client_assertion = own.client_assertion;
        self.client_assertion_type = own.client_assertion_type;
        self.federated_token_file = own.federated_token_file;
        self.client_certificate_path = own.client_certificate_path;
        self.client_certificate_password = own.client_certificate_password;
        self.client_certificate_algorithm = own.client_certificate_algorithm;
        self.send_certificate_chain = own.send_certificate_chain;
        self.managed_identity_client_id = own.managed_identity_client_id;
        self.credential.clone_from(&table.credential);
    }

    fn replace_authority(&mut self, own: &AuthoritySettings) {
        let own = own.clone();
        self.tenant_id = own.tenant_id;
        self.authority = own.authority;
        self.authority_host = own.authority_host;
        self.cloud = own.cloud;
        self.endpoint_version = own.endpoint_version.unwrap_or(EndpointVersion::V2);
        self.resource = own.resource;
        self.app_signing_keys = own.app_signing_keys;
        self.b2c_tenant_name = own.b2c_tenant_name;
        self.b2c_policy = own.b2c_policy;
        self.reset_password_policy = own.reset_password_policy;
        self.edit_profile_policy = own.edit_profile_policy;
        self.allowed_tenants = own.allowed_tenants;
        self.allow_any_tenant = own.allow_any_tenant;
        self.graph_url = own.graph_url;
        self.scopes = own.scopes;
    }
}

fn lay<T: Clone>(field: &mut T, own: Option<&T>) {
    if let Some(own) = own {
        field.clone_from(own);
    }
}

fn lay_optional<T: Clone>(field: &mut Option<T>, own: Option<&T>) {
    if own.is_some() {
        *field = own.cloned();
    }
}
