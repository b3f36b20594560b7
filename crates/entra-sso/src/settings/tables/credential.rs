//! What stands in a table `[[credential]]`, and about the credential in a table `[[provider]]`.

use super::super::{
    CredentialSettings,
    key::{Key, key},
};

pub(in super::super) static KEYS: &[Key<CredentialSettings>] = &[
    key("client_secret", "text", "none", "\"its value\"", "A client secret.", |table: &mut CredentialSettings, raw| {
        raw.secret().map(|value| table.client_secret = Some(value))
    })
    .secret(),
    key(
        "client_secret_expires",
        "date",
        "not known",
        "2027-06-30",
        "The day on which the secret expires.",
        |table, raw| raw.date().map(|value| table.client_secret_expires = Some(value)),
    ),
    key(
        "secret_in_header",
        "true or false",
        "false",
        "true",
        "Send the secret in the `Authorization` header (`client_secret_basic`) rather than in the form.",
        |table, raw| raw.flag().map(|value| table.secret_in_header = value),
    ),
    key(
        "client_assertion",
        "text",
        "none",
        "\"a signed JWT\"",
        "A client assertion, used as it is.",
        |table: &mut CredentialSettings, raw| raw.secret().map(|value| table.client_assertion = Some(value)),
    )
    .secret()
    .without_file(),
    key(
        "federated_token_file",
        "path",
        "none",
        "\"/var/run/secrets/token\"",
        "A file with a token, read again for every exchange.",
        |table, raw| raw.text().map(|value| table.federated_token_file = Some(value.into())),
    ),
    key(
        "client_assertion_type",
        "URI",
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "\"urn:ietf:params:oauth:client-assertion-type:saml2-bearer\"",
        "The type that is sent with an assertion or a token.",
        |table, raw| raw.text().map(|value| table.client_assertion_type = Some(value)),
    ),
    key(
        "client_certificate_path",
        "path",
        "none",
        "\"/run/secrets/sso.pem\"",
        "A certificate with its private key, PEM or PFX.",
        |table, raw| raw.text().map(|value| table.client_certificate_path = Some(value.into())),
    ),
    key(
        "client_certificate_password",
        "text",
        "none",
        "\"the password\"",
        "The password of a PFX file.",
        |table: &mut CredentialSettings, raw| raw.secret().map(|value| table.client_certificate_password = Some(value)),
    )
    .secret(),
    key(
        "client_certificate_algorithm",
        "`PS256` or `RS256`",
        "`PS256`",
        "\"RS256\"",
        "How the certificate's key signs.",
        |table, raw| raw.choice().map(|value| table.client_certificate_algorithm = value),
    ),
    key(
        "send_certificate_chain",
        "true or false",
        "false",
        "true",
        "Send the certificate and its chain along.",
        |table, raw| raw.flag().map(|value| table.send_certificate_chain = value),
    ),
    key(
        "managed_identity_client_id",
        "GUID",
        "none",
        "\"22222222-3333-4444-5555-666666666666\"",
        "The client id of a user-assigned managed identity.",
        |table, raw| raw.text().map(|value| table.managed_identity_client_id = Some(value)),
    ),
];
