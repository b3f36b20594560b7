//! What was given out, without keeping it.

use aws_lc_rs::digest::{SHA256, digest};

/// Names what was given out by its hash: the secrets themselves are not kept.
pub(super) type Key = [u8; 32];

pub(super) fn key(text: &str) -> Key {
    let mut key = [0; 32];
    key.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    key
}
