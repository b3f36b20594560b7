//! The pairwise subject.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::directory::User;

/// `sub`: another one for each application; 43 characters.
pub(crate) fn subject(app: &str, user: &User) -> String {
    let digest = digest(&SHA256, format!("{app}/{}/{}", user.tenant, user.id).as_bytes());
    let encoded = URL_SAFE_NO_PAD.encode(digest);
    if user.is_personal() { format!("AAAAAAAAAAAAAAAAAAAAA{}", &encoded[..22]) } else { encoded }
}
