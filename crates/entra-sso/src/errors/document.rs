//! `docs/errors.md`, printed from the register.

use std::{fmt::Write as _, ops::Range};

use entra_oidc::{Aadsts, Blame, ErrorEntry};

use super::{RefusalKind, check_entries, live_entries, register};

const HEAD: &str = "\
# Errors and checks

Printed by `entra-sso docs errors`; do not edit it by hand.

Every error has a code that never changes. A visitor sees the public text and a reference id; the log line with that
reference has the code, what was expected and got, and who has to act. No token, code or secret is ever in either.
";

/// Codes have three digits, so their order as texts is that of the numbers.
const SECTIONS: [(&str, Range<&str>); 4] = [
    ("E100–E149: the application and its authority", "E100".."E150"),
    ("E150–E199: the start", "E150".."E200"),
    ("E200–E299: the sign-in with Microsoft", "E200".."E300"),
    ("E300–E399: this site", "E300".."E400"),
];

/// The register as a Markdown page.
#[must_use]
pub fn markdown() -> String {
    let mut page = HEAD.to_owned();
    let entries = register();
    for (title, codes) in SECTIONS {
        let _ = write!(page, "\n## {title}\n");
        for entry in entries.iter().filter(|entry| codes.contains(&entry.code)) {
            entry_text(&mut page, entry);
        }
    }
    checks(&mut page);
    live(&mut page);
    aadsts(&mut page);
    page
}

fn entry_text(page: &mut String, entry: &ErrorEntry) {
    let _ = write!(page, "\n### {} {}\n\nWho acts: {}.", entry.code, entry.name, who(entry.blame));
    if let Some(kind) = RefusalKind::ALL.iter().find(|kind| kind.entry().code == entry.code) {
        let _ = write!(page, " HTTP status: {}.", kind.status().as_u16());
    }
    let _ = write!(page, "\n\n> {}\n\n{}\n", entry.public, entry.remedy);
}

fn checks(page: &mut String) {
    page.push_str(
        "\n## Checks\n\nWhat `entra-sso check` and every start look for in the settings. `sso.E…` stops the start; \
         `sso.W…` can be\n\
         silenced with `silenced_checks`.\n\n| id | name | what was found | what to do |\n|---|---|---|---|\n",
    );
    for entry in check_entries() {
        let _ = writeln!(page, "| {} | {} | {} | {} |", entry.id, entry.name, entry.meaning, entry.remedy);
    }
}

fn live(page: &mut String) {
    page.push_str(
        "\n## Live checks\n\nWhat `entra-sso check` looks at beside the settings, and `EntraSso::check_live` for an application.\n\n\
         | id | what is looked at | what to do when it failed |\n|---|---|---|\n",
    );
    for entry in live_entries() {
        let _ = writeln!(page, "| {} | {} | {} |", entry.id, entry.meaning, entry.remedy);
    }
}

fn aadsts(page: &mut String) {
    page.push_str(
        "\n## AADSTS numbers\n\nWhat Microsoft means by the number in its own message, which the log line has beside our code.\n\n\
         | number | what has happened | who acts | what they do |\n|---|---|---|---|\n",
    );
    for row in Aadsts::all() {
        let _ = writeln!(page, "| AADSTS{} | {} | {} | {} |", row.number, row.cause, row.who.as_str(), row.remedy);
    }
}

fn who(blame: Blame) -> &'static str {
    match blame {
        Blame::User => "the user",
        Blame::TenantAdministrator => "the tenant's administrator",
        Blame::Operator => "the operator of this site",
        Blame::Microsoft => "nobody here; it is Microsoft, or the way to it",
        Blame::Attacker => "nobody; it is an attack, or a broken client",
        other => other.as_str(),
    }
}
