use std::fmt;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value};

use crate::{
    graph::error::{GraphError, GraphErrorKind},
    json,
};

/// What Graph answered to a [`GraphCall`](super::GraphCall): status 2xx, and a body within the bound.
#[derive(Clone)]
pub struct GraphReply {
    status: StatusCode,
    body: Bytes,
}

impl GraphReply {
    pub(super) fn new(response: Response<Bytes>) -> Self {
        Self { status: response.status(), body: response.into_body() }
    }

    /// The status, 2xx.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The body as it came; empty for 204.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as a JSON object.
    ///
    /// # Errors
    /// [`GraphErrorKind::Invalid`] when it is none, or has a member twice.
    pub fn json(&self) -> Result<Map<String, Value>, GraphError> {
        json::object(&self.body).map_err(|detail| GraphError::new(GraphErrorKind::Invalid, detail))
    }

    /// `@odata.nextLink`, for [`GraphCall::next_page`](super::GraphCall::next_page): the list goes on there.
    #[must_use]
    pub fn next_page(&self) -> Option<String> {
        self.json().ok()?.get("@odata.nextLink")?.as_str().map(str::to_owned)
    }
}

impl fmt::Debug for GraphReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GraphReply({}, {} bytes)", self.status.as_u16(), self.body.len())
    }
}
