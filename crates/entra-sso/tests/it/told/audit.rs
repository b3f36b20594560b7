//! The audit events: those of `docs/observability.md`, with the fields that stand there.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use entra_emulator::seed;
use entra_sso::session::MemorySessions;
use tracing::Level;

use super::{
    notes::{Line, Notes},
    tour,
};
use crate::{app::App, stores::Switchable};

/// The fields of each event.
type Events = BTreeMap<String, BTreeSet<String>>;

/// The table below "Audit".
fn listed() -> Events {
    let page = include_str!("../../../../../docs/observability.md");
    let audit = page.split("## Audit").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the list");
    let rows = audit.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(event, rest)| {
        let fields = rest.trim_end_matches(" |").rsplit(" | ").next().expect("a last cell");
        (event.to_owned(), fields.split('`').skip(1).step_by(2).map(str::to_owned).collect())
    })
    .collect()
}

#[test]
fn f81_the_page_lists_every_event_with_its_fields() {
    let (_, notes) = tour::gone();
    let mut written = Events::new();
    for line in notes.audit() {
        assert_eq!(line.level, Level::INFO);
        let mut fields = line.fields.clone();
        let event = fields.remove("event").unwrap_or_else(|| panic!("an event has a name: {line:?}"));
        written.entry(event).or_default().extend(fields.into_keys());
    }
    assert_eq!(written, listed());
}

#[test]
fn f81_events_say_how_and_why() {
    let (_, notes) = tour::gone();
    for (event, field, values) in [
        ("session_ended", "reason", &["refresh_refused", "token_over", "user_gone"][..]),
        ("sign_out_elsewhere", "channel", &["back", "front"]),
        ("admin", "outcome", &["denied", "done"]),
        ("sign_in", "created", &["false", "true"]),
        ("permissions", "active", &["false", "true"]),
    ] {
        let lines = notes.audit().filter(|line| line.field("event") == event);
        let written: BTreeSet<&str> = lines.map(|line| line.field(field)).collect();
        assert_eq!(written, values.iter().copied().collect(), "{event} {field}");
    }
}

/// Each happened once on the tour.
#[test]
fn f81_what_happens_once_is_written_once() {
    let (_, notes) = tour::gone();
    for event in ["step_up", "user_linked", "user_deleted", "sign_out", "sign_out_everywhere", "sessions_ended"] {
        let lines: Vec<&Line> = notes.audit().filter(|line| line.field("event") == event).collect();
        assert_eq!(lines.len(), 1, "{event}: {lines:?}");
    }
}

/// The user is gone all the same.
#[test]
fn f81_a_deletion_is_written_when_the_sessions_cannot_be_ended() {
    let ((), notes) = Notes::of(async {
        let store = Switchable(Arc::new(MemorySessions::new()), Arc::new(AtomicBool::new(false)));
        let app = App::plugged(|_| {}, |builder| builder.sessions(store.clone())).await;
        app.sign_in(&app.browser(), seed::ADELE).await;
        let adele = app.everybody().await.remove(0);
        store.1.store(true, Ordering::SeqCst);
        assert!(app.sso.delete_user(&adele.id, false).await.is_err());
    });
    let lines: Vec<&Line> = notes.audit().filter(|line| line.field("event") == "user_deleted").collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(!lines[0].fields.contains_key("sessions"), "nobody knows how many: {lines:?}");
}
