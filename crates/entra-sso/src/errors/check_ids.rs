//! sso.E… and sso.W…: what a check can find.

use super::severity::Severity;

/// A check's place in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckEntry {
    /// The id, such as `sso.E020`; the letter tells the severity.
    pub id: &'static str,
    /// A short name.
    pub name: &'static str,
    /// Errors stop the start; warnings can be silenced.
    pub severity: Severity,
    /// What was found.
    pub meaning: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

/// Every check, sorted by id: errors first.
#[must_use]
pub fn check_entries() -> Vec<&'static CheckEntry> {
    let mut all: Vec<&'static CheckEntry> = Check::ALL.iter().map(|check| check.entry()).collect();
    all.sort_by_key(|entry| entry.id);
    all
}

/// The enum and its part of the register are made from one list.
macro_rules! checks {
    ($($name:ident $id:literal $severity:ident: $meaning:literal, $remedy:literal;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Check {
            $(#[doc = $meaning] $name,)+
        }

        impl Check {
            pub(crate) const ALL: &[Check] = &[$(Check::$name,)+];

            pub(crate) fn entry(self) -> &'static CheckEntry {
                match self {
                    $(Check::$name => {
                        static ENTRY: CheckEntry = CheckEntry {
                            id: $id,
                            name: stringify!($name),
                            severity: Severity::$severity,
                            meaning: $meaning,
                            remedy: $remedy,
                        };
                        &ENTRY
                    })+
                }
            }
        }
    };
}

checks! {
    CallbackCacheMissing "sso.E001" Error: "The store that `callback_cache_name` chooses has no address, was not given, or cannot be reached.",
        "Set `database_url` or `redis_url` and give the opened store to the builder (`.database(…)`, `.redis(…)`), or choose `cookie`, which is beside the sessions.";
    SecureCallbackPlainHttp "sso.E002" Error: "`require_secure_callback` is set, and the callback would be at plain http off loopback.",
        "Serve https and name it in `public_url`: the browser would not send the cookie that the POST needs.";
    CallbackCacheMemory "sso.W001" Warning: "Used sign-ins and sign-out tokens are remembered in this process's memory, whatever `require_secure_callback` is: other processes could let one pass again, or refresh a session's token a second time.",
        "Choose `database` or `redis`, or write `replicas = 1` if there is one process.";
    SettingUnknown "sso.E010" Error: "A key of the TOML file or a `MICROSOFT_SSO_…` variable has no setting of that name.",
        "Correct the name or remove it; `docs/settings.md` lists all of them.";
    SettingTwice "sso.E011" Error: "One setting is given twice in the same place, under its name and an alias for example.",
        "Keep one of them.";
    SettingEmpty "sso.E012" Error: "A setting is present but empty, which is not the same as absent.",
        "Give it a value, or remove it altogether.";
    SettingInvalid "sso.E013" Error: "A setting's value cannot be read as what it has to be.",
        "Write the value as `docs/settings.md` shows it.";
    SecretTwice "sso.E014" Error: "A secret is given directly and as a file at the same time.",
        "Keep one of them, best the file.";
    SecretFile "sso.E015" Error: "The file of a `…_FILE` setting cannot be read, or it is empty.",
        "Check the path and this process's right to read it.";
    SettingsFile "sso.E016" Error: "The settings file cannot be read, or it is not TOML.",
        "Check the path in `MICROSOFT_SSO_SETTINGS_FILE`, and the file's syntax at the place given.";
    CaFile "sso.E017" Error: "The file of `ca_file` cannot be read.",
        "Check the path and this process's right to read it; it is a PEM file with one or more certificates.";
    ForeignSetting "sso.W010" Warning: "A `SOCIAL_AUTH_…` variable is set; it is not read.",
        "Use the setting named beside it, and remove the variable.";

    ApplicationMissing "sso.E020" Error: "No application is named.",
        "Set `application_id` (MICROSOFT_SSO_APPLICATION_ID or AZURE_CLIENT_ID) to the Application (client) ID that the portal shows on the registration's overview page.";
    ApplicationInvalid "sso.E021" Error: "`application_id` is not a GUID.",
        "Copy the Application (client) ID from the registration's overview page; it looks like 11111111-2222-3333-4444-555555555555.";
    CredentialMissing "sso.E022" Error: "The application has no credential.",
        "Set one of `client_secret` (MICROSOFT_SSO_CLIENT_SECRET, MICROSOFT_SSO_CLIENT_SECRET_FILE or AZURE_CLIENT_SECRET: the Value of a client secret), `federated_token_file` (or AZURE_FEDERATED_TOKEN_FILE), `client_certificate_path` (or AZURE_CLIENT_CERTIFICATE_PATH), `managed_identity_client_id`, `client_assertion`.";
    CredentialConflict "sso.E023" Error: "A list of credentials stands beside another credential.",
        "Keep the list `credential` alone, with the others as tables in it, or remove the list.";
    CredentialInvalid "sso.E024" Error: "A credential cannot be used as it is written.",
        "Give exactly one kind of credential in each table, and each value as `docs/settings.md` shows it.";
    TokenFileUnusable "sso.E025" Error: "A token file cannot be read, or it is empty.",
        "Check the path and this process's right to read it; it is a file with one token, as Kubernetes projects it.";
    CertificateInvalid "sso.E026" Error: "The file of a certificate cannot be used.",
        "Give a PEM file with the certificate and its unencrypted RSA key, or a PFX file with its password.";
    CredentialOver "sso.E027" Error: "A certificate or an assertion has expired, or is not valid yet.",
        "Register a new one, and check the clock of this machine.";
    CredentialUnsupported "sso.E028" Error: "The authority does not take this kind of credential.",
        "Use a client secret, which every authority takes, or a certificate, which all but B2C take.";
    CredentialFeature "sso.E029" Error: "This program was built without what the credential needs.",
        "Build it with the cargo feature that the text names, or use another credential.";
    SecretLooksLikeId "sso.W020" Warning: "`client_secret` is a GUID, as a secret's id is; a secret's value is not.",
        "Copy the column Value, not Secret ID, when the portal shows a new secret (Microsoft would answer AADSTS7000215).";
    CredentialExpiring "sso.W021" Warning: "A credential expires within 30 days.",
        "Register a new secret or certificate now and change over to it; a list `credential` holds both for a while.";
    CredentialUnused "sso.W022" Warning: "A credential is set and not used, because another one comes before it.",
        "Remove the one that is not meant: exactly one credential is used, and no other is tried when it fails.";
    CredentialPast "sso.W023" Warning: "A credential's date has passed.",
        "Register a new one; if that has happened already, correct the date or remove the old one from the list.";

    AuthorityMissing "sso.E030" Error: "Nothing says who may sign in: neither `tenant_id` nor `authority` nor `b2c_tenant_name` is set.",
        "Set `tenant_id` to your tenant's GUID (the usual choice) or one of its verified domains; or to `organizations` (any work or school account), `common` (those and personal accounts) or `consumers` (personal accounts only). For External ID set `authority`, for B2C `b2c_tenant_name` and `b2c_policy`.";
    AuthorityInvalid "sso.E031" Error: "`tenant_id`, `authority`, `authority_host` or `cloud` cannot be used.",
        "Give a tenant GUID, a verified domain, `organizations`, `common` or `consumers`; hosts without a path.";
    AuthorityTwice "sso.E032" Error: "Two settings name the authority and they do not go together.",
        "Keep `tenant_id` (with `cloud` or `authority_host` when it is not the public cloud), or keep `authority` alone.";
    TenantsUndecided "sso.E033" Error: "Accounts of many tenants may sign in, and nothing says which tenants are meant.",
        "List their GUIDs in `allowed_tenants`, or set `allow_any_tenant = true` if really every tenant may enter.";
    TenantsInvalid "sso.E034" Error: "`allowed_tenants` cannot be used as it is.",
        "List tenant GUIDs, and only with a `tenant_id` that admits many tenants.";
    AuthorityHostUnknown "sso.E035" Error: "`authority_host` is not a Microsoft host that this version knows, and many tenants may sign in.",
        "Use a known host, or a concrete `tenant_id`: with an unknown host only one pinned tenant is safe.";
    AuthorityHostForeign "sso.W035" Warning: "`authority_host` is not a Microsoft host that this version knows.",
        "Check that it is your tenant's custom domain, or speaks for Microsoft otherwise: whoever answers there decides who signs in. If it does, `silenced_checks = [\"sso.W035\"]` keeps this quiet.";
    LoopbackAuthority "sso.E036" Error: "Microsoft is played by something on this machine, or is asked over plain http, while a public name is served.",
        "Remove `authority_host`, `authority` or `graph_url` (look for AZURE_AUTHORITY_HOST and MICROSOFT_SSO_GRAPH_URL in the environment); a local emulator is for loopback addresses only.";
    GraphUrlInvalid "sso.E037" Error: "`graph_url` cannot be used.",
        "Give the base without version, path or query, such as `https://graph.microsoft.com`.";
    ArgumentsInvalid "sso.E038" Error: "`auth_extra_arguments` would change what the protocol itself sets, or what only code may ask for.",
        "Remove these names; `scopes` and the other settings are the way to change what is asked.";
    ScopesInvalid "sso.E039" Error: "`scopes` has an entry that is no scope.",
        "List single scopes such as `User.Read`, without spaces or quotes.";

    PublicUrlInvalid "sso.E040" Error: "`public_url` cannot be used.",
        "Give scheme and host only, such as `https://app.example.com`; the path belongs to `prefix`.";
    PlainHttp "sso.E041" Error: "A public name would be served over plain http.",
        "Use https in `public_url`; http is for localhost, 127.0.0.1 and [::1].";
    CallbackDomainConflict "sso.E042" Error: "`callback_domain` and what else is configured do not go together.",
        "Use `public_url` alone, or let both be loopback or both be public.";
    PrefixInvalid "sso.E044" Error: "`prefix` cannot be used.",
        "Give a path of plain segments such as `/microsoft_sso`, without a slash at its end, and with the whole path when the routes are nested.";
    PathInvalid "sso.E045" Error: "A page's setting is not a path on this site.",
        "Give a path such as `/welcome?x=1`: it starts with one slash, has no host, and `next_url` lies outside `prefix`.";
    NameInvalid "sso.E046" Error: "`name` cannot be part of a cookie's name.",
        "Use letters, digits, `-` and `_`, at most 32 of them.";
    LogoInvalid "sso.E047" Error: "`logo_url` is neither a path on this site nor an https address.",
        "Give a path such as `/static/logo.svg`, or an https URL.";
    ProxiesEveryone "sso.W040" Warning: "`trusted_proxies` trusts every address, so every visitor may choose scheme and host.",
        "List the proxies' own addresses or networks.";

    DomainsUndecided "sso.E050" Error: "Accounts from anywhere may sign in, and `allowable_domains` does not say which are meant.",
        "Set `allowable_domains`: a list of domains, or `[\"*\"]` if really everybody may enter.";
    DomainInvalid "sso.E051" Error: "`allowable_domains` has an entry that is neither a domain, `*.domain`, an address nor `*`.",
        "Write entries such as `example.com`, `*.example.com` or `adele@example.com`.";
    EmailTenantsInvalid "sso.E052" Error: "`trusted_email_tenants` has an entry that is not a tenant GUID.",
        "List the GUIDs of tenants whose own members' addresses you trust.";
    NobodyAllowed "sso.W050" Warning: "`allowable_domains` is an empty list: nobody can sign in.",
        "List the domains that may enter, or remove the setting to let the tenant rule alone decide.";
    AddressesUntrusted "sso.W051" Warning: "`allowable_domains` asks for an address that is trusted, and where people sign themselves up no address is.",
        "Use `[\"*\"]` there and let the authority decide who has an account; an External ID tenant whose addresses you trust belongs into `trusted_email_tenants`.";

    SecretKeyWeak "sso.E060" Error: "A key in `secret_keys` is too short, a known sample, or not random.",
        "Draw a key with `openssl rand -base64 32` and keep it outside the repository.";
    SecretKeysMissing "sso.E061" Error: "There are no `secret_keys`, and something needs them to be the same elsewhere or later.",
        "Draw a key with `openssl rand -base64 32` and give it to every replica as `secret_keys` (MICROSOFT_SSO_SECRET_KEYS_FILE).";
    AgeInvalid "sso.E062" Error: "A time limit is zero, too long, or longer than the limit above it.",
        "`timeout` is 1 to 1440 minutes; `session_idle_age` is at most `session_cookie_age`; `clock_skew` is at most 600 seconds; timeouts are 1 to 300 seconds.";
    ReplicasInvalid "sso.E063" Error: "`replicas` does not fit the stores.",
        "Memory stores serve exactly one process: use `replicas = 1`, or stores that are shared.";
    SecretKeysAbsent "sso.W060" Warning: "There are no `secret_keys`: keys are drawn at every start, so a restart ends every session and every unfinished sign-in.",
        "Draw a key with `openssl rand -base64 32` and set `secret_keys` (MICROSOFT_SSO_SECRET_KEYS_FILE).";
    MemoryUsers "sso.W061" Warning: "Users live in this process's memory and are forgotten when it ends.",
        "Give the builder a user store, such as `SqliteStore` of `entra-sso-sqlx`.";
    MemorySessions "sso.W062" Warning: "Sessions live in this process's memory: a restart signs everybody out.",
        "Give the builder a session store once that matters.";
    MetricsFeature "sso.E125" Error: "`metrics_listen` is set, and this program was built without the cargo feature `metrics`.",
        "Build entra-sso with the cargo feature `metrics`, or remove the setting.";
    MetricsPublic "sso.W126" Warning: "Metrics are served to more than this machine, and nobody is asked who he is there.",
        "Use a loopback address such as 127.0.0.1:9464, or let nobody but the scraper reach it: a network of its own, or a proxy that asks.";
    SessionStoreMissing "sso.E120" Error: "The store that `session_store` chooses has no address, or was not given.",
        "Set `database_url` or `redis_url` and give the opened store to the builder (`.database(…)`, `.redis(…)`), or choose another.";
    TokensNotSaved "sso.E098" Error: "`session_ends_with_token` is set and no token is saved.",
        "Set `save_access_token = true` too, or remove `session_ends_with_token`.";
    OfflineAccess "sso.W095" Warning: "`scopes` has `offline_access` and no token is saved.",
        "Set `save_access_token = true`, which asks for it by itself, or remove it from `scopes`: it is not asked for.";

    SilencedUnknown "sso.E070" Error: "`silenced_checks` names a check that does not exist.",
        "Use the ids of `docs/errors.md`, such as `sso.W060`.";
    SilencedError "sso.E071" Error: "`silenced_checks` names an error; only warnings can be silenced.",
        "Correct what the error says.";

    PolicyInvalid "sso.E080" Error: "The name of a B2C user flow or custom policy cannot be used.",
        "Give its name as the portal shows it, such as `B2C_1_susi`: it begins with `b2c_`, and has letters, digits, `-` and `_` only.";
    B2cIncomplete "sso.E081" Error: "The settings of a B2C tenant are not complete, or there is none.",
        "Set `b2c_tenant_name` and `b2c_policy` together; `reset_password_policy` and `edit_profile_policy` need both.";
    ResourceMisplaced "sso.E082" Error: "`resource` is set, and the endpoints ask by scope.",
        "Remove it, and name the API in `scopes`; or use `endpoint_version = \"v1\"`.";
    EndpointVersion "sso.E083" Error: "`endpoint_version` does not go with the authority.",
        "Remove it: v1 endpoints exist for work and school accounts of Entra only.";
    ScopesMisplaced "sso.E084" Error: "`scopes` is set, and v1 endpoints ask by `resource`.",
        "Remove `scopes` and name the API in `resource`; or use `endpoint_version = \"v2\"`.";
    ProviderInvalid "sso.E085" Error: "The name of a `[[provider]]` cannot be used.",
        "Give each a `name` of its own: lower-case letters, digits and inner hyphens, at most 32, and none that our own routes have.";
    ProviderAuthority "sso.E086" Error: "The issuer of a `[[provider]]`, or what goes with it, cannot be used.",
        "Give `oidc_authority` as the provider publishes its issuer, with https; `algorithms` out of `RS256`, `PS256` and `ES256`.";
    SigningKeysMisplaced "sso.E087" Error: "`app_signing_keys` does not go with the authority.",
        "Remove it: only Entra tenants have signing keys of one application.";
    RoleMapInvalid "sso.E095" Error: "`role_map` has an entry that cannot be read.",
        "Write the value of an app role or the object id of a group, each with `{tenant GUID}/` in front or without, and give it `staff` or `superuser`.";
    RoleMapTenant "sso.E096" Error: "`role_map` has an entry that does not say whose administrators are meant, and there is more than one tenant.",
        "Write `{tenant GUID}/` in front of the role or group: every tenant's administrator can give himself any role.";
    RoleMapNobody "sso.E097" Error: "`role_map` has an entry that nobody who signs in here can fulfil.",
        "Name a tenant that may sign in (`tenant_id`, `allowed_tenants`), or remove the entry; B2C and standard providers have no roles that count.";
    GroupsUnreadable "sso.W096" Warning: "`role_map` names a group, and `scopes` do not let Microsoft Graph tell the groups of who is in more than a token holds (200).",
        "Set `scopes = [\"User.Read\"]`; without it such a user counts as being in no group.";
    GraphUnknown "sso.W080" Warning: "The address of Microsoft Graph in this cloud is not known here, so that profiles come from the ID token.",
        "Set `graph_url`, or `profile_source = \"claims\"` to say that this is meant.";

    PersonInvalid "sso.E090" Error: "`staff_list` or `superuser_list` has an entry that names nobody.",
        "Write `tenant id/object id`, an object id, or a single address; the portal shows both ids on a user's page. `*` is for `staff_list`.";
    PersonTenantMissing "sso.E091" Error: "`staff_list` or `superuser_list` has an object id without its tenant, and many tenants may sign in.",
        "Write the tenant's id in front of it: `tenant id/object id`.";
    SuperuserEverybody "sso.E092" Error: "`superuser_list` has `*`.",
        "Name the people one by one; only `staff_list` can be `[\"*\"]`.";
    FirstSuperuserMisplaced "sso.E093" Error: "`auto_create_first_superuser` is set where a stranger could be the first.",
        "Remove it and name the first superuser in `superuser_list`, or use one tenant or `allowed_tenants` of Entra ID.";
    PersonUntrusted "sso.W090" Warning: "`staff_list` or `superuser_list` has an address, and where people sign themselves up no address is trusted.",
        "Name people by `tenant id/object id`; an External ID tenant whose addresses you trust belongs into `trusted_email_tenants`.";
    UniqueEmailUntrusted "sso.W091" Warning: "`unique_email` asks for an address that is trusted, and where people sign themselves up no address is: nobody new can enter.",
        "Remove `unique_email` there; an External ID tenant whose addresses you trust belongs into `trusted_email_tenants`.";
    StaffEverybody "sso.W092" Warning: "`staff_list` has `*`, and strangers may sign in: everybody in the world can become staff.",
        "Name the people one by one.";

    SiteDomainInvalid "sso.E100" Error: "A `[[site]]` has no `domain`, or one that means something else.",
        "Give each the host under which browsers reach it, such as `domain = \"shop.example\"`; `default` is the name of what stands outside the tables.";
    SiteDomainTaken "sso.E101" Error: "The `domain` of a `[[site]]` is another site's, or that of `public_url` or `callback_domain`.",
        "Give each site a host of its own; what is said of the host of `public_url` stands outside the tables.";
    SiteMixed "sso.E102" Error: "Of `public_url` and the `domain` of a `[[site]]` one is this machine and the other is not.",
        "Make both public, or both `localhost` or 127.0.0.1.";
    SiteKeyMisplaced "sso.E103" Error: "A `[[site]]` has a setting that is the whole application's.",
        "Write it outside the tables, above the first one.";
    SiteCredentialMissing "sso.E104" Error: "A `[[site]]` has an application of its own and no credential of it.",
        "Write the credential of that application into the same table, `client_secret` for example.";
    SitePermissionBare "sso.E105" Error: "`role_map`, `staff_list` or `superuser_list` names somebody without the tenant, and a `[[site]]` has another tenant.",
        "Write the tenant's id in front: `tenant id/role`, `tenant id/object id`; permissions are the same at every site, and each site's administrators could give them.";

    LanguageUnknown "sso.E110" Error: "`languages` names a language that there is no catalogue for.",
        "Use `en` and `de`, which come with the crate, or give the builder a catalogue of the language with `catalogue`.";
    TemplateInvalid "sso.E111" Error: "A template of the application cannot be used.",
        "Correct the template at the place given; `docs/pages.md` lists each template's values.";
    TemplateUnknown "sso.E112" Error: "A template of the application is never used.",
        "Give it the name of one of ours (`docs/pages.md`), or refer to it from one of yours.";
    CatalogueInvalid "sso.E113" Error: "A catalogue of texts cannot be used.",
        "Correct the texts named; `docs/pages.md` says where all names and placeholders stand.";
    PagePolicyInvalid "sso.E114" Error: "The content security policy of the pages cannot be used.",
        "Give single sources such as `https://cdn.example.com` or `'self'`; a whole policy is one line of ASCII.";
    CatalogueUnfinished "sso.W110" Warning: "A catalogue lacks texts, or no page is ever in its language.",
        "Add the texts, which are told in English until then, and name the language in `languages`.";
}
