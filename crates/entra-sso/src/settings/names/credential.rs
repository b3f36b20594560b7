//! How the application proves itself. One of these is used; `credential` is for more than one.

use super::super::{
    Settings,
    key::{Key, key},
    tables,
};

pub(super) static KEYS: &[Key<Settings>] = &[
    key(
        "client_secret",
        "text",
        "none",
        "\"the value of a client secret\"",
        "A client secret of the registration: its Value, not its Secret ID. It comes before every other credential.",
        |settings: &mut Settings, raw| raw.secret().map(|value| settings.client_secret = Some(value)),
    )
    .ambient("AZURE_CLIENT_SECRET")
    .secret(),
    key(
        "client_secret_expires",
        "date",
        "not known",
        "2027-06-30",
        "The day on which `client_secret` expires, as the portal shows it: nothing else tells. `entra-sso check` warns \
         during the 30 days before.",
        |settings, raw| raw.date().map(|value| settings.client_secret_expires = Some(value)),
    ),
    key(
        "client_assertion",
        "text",
        "none",
        "\"a signed JWT\"",
        "A client assertion that somebody else has signed, used as it is until it expires. An assertion that is renewed \
         belongs into `federated_token_file`.",
        |settings: &mut Settings, raw| raw.secret().map(|value| settings.client_assertion = Some(value)),
    )
    .secret()
    .without_file(),
    key(
        "federated_token_file",
        "path",
        "none",
        "\"/var/run/secrets/azure/tokens/azure-identity-token\"",
        "A file with a token of another identity provider (workload identity, such as Kubernetes projects it), read again \
         for every exchange. The variables AZURE_FEDERATED_TOKEN_FILE, OAUTH2_FIC_TOKEN_FILE and \
         OAUTH2_FEDERATED_TOKEN_FILE, in this order, come before it.",
        |settings, raw| raw.text().map(|value| settings.federated_token_file = Some(value.into())),
    ),
    key(
        "client_assertion_type",
        "URI",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "\"urn:ietf:params:oauth:client-assertion-type:saml2-bearer\"",
        "The type that is sent with `client_assertion` and with the token of a file.",
        |settings, raw| raw.text().map(|value| settings.client_assertion_type = Some(value)),
    ),
    key(
        "client_certificate_path",
        "path",
        "none",
        "\"/run/secrets/sso-certificate.pem\"",
        "A certificate of the registration with its private key: a PEM file that holds both, or a PFX file.",
        |settings: &mut Settings, raw| raw.text().map(|value| settings.client_certificate_path = Some(value.into())),
    )
    .ambient("AZURE_CLIENT_CERTIFICATE_PATH"),
    key(
        "client_certificate_password",
        "text",
        "none",
        "\"the password of the PFX file\"",
        "The password of a PFX file. A PEM file has none: its key is not encrypted.",
        |settings: &mut Settings, raw| raw.secret().map(|value| settings.client_certificate_password = Some(value)),
    )
    .ambient("AZURE_CLIENT_CERTIFICATE_PASSWORD")
    .secret(),
    key(
        "client_certificate_algorithm",
        "`PS256` or `RS256`",
        "`PS256`",
        "\"RS256\"",
        "How the certificate's key signs. RS256, with the older thumbprint, is for servers that do not know PS256, such as \
         AD FS.",
        |settings, raw| raw.choice().map(|value| settings.client_certificate_algorithm = value),
    ),
    key(
        "send_certificate_chain",
        "true or false",
        "false",
        "true",
        "Send the certificate and its chain along, as registrations by subject name and issuer need it.",
        |settings, raw| raw.flag().map(|value| settings.send_certificate_chain = value),
    ),
    key(
        "managed_identity_client_id",
        "GUID",
        "none",
        "\"22222222-3333-4444-5555-666666666666\"",
        "The client id of a user-assigned managed identity that the registration trusts as a federated credential.",
        |settings, raw| raw.text().map(|value| settings.managed_identity_client_id = Some(value)),
    ),
    key(
        "credential",
        "list of tables",
        "none",
        "[{ federated_token_file = \"/var/run/secrets/token\" }, { client_certificate_path = \"/run/secrets/sso.pem\" }]",
        "Credentials that are tried in this order: the next one when Microsoft refuses the one before it \
         (`invalid_client`), as during a change of secrets. Beside such a list no other setting of this section may be \
         set, and the `AZURE_…` and `OAUTH2_…` variables of credentials are left aside. In TOML each is a table \
         `[[credential]]` with the settings of one kind; in the environment a JSON list of objects.",
        |settings, raw| tables::credentials(raw).map(|value| settings.credential = value),
    ),
];
