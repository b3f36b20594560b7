//! Who signs in without being asked.

/// The account that every sign-in takes at once.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum AutoSignIn {
    /// `first`: the first account that may, at the application where it asks.
    First,
    /// The account that signs in with this name.
    Named(String),
}

impl From<String> for AutoSignIn {
    fn from(name: String) -> Self {
        if name == "first" { Self::First } else { Self::Named(name) }
    }
}
