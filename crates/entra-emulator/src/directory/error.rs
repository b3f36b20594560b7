//! What can be wrong with a directory.

/// Why a directory, or a change of it, was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// The text is not TOML, or has a key or value that is not known.
    #[error("line {line}: {message}")]
    Text {
        /// The line, from 1.
        line: usize,
        /// What is wrong, with the key.
        message: String,
    },
    /// A value contradicts the rest.
    #[error("{at}: {message}")]
    Value {
        /// Which value, such as `user adele@contoso.example, tenant`.
        at: String,
        /// What is wrong with it.
        message: String,
    },
    /// A redirect URI cannot be registered.
    #[error("redirect URI {uri:?} cannot be registered: {reason}")]
    RedirectUri {
        /// The URI.
        uri: String,
        /// Microsoft's rule that it breaks.
        reason: &'static str,
    },
    /// There is nothing with this id or name.
    #[error("no {what} {id:?} in the directory")]
    Unknown {
        /// `application`, `user`, `tenant` or `group`.
        what: &'static str,
        /// The id or name that was asked for.
        id: String,
    },
}
