//! Ports for servers that come back to theirs.

use std::sync::atomic::{AtomicU32, Ordering};

/// Ports to try; the one behind each belongs to it. They are below those that the system gives to clients: while a killed
/// server is away, no client's own end may get its port.
pub(crate) fn candidates() -> impl Iterator<Item = u16> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(7_919);
    std::iter::repeat_with(move || {
        let number = first.wrapping_add(NEXT.fetch_add(2, Ordering::Relaxed));
        10_000 + u16::try_from(number % 20_000).expect("below 20,000")
    })
    .take(1_000)
}
