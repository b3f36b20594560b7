//! What the public reads of a refusal.

use entra_oidc::{Aadsts, Blame, ErrorEntry};
use http::StatusCode;

use crate::{catalogue::Catalogue, errors::RefusalKind, refusal::Refusal};

/// The entry whose code, name and text go outward.
///
/// Without `openly` it does not tell whether an account exists here, or why it may not enter (F-63).
pub(super) fn entry(refusal: &Refusal, openly: bool) -> &'static ErrorEntry {
    if !openly && is_about_an_account(refusal) { RefusalKind::SignInDenied.entry() } else { refusal.entry() }
}

/// The application's own words, else what Microsoft's number means, else the text of what goes outward.
pub(super) fn text(refusal: &Refusal, catalogue: &Catalogue, openly: bool) -> String {
    if let Some(words) = refusal.words() {
        return words.to_owned();
    }
    let number = number(refusal).and_then(|number| catalogue.number(number));
    number.unwrap_or_else(|| catalogue.error(entry(refusal, openly)))
}

/// Whether the register's entry says something of an account here.
fn is_about_an_account(refusal: &Refusal) -> bool {
    matches!(
        refusal.kind(),
        Some(
            RefusalKind::GuestDenied
                | RefusalKind::PersonalAccountDenied
                | RefusalKind::DomainDenied
                | RefusalKind::UnknownUser
                | RefusalKind::UserInactive
                | RefusalKind::HookDenied
                | RefusalKind::AddressMissing
                | RefusalKind::AddressTaken
        )
    )
}

/// Microsoft's number, where the user or an administrator can do something about it; what the operator has to do is for
/// the log alone (F-83).
pub(super) fn number(refusal: &Refusal) -> Option<u32> {
    let number = refusal.protocol()?.aadsts().and_then(Aadsts::lookup)?;
    matches!(number.who, Blame::User | Blame::TenantAdministrator).then_some(number.number)
}

pub(super) fn heading(refusal: &Refusal, catalogue: &Catalogue) -> String {
    let name = match refusal.status() {
        _ if is_about_a_page(refusal) => "may_not_open",
        _ if refusal.kind() == Some(RefusalKind::CrossSiteRequest) => "not_done",
        StatusCode::FORBIDDEN => "cannot_sign_in",
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY => "unavailable",
        status if status.is_server_error() => "wrongly_set_up",
        _ => "cannot_go_on",
    };
    catalogue.text(name, &[])
}

/// Whether somebody is signed in, and it is the page that is not for him.
pub(super) fn is_about_a_page(refusal: &Refusal) -> bool {
    matches!(
        refusal.kind(),
        Some(
            RefusalKind::PermissionMissing
                | RefusalKind::StepUpImpossible
                | RefusalKind::AdminStaffOnly
                | RefusalKind::AdminSuperusersOnly
                | RefusalKind::AdminFormRefused
        )
    )
}

/// Who has to act, when it is somebody else.
pub(super) fn who(blame: Blame, catalogue: &Catalogue) -> Option<String> {
    let name = match blame {
        Blame::TenantAdministrator => "administrator_acts",
        Blame::Operator => "operator_acts",
        Blame::Microsoft => "microsoft_acts",
        _ => return None,
    };
    Some(catalogue.text(name, &[]))
}
