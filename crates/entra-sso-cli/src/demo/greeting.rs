//! What the command says when everything is up.

use entra_emulator::{Directory, Emulator, User, seed};

use super::database::Database;
use crate::registered_urls::RegisteredUrls;

/// Its last line is the signal that the application answers.
pub(super) struct Greeting<'a> {
    pub(super) microsoft: &'a str,
    pub(super) emulator: Option<&'a Emulator>,
    pub(super) database: &'a Database,
    pub(super) urls: &'a RegisteredUrls,
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
        ];
        if let Some(emulator) = self.emulator {
            lines.push("\n  Accounts to try:".to_owned());
            lines.extend(accounts(&emulator.directory().snapshot()));
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

/// Everyone who can be picked, with what is special about them in the demo's tenant.
fn accounts(directory: &Directory) -> Vec<String> {
    let mut names: Vec<&str> = directory.users.iter().map(User::signs_in_as).collect();
    names.dedup();
    names
        .into_iter()
        .map(|name| {
            let user = directory.user_in(seed::CONTOSO, name).or_else(|| directory.user(name));
            let shown = user.and_then(|user| user.display_name.as_deref()).unwrap_or_default();
            format!("    {name:<26}{shown:<18}{}", user.map(|user| character(directory, user)).unwrap_or_default())
        })
        .collect()
}

fn character(directory: &Directory, user: &User) -> String {
    let app = directory.app(seed::APP_ID);
    if user.is_personal() {
        return "refused: a personal account".to_owned();
    }
    if user.tenant != seed::CONTOSO {
        return "refused: another organisation".to_owned();
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
