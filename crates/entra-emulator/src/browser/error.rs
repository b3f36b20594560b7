//! Why a page could not be shown.

use url::Url;

use super::site::without_query;

/// Why a page could not be shown. No text holds a query string.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrowserError {
    /// Not an http or https address.
    #[error("{0:?} is not an http(s) address")]
    Address(String),
    /// Nobody answered, or the answer broke off.
    #[error("no answer from {address}: {source}")]
    Network {
        /// The address without its query.
        address: String,
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// More than 20 redirects.
    #[error("more than 20 redirects")]
    TooManyRedirects,
    /// The page has no such form, or it is not the page that was expected.
    #[error("the page at {address} (status {status}) has no {what}")]
    Missing {
        /// The page's address without its query.
        address: String,
        /// The page's status.
        status: u16,
        /// What was looked for.
        what: String,
    },
}

impl BrowserError {
    pub(super) fn network(url: &Url, error: reqwest::Error) -> Self {
        Self::Network { address: without_query(url), source: Box::new(error.without_url()) }
    }

    pub(super) fn missing(url: &Url, status: u16, what: impl Into<String>) -> Self {
        Self::Missing { address: without_query(url), status, what: what.into() }
    }
}
