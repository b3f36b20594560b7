//! Every text of the admin, by a short name.

use http::request::Parts;

/// The texts of one language.
pub(super) struct Texts {
    pub(super) language: &'static str,
    entries: &'static [(&'static str, &'static str)],
}

static ENGLISH: Texts = Texts { language: "en", entries: EN };

impl Texts {
    /// In the language of the request.
    pub(super) fn of(_: &Parts) -> &'static Texts {
        &ENGLISH
    }

    /// The text of the admin with this name; each `{value}` in it is replaced.
    pub(super) fn say(&self, name: &str, values: &[(&str, &str)]) -> String {
        let found = self.find(&format!("admin_{name}"), values);
        debug_assert!(found.is_some(), "there is no text admin_{name}");
        found.unwrap_or_default()
    }

    /// The text with this name, if there is one.
    pub(super) fn find(&self, name: &str, values: &[(&str, &str)]) -> Option<String> {
        let text = self.entries.iter().find(|(known, _)| name.strip_prefix("admin_") == Some(*known));
        text.map(|(_, text)| fill(text, values))
    }
}

/// Puts values into a text: `{name}` becomes what `name` is.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.extend(["{", name, "}"]),
        }
        rest = behind;
    }
    filled + rest
}

const EN: &[(&str, &str)] = &[
    ("admin", "Administration"),
    ("navigation", "Pages of the administration"),
    ("skip", "Skip to the content"),
    ("users", "Users"),
    ("prepare", "Prepare a user"),
    ("findings", "Findings"),
    ("back_to_site", "Back to the site"),
    ("sign_out", "Sign out"),
    ("reference", "Reference"),
    ("cancel", "Cancel"),
    ("yes", "yes"),
    ("no", "no"),
    ("none", "none"),
    ("never", "never"),
    ("unknown", "unknown"),
    // The list.
    ("total", "{count} in all"),
    ("find", "Find a user"),
    ("find_hint", "The beginning of a user name, an e-mail address, a first or a last name."),
    ("search", "Search"),
    ("show", "Show"),
    ("everybody", "Everybody"),
    ("only_staff", "Staff"),
    ("only_superusers", "Superusers"),
    ("only_inactive", "Inactive"),
    ("only_without_account", "Not come yet"),
    ("name", "Name"),
    ("username", "User name"),
    ("email", "E-mail"),
    ("marks", "Status"),
    ("last_login", "Last sign-in"),
    ("inactive", "Inactive"),
    ("staff", "Staff"),
    ("superuser", "Superuser"),
    ("not_come_yet", "Not come yet"),
    ("nobody_found", "Nobody was found."),
    ("pages", "Pages of the list"),
    ("first_page", "First page"),
    ("next_page", "Next page"),
    // A user.
    ("yourself", "(you)"),
    ("user", "User"),
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("joined", "Known since"),
    ("id", "Id here"),
    ("account", "Microsoft account"),
    ("kind", "Kind"),
    ("tenant", "Tenant id"),
    ("object_id", "Object id"),
    ("subject", "Subject (sub)"),
    ("issuer", "Issuer"),
    ("upn", "User principal name"),
    ("locale", "Locale"),
    ("no_account", "None. Nobody can sign in as this user."),
    ("invited", "Not yet. Who signs in as {upn}, as a member of the organisation, becomes this user."),
    ("permissions", "Permissions"),
    ("source_superuser", "as every superuser"),
    ("source_list_staff", "by the setting staff_list: judged at each sign-in, and taken there"),
    ("source_list_superuser", "by the setting superuser_list: judged at each sign-in, and taken there"),
    ("source_role", "by an app role or group in role_map: judged at each sign-in, and taken at Microsoft or there"),
    ("source_first", "was the first to sign in"),
    ("source_admin", "given here, or with the command"),
    ("source_application", "given by the application itself, which may give it again"),
    ("give_staff", "Make staff"),
    ("take_staff", "Take staff away"),
    ("give_superuser", "Make superuser"),
    ("take_superuser", "Take superuser away"),
    ("give_too", "Give it here too"),
    ("sessions", "Sessions"),
    ("authority", "Signed in by"),
    ("started", "Began"),
    ("idle_end", "Ends when unused"),
    ("last_end", "Ends at the latest"),
    ("end", "End"),
    ("current", "this one"),
    ("end_session_of", "End the session that ends at {ends} when unused"),
    ("end_sessions", "End all sessions"),
    ("no_sessions", "Not signed in anywhere."),
    ("superusers_sessions", "Only superusers end the sessions of a superuser."),
    ("access", "Access"),
    ("access_active", "The user is active and may sign in. Deactivating ends all sessions at once."),
    ("access_inactive", "The user is not active and cannot sign in."),
    ("activate", "Activate"),
    ("deactivate", "Deactivate"),
    ("delete", "Delete"),
    // Questions.
    ("ask_activate", "Activate {name}?"),
    ("ask_activate_text", "The user may sign in again."),
    ("ask_deactivate", "Deactivate {name}?"),
    ("ask_deactivate_text", "The user cannot sign in any more, and all sessions end at once."),
    ("ask_deactivate_self", "This is you: you are signed out, and somebody else has to let you in again."),
    ("ask_give_staff", "Make {name} staff?"),
    ("ask_give_staff_text", "Staff see all users and may end sessions."),
    ("ask_take_staff", "Take staff from {name}?"),
    ("ask_take_staff_text", "What a setting, an app role or a group gives stays."),
    ("ask_take_staff_self", "This is you: without another permission you do not get back in here."),
    ("ask_give_superuser", "Make {name} a superuser?"),
    ("ask_give_superuser_text", "Superusers may do everything."),
    ("ask_take_superuser", "Take superuser from {name}?"),
    ("ask_take_superuser_text", "What a setting, an app role or a group gives stays."),
    ("ask_take_superuser_self", "This is you: somebody else has to make you superuser again."),
    ("ask_end_sessions", "End all sessions of {name}?"),
    ("ask_end_sessions_text", "The user can sign in again at once."),
    ("ask_delete", "Delete {name}?"),
    (
        "ask_delete_text",
        "The user, the link to the Microsoft account and the picture are gone, and all sessions end. This cannot be undone. Where users are created at their first sign-in, the same person can come back as a new user; to keep somebody out, deactivate.",
    ),
    ("ask_delete_self", "This is you: you are signed out."),
    // What became of it.
    ("done_activate", "{name} is active."),
    ("done_deactivate", "{name} is not active any more, and is signed out everywhere."),
    ("done_give_staff", "{name} is staff."),
    ("done_take_staff", "{name} is not staff any more."),
    ("done_give_superuser", "{name} is a superuser."),
    ("done_take_superuser", "{name} is not a superuser any more."),
    ("still_take_staff", "{name} is still staff: {sources}."),
    ("still_take_superuser", "{name} is still a superuser: {sources}."),
    ("done_end_session", "The session has ended."),
    ("gone_end_session", "That session had ended already."),
    ("done_end_sessions", "Sessions of {name} that have ended: {count}."),
    ("done_delete", "{name} was deleted."),
    ("last_superuser", "Nothing was changed: {name} is the last active superuser. Make somebody else superuser first."),
    // Preparing.
    (
        "prepare_text",
        "Somebody who may come although nobody new is let in, or who is to have a permission from the first sign-in on.",
    ),
    ("prepare_button", "Prepare"),
    ("by_account", "Either by the account"),
    ("object_id_hint", "From the user's page in the Microsoft Entra admin center."),
    ("by_upn", "Or by the name to sign in with"),
    (
        "upn_hint",
        "Who signs in with this name, as a member of the organisation that this application belongs to, claims the user once.",
    ),
    ("about_user", "About the user"),
    ("fault_either", "Give either tenant and object id, or a user principal name."),
    ("fault_guid", "Not a GUID, such as 8f3c2a10-5b7d-4e6a-9c41-0a1b2c3d4e5f."),
    ("fault_subject", "Give the subject of the account."),
    ("fault_address", "Not an address, such as adele@contoso.example."),
    ("fault_email_taken", "Another user has this address."),
    ("fault_upn_taken", "Another user is waiting for this name."),
    ("done_prepare", "{name} is prepared."),
    ("known_prepare", "This account has a user already: {name}."),
    // Findings.
    ("at_start", "In the settings"),
    ("no_findings", "Nothing is worth a warning."),
    ("live", "While it runs"),
    (
        "live_text",
        "Whether the authority, the credentials and the stores answer. This asks the network and changes nothing.",
    ),
    ("check_now", "Look now"),
    ("cure", "Cure:"),
    ("outcome_passed", "passed"),
    ("outcome_warning", "warning"),
    ("outcome_failed", "failed"),
    ("outcome_not_checked", "not checked"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_once_and_not_read_again() {
        for (text, expected) in [
            ("{name} is staff.", "{count} is staff."),
            ("{name}", "{count}"),
            ("{unknown} {name", "{unknown} {name"),
            ("none", "none"),
        ] {
            assert_eq!(fill(text, &[("name", "{count}"), ("count", "5")]), expected, "{text}");
        }
    }

    #[test]
    fn each_text_has_its_own_name() {
        let mut names: Vec<&str> = EN.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), EN.len());
    }
}
