//! The end of a sign-in: may they, did they agree, and the code.

use http::header::SET_COOKIE;

use crate::aadsts::Refusal;
use crate::answer::{Answer, add_header};
use crate::call::Call;
use crate::consent;
use crate::directory::{Directory, User, UserFlowKind};
use crate::pages;
use crate::session::SignedIn;

use super::request::Request;
use super::wanted::Prompt;
use super::{ask, issue};

/// What the user answered since the account was picked.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Answered {
    Nothing,
    /// Consent is given without a question.
    Automatically,
    /// The page that asks last: consent, or a user flow's own.
    Page,
    /// The account was made a moment ago.
    SignUp,
}

/// Somebody proved who they are: their session, then the rest.
pub(super) fn signed_in(
    call: &Call<'_>,
    directory: &Directory,
    request: &Request,
    user: &User,
    answered: Answered,
) -> Answer {
    if !user.enabled {
        return pages::error(call, &Refusal::of(50057).about(user.signs_in_as()));
    }
    let account = call.sign_in(request.segment.realm(), user.signs_in_as());
    let mut answer = finish(call, directory, request, user, &account, answered);
    add_header(&mut answer, SET_COOKIE, &call.service.set_cookie(&account.cookie, ""));
    answer
}

/// The user is known: may they, did they agree, and the code.
pub(super) fn finish(
    call: &Call<'_>,
    directory: &Directory,
    request: &Request,
    user: &User,
    account: &SignedIn,
    answered: Answered,
) -> Answer {
    let silent = request.wanted.prompt == Some(Prompt::None);
    if !user.enabled {
        return pages::error(call, &Refusal::of(50057).about(user.signs_in_as()));
    }
    if !directory.is_assigned(&request.app, user) {
        let refusal = Refusal::of(50105).about(user.signs_in_as());
        return if silent { request.reply.refuse(call, &refusal) } else { pages::error(call, &refusal) };
    }
    if request.segment.flow_kind() == Some(UserFlowKind::EditProfile) && answered != Answered::Page {
        if silent {
            return request.reply.refuse(call, &Refusal::of(50058));
        }
        return ask::profile(call, request, user, None);
    }
    if answered == Answered::Nothing {
        let missing = consent::missing(call.service, &request.app, &request.wanted.scopes, user);
        if !missing.is_empty() && silent {
            return request.reply.refuse(call, &Refusal::of(65001));
        }
        if !missing.is_empty() || request.wanted.prompt == Some(Prompt::Consent) && !user.is_customer() {
            return ask::consent(call, directory, request, user);
        }
    } else {
        consent::record(call.service, &request.app, &request.wanted.scopes, user);
    }
    call.service.sessions.note(account, &request.app.id, call.now());
    issue::code(call, request, user, account, answered == Answered::SignUp)
}
