//! `docs/errors.md`, printed from the register.

use std::fmt::Write as _;

use entra_oidc::{Blame, ErrorEntry};

use super::{RefusalKind, check_entries, register};

const HEAD: &str = "\
# Errors and checks

Printed by `entra-sso docs errors`; do not edit it by hand.

Every error has a code that never changes. A visitor sees the public text and a reference id; the log line with that
reference has the code, what was expected and got, and who has to act. No token, code or secret is ever in either.
";

/// The register as a Markdown page.
#[must_use]
pub fn markdown() -> String {
    let mut page = HEAD.to_owned();
    let sections: [(&str, fn(u32) -> bool); 4] = [
        ("E100–E149: the application and its authority", |number| number < 150),
        ("E150–E199: the start", |number| (150..200).contains(&number)),
        ("E200–E299: the sign-in with Microsoft", |number| (200..300).contains(&number)),
        ("E300–E399: this site", |number| number >= 300),
    ];
    let entries = register();
    for (title, belongs) in sections {
        let _ = write!(page, "\n## {title}\n");
        for entry in entries.iter().filter(|entry| belongs(number(entry))) {
            entry_text(&mut page, entry);
        }
    }
    checks(&mut page);
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
        "\n## Checks\n\nWhat `entra-sso check` and every start look for in the settings. `sso.E…` stops the start; `sso.W…` can be\n\
         silenced with `silenced_checks`.\n\n| id | name | what was found | what to do |\n|---|---|---|---|\n",
    );
    for entry in check_entries() {
        let _ = writeln!(page, "| {} | {} | {} | {} |", entry.id, entry.name, entry.meaning, entry.remedy);
    }
}

fn number(entry: &ErrorEntry) -> u32 {
    entry.code.trim_start_matches('E').parse().unwrap_or(u32::MAX)
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
