//! Which Microsoft the demo uses.
//!
//! The environment decides: when nothing in it names an authority or a credential, the local one; when everything is
//! there, the one that is named. Anything between the two ends the command, because falling back to a Microsoft that
//! lets everyone in is how a demo becomes production.

use entra_sso::{
    EntraSso,
    oidc::is_loopback,
    settings::{Settings, Sources},
};

use crate::{environment::Environment, failure::Failure, listen::Address};

/// What stands behind the button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Microsoft {
    /// The emulator in this process.
    Emulator,
    /// Whatever the settings name.
    Real,
}

/// One part of what it takes to use a Microsoft that is not ours: any of these names provides it.
struct Part {
    /// The name to recommend.
    name: &'static str,
    others: &'static [&'static str],
}

const NEEDED: &[Part] = &[
    Part {
        name: "AZURE_TENANT_ID",
        others: &["MICROSOFT_SSO_TENANT_ID", "MICROSOFT_SSO_AUTHORITY", "MICROSOFT_SSO_B2C_TENANT_NAME"],
    },
    Part { name: "AZURE_CLIENT_ID", others: &["MICROSOFT_SSO_APPLICATION_ID", "MICROSOFT_SSO_CLIENT_ID"] },
    Part {
        name: "AZURE_CLIENT_SECRET",
        others: &[
            "AZURE_CLIENT_SECRET_FILE",
            "MICROSOFT_SSO_CLIENT_SECRET",
            "MICROSOFT_SSO_CLIENT_SECRET_FILE",
            "MICROSOFT_SSO_CLIENT_ASSERTION",
            "AZURE_FEDERATED_TOKEN_FILE",
            "OAUTH2_FIC_TOKEN_FILE",
            "OAUTH2_FEDERATED_TOKEN_FILE",
            "MICROSOFT_SSO_FEDERATED_TOKEN_FILE",
            "AZURE_CLIENT_CERTIFICATE_PATH",
            "MICROSOFT_SSO_CLIENT_CERTIFICATE_PATH",
            "MICROSOFT_SSO_MANAGED_IDENTITY_CLIENT_ID",
            "MICROSOFT_SSO_CREDENTIAL",
        ],
    },
];

/// Set but empty counts as set: it is a mistake, and not a wish for the emulator.
pub(super) fn decide(environment: &Environment) -> Result<Microsoft, Failure> {
    let has_file = environment.get("MICROSOFT_SSO_SETTINGS_FILE").is_some();
    // The settings know every name that speaks of an application, a credential or an authority, here and in the file.
    let settings = Sources::new().vars(environment.vars()).load();
    let Some(named) = settings.microsoft_names().first() else {
        // A file that cannot be read may name anything.
        return if has_file {
            Settings::from_vars(environment.vars()).map(|_| Microsoft::Emulator).map_err(Into::into)
        } else {
            Ok(Microsoft::Emulator)
        };
    };
    // What is still missing beside a file is found by the settings' own checks.
    if has_file {
        return Ok(Microsoft::Real);
    }
    let is_given = |name: &str| environment.get(name).is_some_and(|value| !value.trim().is_empty());
    let missing: Vec<&str> = NEEDED.iter().filter(|part| !part.names().any(is_given)).map(|part| part.name).collect();
    if missing.is_empty() {
        return Ok(Microsoft::Real);
    }
    Err(Failure::new(format_args!(
        "{named} is set, but not everything that goes with it (missing or empty: {}); set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (or another credential) to use Microsoft, or \
         unset {named} to use the local emulator",
        missing.join(", ")
    )))
}

impl Part {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.others.iter().copied())
    }
}

/// The local Microsoft lets everyone in, so nobody on another machine may reach what trusts it.
pub(super) fn may_serve_emulator(listen: &Address) -> Result<(), Failure> {
    if listen.is_loopback() {
        return Ok(());
    }
    Err(Failure::new(format_args!(
        "--listen {listen}: the local emulator lets everyone in, so with it the demo answers on a loopback address only; use \
         localhost:PORT, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET to use Microsoft"
    )))
}

/// Nor may the settings say that anything but loopback is served.
pub(super) fn may_name_emulator(settings: &Settings) -> Result<(), Failure> {
    let public_url =
        settings.public_url.iter().filter(|url| !is_loopback(url)).map(|url| ("PUBLIC_URL", url.to_string()));
    let hosts = settings.callback_domain.iter().map(|host| ("CALLBACK_DOMAIN", host));
    let hosts = hosts.chain(settings.allowed_hosts.iter().map(|host| ("ALLOWED_HOSTS", host)));
    let hosts = hosts.filter(|(_, host)| !host.is_loopback()).map(|(name, host)| (name, host.to_string()));
    let Some((name, public)) = public_url.chain(hosts).next() else { return Ok(()) };
    Err(Failure::new(format_args!(
        "MICROSOFT_SSO_{name} names {public}, but the local emulator lets everyone in, so with it the demo serves loopback \
         addresses only; unset it, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET to use Microsoft"
    )))
}

/// Plain http leaves this machine only towards a proxy that `public_url` speaks for.
pub(super) fn may_serve_real(settings: &Settings, listen: &Address) -> Result<(), Failure> {
    let behind_https = settings.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    if listen.is_loopback() || behind_https {
        return Ok(());
    }
    Err(Failure::new(format_args!(
        "--listen {listen}: the demo speaks plain http, so it answers other machines only through a proxy with https; \
         set MICROSOFT_SSO_PUBLIC_URL to the proxy's https address, or use localhost:PORT"
    )))
}

/// Which one it is, for the greeting and the foot of every page.
pub(super) fn description(sso: &EntraSso) -> String {
    let authority = sso.client().authority();
    let host = authority.base().as_str().trim_end_matches('/');
    authority.tenant().map_or_else(|| host.to_owned(), |tenant| format!("{host} (tenant {tenant})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x10_no_subset_of_the_credential_variables_falls_back_to_the_emulator() {
        let ours = [
            "ALLOWED_TENANTS",
            "ALLOW_ANY_TENANT",
            "APPLICATION_ID",
            "APP_SIGNING_KEYS",
            "AUTHORITY",
            "AUTHORITY_HOST",
            "B2C_POLICY",
            "B2C_TENANT_NAME",
            "CLIENT_ASSERTION",
            "CLIENT_ASSERTION_TYPE",
            "CLIENT_CERTIFICATE_ALGORITHM",
            "CLIENT_CERTIFICATE_PASSWORD",
            "CLIENT_CERTIFICATE_PASSWORD_FILE",
            "CLIENT_CERTIFICATE_PATH",
            "CLIENT_ID",
            "CLIENT_SECRET",
            "CLIENT_SECRET_EXPIRES",
            "CLIENT_SECRET_FILE",
            "CLOUD",
            "CREDENTIAL",
            "EDIT_PROFILE_POLICY",
            "ENDPOINT_VERSION",
            "FEDERATED_TOKEN_FILE",
            "GRAPH_URL",
            "MANAGED_IDENTITY_CLIENT_ID",
            "PROVIDER",
            "RESET_PASSWORD_POLICY",
            "RESOURCE",
            "SEND_CERTIFICATE_CHAIN",
            "TENANT_ID",
        ];
        let others = [
            "AZURE_AUTHORITY_HOST",
            "AZURE_CLIENT_ASSERTION",
            "AZURE_CLIENT_CERTIFICATE_PASSWORD",
            "AZURE_CLIENT_CERTIFICATE_PATH",
            "AZURE_CLIENT_ID",
            "AZURE_CLIENT_SECRET",
            "AZURE_CLIENT_SECRET_FILE",
            "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN",
            "AZURE_FEDERATED_TOKEN_FILE",
            "AZURE_PASSWORD",
            "AZURE_TENANT_ID",
            "AZURE_USERNAME",
            "OAUTH2_FEDERATED_TOKEN_FILE",
            "OAUTH2_FIC_TOKEN_FILE",
        ];
        let ours = ours.map(|name| format!("MICROSOFT_SSO_{name}"));
        let names = ours.iter().map(String::as_str).chain(others);
        for name in names {
            for value in ["", " ", "value"] {
                assert_ne!(decide(&Environment::from([(name, value)])), Ok(Microsoft::Emulator), "{name}={value:?}");
            }
        }
    }

    #[test]
    fn each_way_to_give_a_part_counts() {
        for tenant in NEEDED[0].names() {
            for application in NEEDED[1].names() {
                for secret in NEEDED[2].names() {
                    let environment = Environment::from([(tenant, "t"), (application, "a"), (secret, "s")]);
                    assert_eq!(decide(&environment), Ok(Microsoft::Real), "{tenant} {application} {secret}");
                }
            }
        }
    }

    #[test]
    fn settings_that_name_no_authority_leave_the_emulator() {
        let environment =
            Environment::from([("MICROSOFT_SSO_TEXT", "Sign in"), ("AZURE_CONFIG_DIR", "/x"), ("HOME", "/")]);
        assert_eq!(decide(&environment), Ok(Microsoft::Emulator));
    }

    #[test]
    fn an_empty_variable_is_a_mistake() {
        let environment =
            Environment::from([("AZURE_TENANT_ID", ""), ("AZURE_CLIENT_ID", "a"), ("AZURE_CLIENT_SECRET", "s")]);
        let line = decide(&environment).unwrap_err().lines().join("");
        assert!(line.contains("missing or empty: AZURE_TENANT_ID)"), "{line}");
    }
}
