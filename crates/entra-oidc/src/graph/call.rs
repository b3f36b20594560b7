use std::fmt::{self, Write as _};

use bytes::Bytes;
use http::{
    HeaderValue, Method, Request,
    header::{ACCEPT, CONTENT_TYPE},
};
use serde_json::Value;
use url::Url;

use crate::{
    graph::error::{GraphError, GraphErrorKind},
    http_client::Endpoint,
};

/// The most an answer may be, in bytes, unless more is asked for.
const ANSWER_LIMIT: usize = 1024 * 1024;
/// The most a path or a query may be.
const LONGEST: usize = 4096;

/// One question to Microsoft Graph, of an application's own.
///
/// It names a path and never a host: the access token goes to the configured Graph and nowhere else. The one address that
/// may come from an answer, `@odata.nextLink`, must lead there too ([`GraphCall::next_page`]).
///
/// ```
/// use entra_oidc::GraphCall;
///
/// let call = GraphCall::get("me/messages").select(["subject", "from"]).query("$top", "10");
/// let user = GraphCall::get(format!("users/{}", GraphCall::segment("megan_fabrikam.example#EXT#@contoso.example")));
/// # let _ = (call, user);
/// ```
#[derive(Clone)]
#[must_use]
pub struct GraphCall {
    method: Method,
    target: Target,
    version: &'static str,
    query: String,
    body: Option<Bytes>,
    limit: usize,
}

#[derive(Clone)]
enum Target {
    Path(String),
    Page(String),
}

impl GraphCall {
    /// Reads what is at this path below `v1.0`, such as `me/messages`. Data in it goes through [`GraphCall::segment`].
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, Target::Path(path.into()), None)
    }

    /// Posts a JSON body.
    pub fn post(path: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::POST, Target::Path(path.into()), Some(body))
    }

    /// Changes what is there.
    pub fn patch(path: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::PATCH, Target::Path(path.into()), Some(body))
    }

    /// Deletes what is there.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, Target::Path(path.into()), None)
    }

    /// Reads the next page of a list: `@odata.nextLink` of the answer before ([`GraphReply::next_page`](super::GraphReply)).
    /// A link that leads elsewhere than to the configured Graph is refused.
    pub fn next_page(link: impl Into<String>) -> Self {
        Self::new(Method::GET, Target::Page(link.into()), None)
    }

    /// Only these members: `$select`.
    pub fn select<'a>(self, members: impl IntoIterator<Item = &'a str>) -> Self {
        let members: Vec<&str> = members.into_iter().collect();
        self.query("$select", &members.join(","))
    }

    /// A parameter of the query, such as `$top` or `$filter`. It is encoded here.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push(if self.query.is_empty() { '?' } else { '&' });
        encode(name, &mut self.query);
        self.query.push('=');
        encode(value, &mut self.query);
        self
    }

    /// Below `beta` in place of `v1.0`.
    pub const fn beta(mut self) -> Self {
        self.version = "beta";
        self
    }

    /// The most that the answer may be, in bytes. Default 1 MiB.
    pub const fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// A text as one segment of a path: whatever it holds, it names nothing else.
    #[must_use]
    pub fn segment(text: &str) -> String {
        let mut segment = String::new();
        encode(text, &mut segment);
        segment
    }

    fn new(method: Method, target: Target, body: Option<&Value>) -> Self {
        let body = body.map(|body| Bytes::from(body.to_string()));
        Self { method, target, version: "v1.0", query: String::new(), body, limit: ANSWER_LIMIT }
    }

    pub(super) const fn most(&self) -> usize {
        self.limit
    }

    /// The page that was asked for by its own address, which nobody has looked at yet.
    pub(super) fn page(&self) -> Option<&str> {
        match &self.target {
            Target::Path(_) => None,
            Target::Page(link) => Some(link),
        }
    }

    /// The address of its path below `base`, which ends in a slash.
    pub(super) fn address(&self, base: &Url) -> Result<Url, GraphError> {
        let Target::Path(path) = &self.target else { return Err(invalid("it has no path")) };
        let path = path.strip_prefix('/').unwrap_or(path);
        if !is_path(path) {
            return Err(invalid("expected a path such as `me/messages`, without query and dots"));
        }
        if self.query.len() > LONGEST {
            return Err(invalid("the query is too long"));
        }
        Url::parse(&format!("{base}{}/{path}{}", self.version, self.query)).map_err(|_| invalid("it is no address"))
    }

    /// The request to this address. The access token comes later.
    pub(super) fn request(&self, address: &Url) -> Result<Request<Bytes>, GraphError> {
        let mut request = Request::new(self.body.clone().unwrap_or_default());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = address.as_str().parse().map_err(|_| invalid("it is no address for HTTP"))?;
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        request.extensions_mut().insert(Endpoint::GraphCall);
        if self.body.is_some() {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Ok(request)
    }
}

/// Segments of plain characters, none of them empty or made of dots, encoded ones among them unless they hide a slash, a
/// dot or a control character.
fn is_path(path: &str) -> bool {
    path.len() <= LONGEST
        && path.split('/').all(|segment| !matches!(segment, "" | "." | "..") && is_segment(segment.as_bytes()))
}

fn is_segment(mut bytes: &[u8]) -> bool {
    while let Some((&first, rest)) = bytes.split_first() {
        bytes = rest;
        if first == b'%' {
            let hidden = rest.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
            match hidden {
                Some(byte) if !byte.is_ascii_control() && !matches!(byte, b'/' | b'\\' | b'%' | b'.') => {
                    bytes = &rest[2..];
                }
                _ => return false,
            }
        } else if !is_plain(first) && first != b'=' && first != b'&' {
            return false;
        }
    }
    true
}

/// What may stand in a path and in a query as it is, with what `OData` writes there.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~$,'()*:@!".contains(&byte)
}

fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if is_plain(byte) {
            into.push(char::from(byte));
        } else {
            let _ = write!(into, "%{byte:02X}");
        }
    }
}

fn invalid(detail: &str) -> GraphError {
    GraphError::new(GraphErrorKind::CallInvalid, detail)
}

/// The method and the first segment; what comes after may name people.
impl fmt::Debug for GraphCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = match &self.target {
            Target::Path(path) => path.trim_start_matches('/').split('/').next().unwrap_or_default(),
            Target::Page(_) => "(next page)",
        };
        write!(f, "GraphCall({} {first}…)", self.method)
    }
}

#[cfg(test)]
mod tests;
