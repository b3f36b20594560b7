use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{error::microsoft::clean, secret::random_bytes};

/// What we call a request.
const OURS: HeaderName = HeaderName::from_static("client-request-id");
/// What login servers and Graph call it, in this order.
const THEIRS: [HeaderName; 2] = [HeaderName::from_static("x-ms-request-id"), HeaderName::from_static("request-id")];
/// The longest name of theirs that is kept.
const LONGEST: usize = 64;

/// The two names of one request to Microsoft: with them, Microsoft's support finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestIds {
    /// What was sent as `client-request-id`: a GUID of chance, another one for each request.
    pub client: String,
    /// What the answer has as `x-ms-request-id` or `request-id`, when there was an answer.
    pub server: Option<String>,
}

impl RequestIds {
    /// Names a request that is about to be sent.
    pub(crate) fn name(headers: &mut HeaderMap) -> Self {
        let client = uuid::Builder::from_random_bytes(random_bytes()).into_uuid().to_string();
        if let Ok(value) = HeaderValue::from_str(&client) {
            headers.insert(OURS, value);
        }
        Self { client, server: None }
    }

    /// The same with what its answer is called.
    pub(crate) fn answered(self, headers: &HeaderMap) -> Self {
        let server = THEIRS.iter().find_map(|name| headers.get(name)?.to_str().ok());
        Self { server: server.map(|id| clean(id, LONGEST)), ..self }
    }
}

/// `client-request-id G`, and `request-id G` when there is one.
impl fmt::Display for RequestIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "client-request-id {}", self.client)?;
        self.server.as_ref().map_or(Ok(()), |server| write!(f, ", request-id {server}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_are_kept_and_theirs_becomes_one_short_line() {
        let mut sent = HeaderMap::new();
        let ids = RequestIds::name(&mut sent);
        assert_eq!(sent[OURS].to_str().unwrap(), ids.client);
        assert_ne!(RequestIds::name(&mut sent), ids, "each request has its own");
        assert_eq!(ids.to_string(), format!("client-request-id {}", ids.client));

        let mut answer = HeaderMap::new();
        answer.insert("request-id", HeaderValue::from_static("of graph"));
        assert_eq!(ids.clone().answered(&answer).server.as_deref(), Some("of graph"));
        answer.insert("x-ms-request-id", HeaderValue::from_str(&"x\t".repeat(1_000)).unwrap());
        let server = ids.answered(&answer).server.unwrap();
        assert_eq!(server.len(), LONGEST);
        assert!(!server.contains('\t'));
    }
}
