//! A refusal.

use crate::faults::ErrorAnswer;

use super::table::TABLE;

/// A refusal: AADSTS number, OAuth error, text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) family: Family,
    pub(crate) number: u32,
    pub(crate) error: String,
    pub(crate) text: String,
    /// What [`Refusal::about`] put into the text.
    pub(crate) subject: Option<Box<str>>,
    pub(crate) suberror: Option<Box<str>>,
    pub(crate) claims: Option<Box<str>>,
    pub(crate) status: Option<u16>,
}

/// Whose numbers.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Family {
    /// `AADSTS`
    Entra,
    /// `AADB2C`
    B2c,
}

impl Family {
    /// What stands before the number.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::Entra => "AADSTS",
            Self::B2c => "AADB2C",
        }
    }
}

impl Refusal {
    /// A refusal of the table; a number that is not in it becomes a bare `invalid_request`.
    pub(crate) fn of(number: u32) -> Self {
        let known = TABLE.iter().find(|(known, ..)| *known == number);
        let (error, text) =
            known.map_or(("invalid_request", "The request was refused."), |(_, error, text)| (error, text));
        Self {
            family: Family::Entra,
            number,
            error: error.to_owned(),
            text: text.to_owned(),
            subject: None,
            suberror: None,
            claims: None,
            status: None,
        }
    }

    /// A parameter is missing.
    pub(crate) fn missing(parameter: &str) -> Self {
        Self::of(900_144).about(parameter)
    }

    /// The application is not in the tenant, or its id cannot be one.
    pub(crate) fn unknown_app(id: &str) -> Self {
        let nil = uuid::Uuid::try_parse(id).is_ok_and(|guid| guid.is_nil());
        Self::of(if nil { 700_038 } else { 700_016 }).about(id)
    }

    /// With what it is about, in quotes after the text.
    pub(crate) fn about(mut self, subject: &str) -> Self {
        let subject: String = subject.chars().filter(|c| !c.is_control()).take(128).collect();
        self.text = format!("{} ('{subject}')", self.text);
        self.subject = Some(subject.into());
        self
    }

    /// With another `error` than the table's.
    pub(crate) fn error(mut self, error: &str) -> Self {
        error.clone_into(&mut self.error);
        self
    }

    /// With a `suberror`.
    pub(crate) fn suberror(mut self, suberror: &str) -> Self {
        self.suberror = Some(suberror.into());
        self
    }

    /// The status of the token endpoint's answer.
    pub(crate) fn status(&self) -> u16 {
        let unauthorized = self.error == "invalid_client" && self.family == Family::Entra;
        self.status.unwrap_or(if unauthorized { 401 } else { 400 })
    }
}

impl From<&ErrorAnswer> for Refusal {
    fn from(answer: &ErrorAnswer) -> Self {
        Self {
            family: Family::Entra,
            subject: None,
            number: answer.number,
            error: answer.error.clone(),
            text: answer.text.clone(),
            suberror: answer.suberror.as_deref().map(Box::from),
            claims: answer.claims.as_deref().map(Box::from),
            status: answer.status,
        }
    }
}
