//! Who signs a token.

use aws_lc_rs::digest::{SHA256, digest};

use crate::directory::App;

/// Whose key it is.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Signer {
    Work,
    /// An application's own key, by [`app_key`].
    App(usize),
    Personal,
    Government,
    /// The cluster that the emulator plays.
    Workload,
    /// External ID.
    Customers,
    /// B2C.
    UserFlows,
    /// A key that no list holds.
    Unknown,
}

impl Signer {
    /// Who signs what an application verifies.
    pub(crate) fn of(app: &App) -> Self {
        if app.own_signing_key { Self::App(app_key(app)) } else { Self::Work }
    }
}

/// The index of an application's own key, the same in every run and far from those that rotate.
pub(crate) fn app_key(app: &App) -> usize {
    let digest = digest(&SHA256, app.id.as_bytes());
    let bytes = digest.as_ref().iter().take(3);
    bytes.fold(1, |index, byte| (index << 8) | usize::from(*byte))
}
