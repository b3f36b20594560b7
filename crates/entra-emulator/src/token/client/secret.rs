//! `client_secret`, posted or in `Authorization: Basic`.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::aadsts::Refusal;
use crate::directory::App;

pub(super) fn check(app: &App, secret: &str, now: i64) -> Result<(), Refusal> {
    let same = |known: &str| verify_slices_are_equal(known.as_bytes(), secret.as_bytes()).is_ok();
    let known = app.secrets.iter().find(|known| same(&known.value)).ok_or_else(|| Refusal::of(7_000_215))?;
    match known.expires {
        Some(expires) if expires <= now => Err(Refusal::of(7_000_222)),
        _ => Ok(()),
    }
}
