use crate::error::Blame;

/// What an AADSTS number means, and who does what about it
/// (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).
///
/// For logs and for people. Behaviour branches on `error`, `suberror` and `claims`, never on the number.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Aadsts {
    /// The number after `AADSTS`.
    pub number: u32,
    /// What has happened.
    pub cause: &'static str,
    /// Who must act.
    pub who: Blame,
    /// What they do.
    pub remedy: &'static str,
}

impl Aadsts {
    /// What is known about this number.
    #[must_use]
    pub fn lookup(number: u32) -> Option<&'static Self> {
        TABLE.binary_search_by_key(&number, |row| row.number).ok().map(|index| &TABLE[index])
    }

    /// All that are known, by number.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        TABLE.iter()
    }
}

const fn row(number: u32, cause: &'static str, who: Blame, remedy: &'static str) -> Aadsts {
    Aadsts { number, cause, who, remedy }
}

/// In ascending order.
#[rustfmt::skip]
const TABLE: &[Aadsts] = &[
    row(16_000, "The selected account does not exist in the tenant.", Blame::User, "Sign in again and choose another account."),
    row(16_001, "The chosen account is no longer valid in this browser.", Blame::User, "Sign in again and choose the account anew."),
    row(28_002, "A scope is not valid for the resource.", Blame::Operator, "Check the configured scopes."),
    row(28_003, "The scope is empty.", Blame::Operator, "Check the configured scopes."),
    row(50_001, "The resource does not exist in the tenant.", Blame::Operator, "Check the scopes; let an administrator consent to the resource."),
    row(50_011, "The redirect URI is not registered.", Blame::Operator, "Register the redirect URI to the letter, with its slash at the end."),
    row(50_013, "The assertion is not valid.", Blame::Operator, "Renew the assertion; check its issuer and audience."),
    row(50_020, "The account of another tenant or provider may not sign in.", Blame::User, "Choose an account of this organisation, or ask to be invited."),
    row(50_027, "A token in the request is malformed.", Blame::Operator, "Look at the client assertion."),
    row(50_034, "The user does not exist in the tenant.", Blame::User, "Choose another account."),
    row(50_048, "The assertion's subject is not its issuer.", Blame::Operator, "Make the client assertion with the client id as issuer and subject."),
    row(50_049, "The authority host is unknown.", Blame::Operator, "Check cloud and authority host."),
    row(50_053, "The account is locked, or the address is blocked.", Blame::User, "Wait, or ask the help desk of the organisation."),
    row(50_055, "The password has expired.", Blame::User, "Change the password and sign in again."),
    row(50_057, "The account is disabled.", Blame::TenantAdministrator, "Enable the account."),
    row(50_058, "Nobody is signed in, and nothing may be asked.", Blame::User, "Start an interactive sign-in."),
    row(50_059, "The request names no tenant.", Blame::Operator, "Check the configured tenant."),
    row(50_061, "The sign-out request is not valid.", Blame::Operator, "Check the post-logout redirect URI and the registration."),
    row(50_068, "The sign-out could not finish: the session's application is unknown.", Blame::User, "Close the browser to end the session at Microsoft."),
    row(50_070, "The sign-out was not complete.", Blame::User, "Close the browser to end the session at Microsoft."),
    row(50_072, "The user has to set up another factor.", Blame::User, "Start an interactive sign-in."),
    row(50_074, "Another factor is required.", Blame::User, "Start an interactive sign-in."),
    row(50_076, "Another factor is required.", Blame::User, "Start an interactive sign-in."),
    row(50_078, "The other factor has expired.", Blame::User, "Start an interactive sign-in."),
    row(50_079, "The user has to set up another factor.", Blame::User, "Start an interactive sign-in."),
    row(50_089, "The sign-in took too long.", Blame::User, "Start again."),
    row(50_097, "The device has to be authenticated.", Blame::User, "Start an interactive sign-in on a registered device."),
    row(50_105, "The user is not assigned to the application.", Blame::TenantAdministrator, "Assign the user, or a group of his, to the application."),
    row(50_126, "The user name or the password is wrong.", Blame::User, "Sign in again."),
    row(50_128, "The request names no tenant that exists.", Blame::Operator, "Check the configured tenant."),
    row(50_132, "The session is no longer valid, for instance after a new password.", Blame::User, "Sign in again."),
    row(50_133, "The session is no longer valid, for instance after a new password.", Blame::User, "Sign in again."),
    row(50_140, "The question whether to stay signed in interrupted the sign-in.", Blame::User, "Sign in again."),
    row(50_147, "The PKCE challenge has the wrong size.", Blame::Operator, "Report it as an error of this software."),
    row(50_173, "The grant was revoked; a new sign-in is needed.", Blame::User, "Sign in again."),
    row(50_194, "The application is not for many tenants, and `common` was used.", Blame::Operator, "Configure the tenant, or register the application for many tenants."),
    row(50_196, "The same request came too often.", Blame::Operator, "Stop the loop: look at why the sign-in starts again and again."),
    row(53_000, "The device is not compliant.", Blame::TenantAdministrator, "Use a compliant device; see the Conditional Access policy."),
    row(53_001, "The device is not joined.", Blame::TenantAdministrator, "Use a joined device; see the Conditional Access policy."),
    row(53_002, "The application is not an approved one.", Blame::TenantAdministrator, "See the Conditional Access policy."),
    row(53_003, "Conditional Access blocks the sign-in.", Blame::TenantAdministrator, "See the Conditional Access policy and the sign-in log of the tenant."),
    row(53_004, "The user has to set up security information first.", Blame::User, "Start an interactive sign-in."),
    row(54_005, "The code has been redeemed already.", Blame::User, "Start again; a callback address works once."),
    row(65_001, "Nobody has consented to the application.", Blame::TenantAdministrator, "Let the user or an administrator consent."),
    row(65_004, "The user declined to consent.", Blame::User, "Start again and consent, or leave it."),
    row(65_005, "The application asks for a resource that it may not use.", Blame::Operator, "Check the API permissions of the registration."),
    row(70_000, "The grant is not valid.", Blame::User, "Sign in again."),
    row(70_001, "The application does not exist in the tenant or is disabled.", Blame::Operator, "Check client id and tenant."),
    row(70_002, "The application could not prove itself.", Blame::Operator, "Check the credential."),
    row(70_003, "The grant type is not supported.", Blame::Operator, "Report it as an error of this software."),
    row(70_005, "The response type is not supported.", Blame::Operator, "Report it as an error of this software."),
    row(70_007, "The response mode is not supported.", Blame::Operator, "Report it as an error of this software."),
    row(70_008, "The code or the refresh token has expired.", Blame::User, "Sign in again."),
    row(70_011, "A scope is not valid.", Blame::Operator, "Check the configured scopes."),
    row(70_016, "The device code waits for the user.", Blame::User, "Go on waiting."),
    row(70_018, "The device code is wrong.", Blame::User, "Start again."),
    row(70_019, "The device code has expired.", Blame::User, "Start again."),
    row(70_021, "No federated credential fits the assertion.", Blame::Operator, "Check issuer, subject and audience of the federated credential, letter for letter."),
    row(70_043, "The sign-in is older than the organisation allows.", Blame::User, "Sign in again."),
    row(90_002, "The tenant does not exist.", Blame::Operator, "Check tenant and cloud."),
    row(90_014, "A required field is missing.", Blame::Operator, "Report it as an error of this software."),
    row(90_015, "The query is too long.", Blame::Operator, "Ask for less in one request; check the extra arguments."),
    row(90_023, "The request is not valid.", Blame::Operator, "Check the extra arguments; else report it as an error of this software."),
    row(90_027, "A v1 endpoint cannot sign in personal accounts.", Blame::Operator, "Use the v2 endpoints."),
    row(90_036, "Microsoft had an internal error.", Blame::Microsoft, "Try again later."),
    row(90_038, "The tenant lives in another national cloud.", Blame::Operator, "Check the configured cloud."),
    row(90_055, "Microsoft throttles the application.", Blame::Microsoft, "Try again later; look for loops."),
    row(90_072, "The account does not exist in the tenant.", Blame::User, "Choose another account, or ask to be invited."),
    row(90_094, "An administrator has to consent.", Blame::TenantAdministrator, "Grant consent for the organisation."),
    row(90_095, "An administrator has been asked to consent.", Blame::TenantAdministrator, "Answer the request for consent."),
    row(90_124, "The resource is not available at `common` or `consumers`.", Blame::Operator, "Configure the tenant."),
    row(90_130, "The application is not available at `common` or `consumers`.", Blame::Operator, "Configure the tenant, or register the application for personal accounts."),
    row(500_011, "The resource has no service principal in the tenant.", Blame::TenantAdministrator, "Check the scopes; let an administrator consent to the resource."),
    row(500_021, "The organisation's network does not allow this tenant.", Blame::TenantAdministrator, "Add the tenant to the tenant restrictions."),
    row(500_022, "The organisation's network does not allow this tenant.", Blame::TenantAdministrator, "Add the tenant to the tenant restrictions."),
    row(500_133, "The assertion has expired.", Blame::Operator, "Renew the assertion; check the clock."),
    row(500_212, "The user's tenant does not allow access to this one.", Blame::TenantAdministrator, "Change the cross-tenant access settings."),
    row(500_213, "This tenant does not allow access from the user's one.", Blame::TenantAdministrator, "Change the cross-tenant access settings."),
    row(501_481, "The PKCE verifier does not fit the challenge.", Blame::Operator, "Report it as an error of this software."),
    row(501_491, "The PKCE challenge has the wrong form.", Blame::Operator, "Report it as an error of this software."),
    row(530_032, "A security policy of the tenant blocks the sign-in.", Blame::TenantAdministrator, "See the policies of the tenant."),
    row(530_034, "A delegated administrator is blocked by a policy.", Blame::TenantAdministrator, "See the policies of the tenant."),
    row(530_035, "Security defaults block the sign-in.", Blame::TenantAdministrator, "See the security defaults of the tenant."),
    row(650_052, "The organisation has no subscription for the resource.", Blame::TenantAdministrator, "Check the API permissions and the subscriptions of the tenant."),
    row(650_054, "The application asks for permissions of a resource that was removed.", Blame::Operator, "Check the API permissions of the registration."),
    row(650_056, "The application's permissions are misconfigured.", Blame::Operator, "Check the API permissions; let an administrator consent again."),
    row(650_057, "The requested resource is not among the registration's permissions.", Blame::Operator, "Add the resource to the API permissions of the registration."),
    row(700_005, "The code was made for another tenant.", Blame::Operator, "Use one authority for both steps."),
    row(700_016, "The application does not exist in the tenant.", Blame::Operator, "Check client id and tenant; let an administrator consent."),
    row(700_022, "The scopes belong to more than one resource.", Blame::Operator, "Ask for scopes of one resource."),
    row(700_023, "The scopes cannot be asked for together.", Blame::Operator, "Check the configured scopes."),
    row(700_024, "The client assertion is outside its time.", Blame::Operator, "Check the clock of this machine."),
    row(700_025, "The application is public and sent a credential.", Blame::Operator, "Register the redirect URI under Web."),
    row(700_027, "The client assertion's signature is not valid.", Blame::Operator, "Check the certificate and the one in the registration."),
    row(700_030, "The certificate's subject is not the registered one.", Blame::Operator, "Check the certificate."),
    row(700_038, "The client id is not one.", Blame::Operator, "Check the client id."),
    row(700_054, "The application may not receive ID tokens from the authorisation endpoint.", Blame::Operator, "Report it as an error of this software."),
    row(700_082, "The refresh token was not used for 90 days.", Blame::User, "Sign in again."),
    row(700_084, "The refresh token of a single-page application has expired.", Blame::Operator, "Register the redirect URI under Web, not under single-page application."),
    row(700_211, "No federated credential has the assertion's issuer.", Blame::Operator, "Check the issuer of the federated credential, letter for letter."),
    row(700_212, "No federated credential has the assertion's audience.", Blame::Operator, "Check the audience of the federated credential, letter for letter."),
    row(700_213, "No federated credential has the assertion's subject.", Blame::Operator, "Check the subject of the federated credential, letter for letter."),
    row(700_229, "Only tokens of applications may be federated credentials.", Blame::Operator, "Use a token of the managed identity itself."),
    row(900_144, "A required parameter is missing.", Blame::Operator, "Report it as an error of this software."),
    row(900_382, "Another cloud's accounts cannot use this application.", Blame::Operator, "Check the configured cloud."),
    row(900_432, "Another cloud's accounts cannot use this application.", Blame::Operator, "Check the configured cloud."),
    row(900_439, "The account lives in the US Government cloud.", Blame::Operator, "Configure the cloud of the account."),
    row(900_561, "The endpoint wants another HTTP method.", Blame::Operator, "Report it as an error of this software."),
    row(900_971, "The application has no reply address.", Blame::Operator, "Register the redirect URI."),
    row(901_002, "The parameter `resource` is of v1.", Blame::Operator, "Remove `resource` from the extra arguments."),
    row(1_000_502, "The certificate is outside its time.", Blame::Operator, "Register a certificate that is valid now."),
    row(7_000_112, "The application is disabled in the tenant.", Blame::TenantAdministrator, "Enable the enterprise application."),
    row(7_000_114, "The application may not act on behalf of users.", Blame::Operator, "Check the API permissions of the registration."),
    row(7_000_214, "The certificate has been revoked.", Blame::Operator, "Register a new certificate."),
    row(7_000_215, "The client secret is wrong.", Blame::Operator, "Copy the secret's value, not its id; check client id and tenant."),
    row(7_000_218, "The request has no credential.", Blame::Operator, "Configure the credential."),
    row(7_000_222, "The client secret has expired.", Blame::Operator, "Make a new secret in the portal and configure it."),
    row(7_002_137, "No federated credential has the assertion's subject.", Blame::Operator, "Check the subject of the federated credential, letter for letter."),
    row(7_002_138, "No federated credential has the assertion's subject.", Blame::Operator, "Check the subject of the federated credential, letter for letter."),
    row(9_001_023, "The grant is not allowed at `common` or `consumers`.", Blame::Operator, "Configure the tenant."),
    row(9_002_313, "The request is malformed.", Blame::Operator, "Check the extra arguments; else report it as an error of this software."),
    row(9_002_325, "PKCE is required for this redirect URI.", Blame::Operator, "Register the redirect URI under Web."),
    row(9_002_326, "The redirect URI is for single-page applications only.", Blame::Operator, "Register the redirect URI under Web, not under single-page application."),
    row(9_002_327, "The redirect URI is for single-page applications only.", Blame::Operator, "Register the redirect URI under Web, not under single-page application."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_found() {
        assert!(TABLE.is_sorted_by(|a, b| a.number < b.number));
        for row in Aadsts::all() {
            assert_eq!(Aadsts::lookup(row.number), Some(row));
        }
        assert_eq!(Aadsts::lookup(1), None);
    }

    #[test]
    fn the_common_ones_name_who_must_act() {
        for (number, who) in [
            (7_000_215, Blame::Operator),
            (50_105, Blame::TenantAdministrator),
            (54_005, Blame::User),
            (90_036, Blame::Microsoft),
        ] {
            assert_eq!(Aadsts::lookup(number).map(|row| row.who), Some(who), "{number}");
        }
    }
}
