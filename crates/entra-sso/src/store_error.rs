//! What a store says when it cannot answer.

use std::{error::Error, fmt};

/// A store (sessions, marks or users) could not do what it was asked.
///
/// It never stands for "not found": that is an answer. Whoever meets this error refuses the request (503);
/// nobody is treated as signed out, and nobody as signed in, because a store was away.
///
/// The cause is kept as [`source`](Error::source) for the log. Stores put no session id, token or cookie into it. `Debug` shows
/// what it says and no more: a database's own `Debug` can have the whole row.
pub struct StoreError {
    kind: StoreErrorKind,
    source: Box<dyn Error + Send + Sync>,
}

/// Whether trying again can help.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The store could not be reached, was busy or refused the work. A later try may succeed.
    Unavailable,
    /// The store answered with something that it cannot have been given. A later try gets the same answer.
    Corrupt,
}

impl StoreError {
    /// The store could not be reached or refused the work.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: StoreErrorKind::Unavailable, source: cause.into() }
    }

    /// The store holds something that cannot be read back.
    pub fn corrupt(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: StoreErrorKind::Corrupt, source: cause.into() }
    }

    /// Whether trying again can help.
    #[must_use]
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.kind {
            StoreErrorKind::Unavailable => "the store is not available",
            StoreErrorKind::Corrupt => "the store holds a record that cannot be read",
        })
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "StoreError({:?}", self.kind)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(out, ": {error}")?;
            cause = error.source();
        }
        out.write_str(")")
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_stays_out_of_the_text_and_is_the_source() {
        let error = StoreError::new("disk on fire");
        assert_eq!(error.to_string(), "the store is not available");
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("disk on fire"));
        assert_eq!(StoreError::corrupt("bad row").kind(), StoreErrorKind::Corrupt);
    }

    #[test]
    fn z1_debug_is_what_the_causes_say() {
        #[derive(Debug)]
        struct Database(#[expect(dead_code, reason = "it is there for `Debug`")] &'static str);

        impl fmt::Display for Database {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a constraint")
            }
        }

        impl Error for Database {}

        let error = StoreError::new(Database("the whole row"));
        assert_eq!(format!("{error:?}"), "StoreError(Unavailable: a constraint)");
    }
}
