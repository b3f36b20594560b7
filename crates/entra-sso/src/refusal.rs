//! Why a request does not get what it asked for: one type from the place that finds it to the one that answers.

use std::{error::Error, fmt};

use entra_oidc::{Aadsts, Blame, ErrorEntry, SignInError};
use http::StatusCode;

use crate::{errors::RefusalKind, store_error::StoreError};

/// An entry of the register, and what the log should know beside it.
#[derive(Debug)]
pub(crate) struct Refusal {
    cause: Cause,
    detail: String,
    /// What the application wants the user to read instead of the register's text.
    words: Option<String>,
}

#[derive(Debug)]
enum Cause {
    Ours(RefusalKind),
    Protocol(Box<SignInError>),
}

impl Refusal {
    /// `detail` is for the log: what was expected and got, never a secret.
    pub(crate) fn new(kind: RefusalKind, detail: impl Into<String>) -> Refusal {
        Refusal { cause: Cause::Ours(kind), detail: detail.into(), words: None }
    }

    /// `what` failed with an error, which goes to the log with all that it came from.
    pub(crate) fn caused_by(kind: RefusalKind, what: &str, error: &dyn Error) -> Refusal {
        Refusal::new(kind, format!("{what}: {}", with_causes(error)))
    }

    /// The same, told in the application's own words: plain text of any content, cut to what a message holds.
    pub(crate) fn in_words(mut self, words: &str) -> Refusal {
        const LONGEST: usize = 500;
        let words: String = words.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
        self.words = Some(words).filter(|words| !words.is_empty());
        self
    }

    /// What the application wants the user to read; `None`: what the register has for it.
    pub(crate) fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }

    pub(crate) fn entry(&self) -> &'static ErrorEntry {
        match &self.cause {
            Cause::Ours(kind) => kind.entry(),
            Cause::Protocol(error) => error.entry(),
        }
    }

    /// The refusal's kind, when it is one of ours.
    pub(crate) fn kind(&self) -> Option<RefusalKind> {
        match &self.cause {
            Cause::Ours(kind) => Some(*kind),
            Cause::Protocol(_) => None,
        }
    }

    /// What the protocol said, when the refusal comes from there.
    pub(crate) fn protocol(&self) -> Option<&SignInError> {
        match &self.cause {
            Cause::Ours(_) => None,
            Cause::Protocol(error) => Some(error),
        }
    }

    /// Who has to act, for the page: Microsoft's number knows more than the error's kind.
    pub(crate) fn who(&self) -> Blame {
        self.aadsts().map_or(self.entry().blame, |number| number.who)
    }

    /// What to do about it, for the log.
    pub(crate) fn remedy(&self) -> String {
        match self.aadsts() {
            Some(number) => format!("{} {} {}", number.cause, number.remedy, self.entry().remedy),
            None => self.entry().remedy.to_owned(),
        }
    }

    fn aadsts(&self) -> Option<&'static Aadsts> {
        self.protocol()?.aadsts().and_then(Aadsts::lookup)
    }

    pub(crate) fn status(&self) -> StatusCode {
        match &self.cause {
            Cause::Ours(kind) => kind.status(),
            Cause::Protocol(error) => match error.blame() {
                Blame::User | Blame::TenantAdministrator => StatusCode::FORBIDDEN,
                Blame::Microsoft => StatusCode::BAD_GATEWAY,
                Blame::Attacker => StatusCode::BAD_REQUEST,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }
}

impl From<RefusalKind> for Refusal {
    fn from(kind: RefusalKind) -> Refusal {
        Refusal::new(kind, "")
    }
}

impl From<SignInError> for Refusal {
    fn from(error: SignInError) -> Refusal {
        Refusal { cause: Cause::Protocol(Box::new(error)), detail: String::new(), words: None }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        Refusal::new(RefusalKind::StoreUnavailable, with_causes(&error))
    }
}

/// An error, and what it came from.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// For the log: code, name and detail.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Protocol(error) => error.fmt(f),
            Cause::Ours(kind) if self.detail.is_empty() => write!(f, "{} {}", kind.entry().code, kind.entry().name),
            Cause::Ours(kind) => write!(f, "{} {}: {}", kind.entry().code, kind.entry().name, self.detail),
        }
    }
}
