//! The answer to the application.

use std::fmt;

use url::form_urlencoded;

use crate::aadsts::{Family, Refusal, error_uri};
use crate::answer::{Answer, redirect};
use crate::call::Call;
use crate::faults::Fault;
use crate::pages;

/// Where and how the application is answered; the redirect URI is a registered one.
#[derive(Clone)]
pub(super) struct ReplyTo {
    /// The redirect URI as it was requested.
    pub(super) requested: String,
    pub(super) mode: Mode,
    pub(super) state: Option<String>,
}

impl fmt::Debug for ReplyTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReplyTo({}, {:?})", self.requested, self.mode)
    }
}

/// `response_mode`
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Mode {
    Query,
    Fragment,
    FormPost,
}

impl ReplyTo {
    /// The code.
    pub(super) fn succeed(
        &self,
        code: &str,
        session_state: Option<&str>,
        client_info: Option<&str>,
        faults: &[Fault],
    ) -> Answer {
        let mut parameters = vec![("code", code)];
        if let Some(client_info) = client_info {
            parameters.push(("client_info", client_info));
        }
        let state = match &self.state {
            _ if faults.contains(&Fault::NoState) => None,
            Some(_) if faults.contains(&Fault::WrongState) => Some("another-state"),
            state => state.as_deref(),
        };
        parameters.extend(state.map(|state| ("state", state)));
        if !faults.contains(&Fault::NoSessionState) {
            parameters.extend(session_state.map(|sid| ("session_state", sid)));
        }
        for fault in faults {
            if let Fault::ResponseParameter(name, value) = fault {
                parameters.push((name, value));
            }
        }
        self.send(&parameters)
    }

    /// An error that the application is told.
    pub(super) fn refuse(&self, call: &Call<'_>, refusal: &Refusal) -> Answer {
        let refusal = call.worded(refusal);
        let description = call.trace().description(&refusal);
        let mut parameters = vec![("error", refusal.error.as_str()), ("error_description", description.as_str())];
        let uri = error_uri(refusal.number);
        if refusal.family == Family::Entra {
            parameters.push(("error_uri", uri.as_str()));
        }
        parameters.extend(refusal.suberror.as_deref().map(|suberror| ("suberror", suberror)));
        parameters.extend(refusal.claims.as_deref().map(|claims| ("claims", claims)));
        parameters.extend(self.state.as_deref().map(|state| ("state", state)));
        self.send(&parameters)
    }

    /// The user pressed "Cancel".
    pub(super) fn cancelled(&self) -> Answer {
        let mut parameters = vec![
            ("error", "access_denied"),
            ("error_subcode", "cancel"),
            ("error_description", "The user cancelled the sign-in."),
        ];
        parameters.extend(self.state.as_deref().map(|state| ("state", state)));
        self.send(&parameters)
    }

    fn send(&self, parameters: &[(&str, &str)]) -> Answer {
        if self.mode == Mode::FormPost {
            return pages::form_post(&self.requested, parameters);
        }
        let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        // `+` for a space is a matter of forms; `%20` is understood everywhere.
        let encoded = encoded.replace('+', "%20");
        let uri = with_path(&self.requested);
        match self.mode {
            Mode::Fragment => redirect(&format!("{uri}#{encoded}")),
            // Microsoft appends an empty fragment.
            _ if uri.contains('?') => redirect(&format!("{uri}&{encoded}#")),
            _ => redirect(&format!("{uri}?{encoded}#")),
        }
    }
}

/// A redirect URI without a path is answered at `/`.
fn with_path(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://") else { return uri.to_owned() };
    match rest.find(['/', '?']) {
        None => format!("{uri}/"),
        Some(index) if rest.as_bytes()[index] == b'?' => {
            let (host, query) = rest.split_at(index);
            format!("{scheme}://{host}/{query}")
        }
        Some(_) => uri.to_owned(),
    }
}
