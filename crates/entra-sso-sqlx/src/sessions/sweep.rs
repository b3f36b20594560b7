//! What is over goes a few at a time, whenever something new comes: no task of its own, and no sign-in waits for long.

use std::sync::atomic::{AtomicU32, Ordering};

use entra_sso::oidc::Timestamp;

use crate::{
    backend::{Backend, Statements as _},
    connections::Lent,
};

/// How many rows go at a time.
const AT_A_TIME: u32 = 64;
/// How many new rows come between two sweeps, when the last one found little. Four times as many go as come.
const EVERY: u32 = 16;

/// When to sweep a table again.
#[derive(Default)]
pub(super) struct Sweep {
    rows_until_then: AtomicU32,
}

impl Sweep {
    /// Something new came; now and then that takes a few away which are over. One that fails is made up for by the next.
    pub(super) async fn go_on<B: Backend>(&self, lent: &mut Lent<B>, sql: &'static str, now: Timestamp) {
        if !self.is_due() {
            return;
        }
        let swept = lent.rows(sql, vec![now.unix().into(), i64::from(AT_A_TIME).into()]).await;
        if swept.is_ok_and(|rows| rows.len() >= AT_A_TIME as usize) {
            // There are more.
            self.rows_until_then.store(0, Ordering::Relaxed);
        }
    }

    fn is_due(&self) -> bool {
        let next = |rows: u32| Some(rows.checked_sub(1).unwrap_or(EVERY - 1));
        self.rows_until_then.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next) == Ok(0)
    }
}
