//! What each number means.

/// Number, `error`, text, by number. The texts are ours; only numbers and errors are the protocol.
pub(super) const TABLE: &[(u32, &str, &str)] = &[
    (16000, "interaction_required", "Several accounts are signed in and nothing says which one to use."),
    (50011, "invalid_request", "The redirect URI of the request is not one that is registered for the application."),
    (50013, "invalid_grant", "The assertion is not valid."),
    (
        50020,
        "invalid_grant",
        "The account is not a member and not a guest of this tenant, or of a kind the application does not accept.",
    ),
    (50027, "invalid_client", "The JWT is malformed."),
    (50034, "invalid_grant", "There is no such account here."),
    (50049, "invalid_instance", "Unknown or invalid instance."),
    (50057, "invalid_grant", "The account is disabled."),
    (50058, "login_required", "Nobody is signed in, and the request allows no page (prompt=none)."),
    (50105, "interaction_required", "The application wants its users assigned, and this account is not."),
    (50147, "invalid_request", "The code challenge must have 43 to 128 characters."),
    (50173, "invalid_grant", "The grant was revoked; a fresh sign-in is needed."),
    (
        50194,
        "invalid_request",
        "The application is for one tenant only and cannot be used at /common or /organizations.",
    ),
    (53003, "access_denied", "Blocked by Conditional Access."),
    (54005, "invalid_grant", "The authorization code was redeemed before."),
    (65001, "consent_required", "The user or an administrator has not consented to the application."),
    (65004, "access_denied", "The user declined to consent."),
    (70000, "invalid_grant", "The grant is not valid for this client."),
    (70003, "unsupported_grant_type", "The grant type is not supported."),
    (70005, "unsupported_response_type", "The response type is not supported."),
    (70007, "invalid_request", "The response mode is not supported for this response type."),
    (70008, "invalid_grant", "The authorization code has expired."),
    (70011, "invalid_scope", "The scope is not valid."),
    (70016, "authorization_pending", "The user has not signed in with the code yet."),
    (70018, "bad_verification_code", "The code is not known."),
    (70020, "expired_token", "The device code has expired."),
    (70025, "invalid_client", "The application has no federated identity credentials."),
    (90002, "invalid_request", "There is no such tenant."),
    (90023, "invalid_request", "A parameter of the request is not valid."),
    (90027, "invalid_request", "Personal accounts cannot be used at this version of the endpoint."),
    (90094, "consent_required", "An administrator must consent."),
    (90130, "invalid_request", "The application cannot be used at this endpoint."),
    (240_002, "invalid_grant", "The assertion is an ID token; an access token is needed."),
    (500_011, "invalid_resource", "The resource of the scope does not exist in this tenant."),
    (500_131, "invalid_grant", "The assertion is for another application."),
    (500_133, "invalid_grant", "The assertion has expired."),
    (501_481, "invalid_grant", "The code verifier does not match the code challenge of the request."),
    (501_491, "invalid_request", "The code challenge, its method or the code verifier is malformed."),
    (700_005, "invalid_grant", "The authorization code was issued at another tenant's path."),
    (700_016, "unauthorized_client", "The application was not found in the tenant."),
    (700_021, "invalid_client", "The issuer and the subject of the client assertion must be the client id."),
    (700_022, "invalid_request", "The scope names several resources."),
    (700_023, "invalid_client", "The audience of the client assertion is not this tenant's token endpoint."),
    (700_024, "invalid_client", "The client assertion is not within its valid time range."),
    (700_025, "invalid_client", "The client is public and must send no credential."),
    (700_027, "invalid_client", "The signature of the client assertion is not that of a registered credential."),
    (700_030, "invalid_client", "The subject name of the certificate is not authorised."),
    (700_038, "unauthorized_client", "The client id is not a valid application identifier."),
    (700_054, "unsupported_response_type", "The response type id_token is not enabled for the application."),
    (700_082, "invalid_grant", "The refresh token was not used for too long."),
    (700_211, "invalid_client", "No federated identity credential has this issuer."),
    (700_212, "invalid_client", "No federated identity credential of this issuer and subject has this audience."),
    (700_213, "invalid_client", "No federated identity credential of this issuer has this subject."),
    (700_229, "invalid_client", "Only app-only tokens can be used as federated identity credentials of this issuer."),
    (900_144, "invalid_request", "The request lacks a parameter."),
    (900_561, "invalid_request", "The endpoint accepts POST requests only."),
    (900_971, "invalid_request", "The application has no reply address."),
    (901_002, "invalid_request", "The parameter resource is not supported; use scope."),
    (1_000_502, "invalid_client", "The certificate is not within its validity window."),
    (7_000_112, "unauthorized_client", "The application is disabled."),
    (
        7_000_114,
        "invalid_grant",
        "The application cannot be called on behalf of itself: the assertion is an app-only token.",
    ),
    (7_000_214, "invalid_client", "The certificate is revoked."),
    (7_000_215, "invalid_client", "The client secret is wrong."),
    (7_000_218, "invalid_client", "The request has no client_assertion and no client_secret."),
    (7_000_222, "invalid_client", "The client secret has expired."),
    (
        7_002_138,
        "invalid_client",
        "The subject differs from a federated identity credential's in upper and lower case.",
    ),
    (
        9_001_023,
        "invalid_request",
        "The grant type is not supported at /common, /organizations or /consumers; name a tenant.",
    ),
    (9_002_313, "invalid_request", "The request is malformed."),
    (9_002_326, "invalid_request", "A request with an Origin header must not carry client credentials."),
];

#[cfg(test)]
mod tests {
    use crate::aadsts::Refusal;

    use super::TABLE;

    #[test]
    fn numbers_are_there_once() {
        let mut numbers: Vec<u32> = TABLE.iter().map(|(number, ..)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), TABLE.len());
    }

    /// As recorded or documented, by `error` and the token endpoint's status.
    #[test]
    fn errors_and_statuses() {
        let rows: [(&str, u16, &[u32]); 12] = [
            (
                "invalid_client",
                401,
                &[
                    50027, 70025, 700_021, 700_023, 700_024, 700_025, 700_027, 700_030, 700_211, 700_212, 700_213,
                    700_229, 1_000_502, 7_000_214, 7_000_215, 7_000_218, 7_000_222, 7_002_138,
                ],
            ),
            (
                "invalid_grant",
                400,
                &[
                    50013, 50020, 50034, 50057, 50173, 54005, 70000, 70008, 240_002, 500_131, 500_133, 501_481,
                    700_005, 700_082, 7_000_114,
                ],
            ),
            ("unauthorized_client", 400, &[700_016, 700_038, 7_000_112]),
            ("unsupported_grant_type", 400, &[70003]),
            ("invalid_resource", 400, &[500_011]),
            ("invalid_scope", 400, &[70011]),
            ("authorization_pending", 400, &[70016]),
            ("bad_verification_code", 400, &[70018]),
            ("expired_token", 400, &[70020]),
            (
                "invalid_request",
                400,
                &[90002, 90023, 900_144, 900_561, 901_002, 700_022, 9_001_023, 9_002_313, 9_002_326, 501_491, 50147],
            ),
            ("interaction_required", 400, &[16000, 50105]),
            ("consent_required", 400, &[65001, 90094]),
        ];
        for (error, status, numbers) in rows {
            for number in numbers {
                let refusal = Refusal::of(*number);
                assert_eq!((refusal.error.as_str(), refusal.status()), (error, status), "{number}");
            }
        }
    }
}
