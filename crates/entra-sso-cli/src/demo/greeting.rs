//! What the command says when everything is up.

use entra_emulator::{Directory, Emulator, Stand, User, seed};
use entra_sso::checks::{LiveReport, RegisteredUrls};

use super::{database::Database, live_checks, pages::ADMIN};

/// Its last line is the signal that the application answers.
pub(super) struct Greeting<'a> {
    pub(super) microsoft: &'a str,
    pub(super) emulator: Option<(&'a Emulator, Stand)>,
    pub(super) database: &'a Database,
    pub(super) urls: &'a RegisteredUrls,
    /// What the live checks found, where they are there at once.
    pub(super) checks: Option<&'a LiveReport>,
    /// Where the application answers.
    pub(super) here: &'a str,
}

impl Greeting<'_> {
    pub(super) fn text(&self) -> String {
        let mut lines = vec![
            String::new(),
            fact("Microsoft", &self.microsoft()),
            fact("Redirect URI", &self.urls.callback),
            fact("After sign-out", &self.urls.post_logout),
            fact("Users", &self.database.description()),
            fact("Admin", &format!("{}{ADMIN} (for staff)", self.here)),
        ];
        lines.extend(self.checks.map(live_checks::told).unwrap_or_default());
        if let Some((emulator, stand)) = self.emulator {
            lines.push("\n  Accounts to try:".to_owned());
            lines.extend(accounts(&emulator.directory().snapshot(), stand));
        }
        lines.push(format!("\n  Open {}  (Ctrl-C ends the demo)", self.here));
        lines.join("\n")
    }

    fn microsoft(&self) -> String {
        let note = if self.emulator.is_some() { " (not Microsoft; nothing leaves this machine)" } else { "" };
        format!("{}{note}", self.microsoft)
    }
}

fn fact(name: &str, value: &str) -> String {
    format!("  {name:<16}{value}")
}

/// Everyone who has an account there, with what is special about them for this authority.
fn accounts(directory: &Directory, stand: Stand) -> Vec<String> {
    let mut names: Vec<&str> =
        directory.users.iter().filter(|user| is_at(user, stand)).map(User::signs_in_as).collect();
    names.dedup();
    let tenant = tenant(stand);
    let line = |name: &str| {
        let user = directory.user_in(tenant, name).or_else(|| directory.user(name));
        let shown = user.and_then(|user| user.display_name.as_deref()).unwrap_or_default();
        format!("    {name:<26}{shown:<18}{}", user.map(|user| character(directory, user, stand)).unwrap_or_default())
    };
    names.into_iter().map(line).collect()
}

/// The tenant whose accounts may come in.
const fn tenant(stand: Stand) -> &'static str {
    match stand {
        Stand::B2c => seed::B2C_TENANT,
        Stand::External => seed::EXTERNAL_TENANT,
        Stand::Personal => seed::PERSONAL_ACCOUNTS,
        _ => seed::CONTOSO,
    }
}

/// Customers' tenants know nobody from elsewhere, and nobody elsewhere knows their users.
fn is_at(user: &User, stand: Stand) -> bool {
    let customers = [seed::B2C_TENANT, seed::EXTERNAL_TENANT];
    match stand {
        Stand::B2c | Stand::External | Stand::Personal => user.tenant == tenant(stand),
        _ => !customers.contains(&user.tenant.as_str()),
    }
}

fn character(directory: &Directory, user: &User, stand: Stand) -> String {
    let app = directory.app(stand.app());
    if user.tenant != tenant(stand) {
        let what = if user.is_personal() { "a personal account" } else { "another organisation" };
        return format!("refused: {what}");
    }
    if !user.enabled {
        return "refused: a disabled account".to_owned();
    }
    if app.is_some_and(|app| app.unassigned.contains(&user.id)) {
        return "refused: not assigned to this application".to_owned();
    }
    let groups = directory.groups.iter().filter(|group| group.members.contains(&user.id)).count();
    let roles = app
        .map(|app| app.role_assignments.iter().filter(|given| given.principal == user.id).count())
        .unwrap_or_default();
    let facts = [
        (user.is_guest(), "a guest".to_owned()),
        (user.photo.is_some(), "picture".to_owned()),
        (user.mail.is_some(), "mail".to_owned()),
        (groups > 0, format!("{groups} groups")),
        (roles > 0, "a role".to_owned()),
    ];
    let facts: Vec<String> = facts.into_iter().filter_map(|(is, fact)| is.then_some(fact)).collect();
    if facts.is_empty() { "no picture, no mail, no group".to_owned() } else { facts.join(", ") }
}
