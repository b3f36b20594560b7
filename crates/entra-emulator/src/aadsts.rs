//! Refusals with Microsoft's numbers.

mod table;

use serde_json::{Map, Value, json};

use crate::chance;
use crate::faults::ErrorAnswer;

use self::table::TABLE;

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

/// The ids and the time that every error carries, and how its lines are separated.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    request: String,
    correlation: String,
    timestamp: String,
    separator: &'static str,
}

impl Trace {
    /// `correlation_id`: the `client-request-id` of the request, when it sent a GUID.
    pub(crate) fn new(now: i64, correlation_id: Option<&str>, line_breaks: bool) -> Self {
        let sent = correlation_id.and_then(|id| uuid::Uuid::try_parse(id).ok()).map(|id| id.hyphenated().to_string());
        Self {
            request: chance::guid(),
            correlation: sent.unwrap_or_else(chance::guid),
            timestamp: timestamp(now),
            separator: if line_breaks { "\r\n" } else { " " },
        }
    }

    /// `error_description`
    pub(crate) fn description(&self, refusal: &Refusal) -> String {
        let Self { request, correlation, timestamp, separator } = self;
        if refusal.family == Family::B2c {
            return format!(
                "AADB2C{}: {}\r\nCorrelation ID: {correlation}\r\nTimestamp: {timestamp}\r\n",
                refusal.number, refusal.text
            );
        }
        format!(
            "AADSTS{}: {}{separator}Trace ID: {request}{separator}Correlation ID: {correlation}{separator}\
             Timestamp: {timestamp}",
            refusal.number, refusal.text
        )
    }

    /// The error body of the token endpoint.
    pub(crate) fn body(&self, refusal: &Refusal) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("error", json!(refusal.error));
        put("error_description", json!(self.description(refusal)));
        if refusal.family == Family::B2c {
            return Value::Object(body);
        }
        put("error_codes", json!([refusal.number]));
        put("timestamp", json!(self.timestamp));
        put("trace_id", json!(self.request));
        put("correlation_id", json!(self.correlation));
        // Recorded without `error_uri`: these two.
        if !matches!(refusal.number, 70003 | 700_038) {
            put("error_uri", json!(error_uri(refusal.number)));
        }
        if let Some(suberror) = &refusal.suberror {
            put("suberror", json!(suberror));
        }
        if let Some(claims) = &refusal.claims {
            put("claims", json!(claims));
        }
        Value::Object(body)
    }

    pub(crate) fn lines(&self) -> [(&'static str, &str); 3] {
        [("Trace ID", &self.request), ("Correlation ID", &self.correlation), ("Timestamp", &self.timestamp)]
    }
}

/// Where Microsoft explains a number.
pub(crate) fn error_uri(number: u32) -> String {
    format!("https://login.microsoftonline.com/error?code={number}")
}

/// `2026-08-13 21:24:29Z`: a space and a trailing Z, not RFC 3339.
fn timestamp(unix: i64) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");
    time::OffsetDateTime::from_unix_timestamp(unix).ok().and_then(|time| time.format(format).ok()).unwrap_or_default()
}
