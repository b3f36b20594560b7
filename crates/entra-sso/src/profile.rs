//! Who the user is, for showing: as the claims say it, and as Graph or `UserInfo` does.

use entra_oidc::{Claims, GraphProfile, UserInfo};

use crate::users::Picture;

/// What the provider sent of a user. A blank value counts as not sent.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    pub(crate) user_principal_name: Option<String>,
    /// What the user calls himself, where there is no user principal name; v1 tokens say `unique_name`.
    pub(crate) preferred_username: Option<String>,
    pub(crate) email: Option<String>,
    /// Graph's `mail`, which can be a trusted address where the token's `email` is not there.
    pub(crate) graph_mail: Option<String>,
    /// Graph's `userPrincipalName`.
    pub(crate) graph_upn: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) picture: Option<Picture>,
    /// Why Graph, which was asked, did not give the profile.
    pub(crate) missing: Option<String>,
}

impl Profile {
    pub(crate) fn of_claims(claims: &Claims) -> Profile {
        let text = |name: &str| claims.str(name).and_then(sent);
        let (first_name, last_name) = names(text("given_name"), text("family_name"), text("name"));
        Profile {
            user_principal_name: claims.upn().and_then(sent),
            preferred_username: text("preferred_username").or_else(|| text("unique_name")),
            email: claims.email().and_then(sent).map(|email| email.to_lowercase()),
            first_name,
            last_name,
            locale: text("locale"),
            ..Profile::default()
        }
    }

    /// What Graph sent goes before what the claims say.
    pub(crate) fn take_graph(&mut self, me: GraphProfile) {
        let sent = |value: Option<String>| value.as_deref().and_then(sent);
        self.graph_mail = sent(me.mail).map(|mail| mail.to_lowercase());
        self.email = self.graph_mail.clone().or_else(|| self.email.take());
        self.graph_upn = sent(me.user_principal_name);
        self.user_principal_name = self.graph_upn.clone().or_else(|| self.user_principal_name.take());
        self.first_name = sent(me.given_name).or_else(|| self.first_name.take());
        self.last_name = sent(me.surname).or_else(|| self.last_name.take());
        self.locale = sent(me.preferred_language);
    }

    /// What `UserInfo` sent goes before what the claims say. None of it is a trusted address.
    pub(crate) fn take_user_info(&mut self, info: &UserInfo) {
        let text = |name: &str| info.str(name).and_then(sent);
        self.preferred_username = text("preferred_username").or_else(|| self.preferred_username.take());
        self.email = text("email").map(|email| email.to_lowercase()).or_else(|| self.email.take());
        let (first_name, last_name) = names(text("given_name"), text("family_name"), text("name"));
        if first_name.is_some() || last_name.is_some() {
            (self.first_name, self.last_name) = (first_name, last_name);
        }
        self.locale = text("locale").or_else(|| self.locale.take());
    }
}

/// A value that says something, without the space around it, and no longer than anyone's name is.
fn sent(value: &str) -> Option<String> {
    const LONGEST: usize = 512;
    let shown: String = value.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
    let shown = shown.trim();
    (!shown.is_empty()).then(|| shown.to_owned())
}

/// First and last name, as they are or else out of the whole.
fn names(given: Option<String>, family: Option<String>, name: Option<String>) -> (Option<String>, Option<String>) {
    match (given, family) {
        (None, None) => name.map_or((None, None), |name| split(&name)),
        names => names,
    }
}

/// "Adele Maria Vance" → "Adele Maria", "Vance".
fn split(name: &str) -> (Option<String>, Option<String>) {
    match name.rsplit_once(' ') {
        Some((first, last)) => (Some(first.trim_end().to_owned()), Some(last.to_owned())),
        None => (Some(name.to_owned()), None),
    }
}
