use std::{error::Error, fmt::Write as _};

use bytes::{Bytes, BytesMut};
use url::Url;

use crate::{
    address::is_loopback,
    error::{ConfigError, ConfigErrorKind},
    http_client::{HttpClient, HttpError, HttpErrorKind, Limits, LinkLocal, is_link_local},
};

/// How a [`ReqwestClient`] reaches the network.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ReqwestSettings {
    /// Certificates (PEM, one or many) of authorities to trust beside those of the machine. Default none.
    pub extra_roots_pem: Option<Vec<u8>>,
    /// Whether `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` count. Default no. Loopback hosts and the endpoints of managed
    /// identities are always asked directly.
    pub system_proxy: bool,
}

impl ReqwestSettings {
    /// The defaults: the machine's certificate authorities, no proxy.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts these authorities (PEM) as well.
    #[must_use]
    pub fn extra_roots_pem(mut self, pem: Vec<u8>) -> Self {
        self.extra_roots_pem = Some(pem);
        self
    }

    /// Uses the proxy that the environment names.
    #[must_use]
    pub fn system_proxy(mut self, on: bool) -> Self {
        self.system_proxy = on;
        self
    }
}

/// [`HttpClient`] made with `reqwest` and rustls. Needs a tokio runtime. Cheap to clone; connections are kept.
#[derive(Clone, Debug)]
pub struct ReqwestClient {
    outside: ::reqwest::Client,
    direct: ::reqwest::Client,
}

impl ReqwestClient {
    /// Builds the client. When the machine has no certificate bundle, Mozilla's authorities are used instead.
    ///
    /// # Errors
    /// [`ConfigErrorKind::HttpClient`]: the extra certificates cannot be read, or TLS cannot be set up.
    pub fn new(settings: &ReqwestSettings) -> Result<Self, ConfigError> {
        let outside = build(settings, settings.system_proxy)?;
        let direct = if settings.system_proxy { build(settings, false)? } else { outside.clone() };
        Ok(Self { outside, direct })
    }

    fn client_for(&self, url: &Url, may_be_link_local: bool) -> Result<&::reqwest::Client, HttpError> {
        match (url.scheme(), is_loopback(url) || (may_be_link_local && is_link_local(url))) {
            ("http" | "https", true) => Ok(&self.direct),
            ("https", false) => Ok(&self.outside),
            _ => Err(HttpError::new(HttpErrorKind::Other, "only https is allowed off loopback")),
        }
    }
}

impl HttpClient for ReqwestClient {
    async fn send(&self, request: http::Request<Bytes>, limits: Limits) -> Result<http::Response<Bytes>, HttpError> {
        let url = Url::parse(&request.uri().to_string())
            .map_err(|_| HttpError::new(HttpErrorKind::Other, "the address is not a URL"))?;
        let client = self.client_for(&url, request.extensions().get::<LinkLocal>().is_some())?;
        let (parts, body) = request.into_parts();
        let mut response = client
            .request(parts.method, url)
            .headers(parts.headers)
            .body(body)
            .timeout(limits.time)
            .send()
            .await
            .map_err(describe)?;

        let mut answer = http::Response::builder().status(response.status());
        if let Some(headers) = answer.headers_mut() {
            std::mem::swap(headers, response.headers_mut());
        }
        let body = read(&mut response, limits.body).await?;
        answer.body(body).map_err(|_| HttpError::new(HttpErrorKind::Other, "the answer cannot be read"))
    }
}

async fn read(response: &mut ::reqwest::Response, limit: usize) -> Result<Bytes, HttpError> {
    let too_large = || HttpError::new(HttpErrorKind::TooLarge, format!("the answer is over {limit} bytes"));
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(describe)? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn build(settings: &ReqwestSettings, proxy: bool) -> Result<::reqwest::Client, ConfigError> {
    let extra = match &settings.extra_roots_pem {
        None => Vec::new(),
        Some(pem) => ::reqwest::Certificate::from_pem_bundle(pem)
            .ok()
            .filter(|certificates| !certificates.is_empty())
            .ok_or_else(|| ConfigError::new(ConfigErrorKind::HttpClient, "the extra certificates are not PEM"))?,
    };
    let base = || {
        let builder = ::reqwest::Client::builder().redirect(::reqwest::redirect::Policy::none()).referer(false);
        if proxy { builder } else { builder.no_proxy() }
    };
    // A machine without a certificate bundle cannot build a client, not even for plain http.
    base().tls_certs_merge(extra.clone()).build().or_else(|_| {
        let mozilla = webpki_root_certs::TLS_SERVER_ROOT_CERTS
            .iter()
            .filter_map(|der| ::reqwest::Certificate::from_der(der).ok());
        base()
            .tls_certs_only(mozilla.chain(extra))
            .build()
            .map_err(|error| ConfigError::new(ConfigErrorKind::HttpClient, chain(&error)))
    })
}

fn describe(error: ::reqwest::Error) -> HttpError {
    let error = error.without_url();
    let text = chain(&error);
    let kind = if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_connect() && (text.contains("certificate") || text.contains("tls")) {
        HttpErrorKind::Tls
    } else if error.is_connect() {
        HttpErrorKind::Connect
    } else {
        HttpErrorKind::Other
    };
    HttpError::new(kind, text)
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let _ = write!(text, ": {cause}");
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_machine() {
        let client = ReqwestClient::new(&ReqwestSettings::new()).unwrap();
        for (url, plain, marked) in [
            ("https://login.microsoftonline.com/", true, true),
            ("http://localhost:8080/", true, true),
            ("http://127.0.0.1/", true, true),
            ("http://169.254.169.254/metadata", false, true),
            ("http://169.254.130.2:8081/msi/token", false, true),
            ("http://10.0.0.1/", false, false),
            ("http://login.microsoftonline.com/", false, false),
            ("http://metadata.google.internal/", false, false),
            ("ftp://169.254.169.254/", false, false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(client.client_for(&url, false).is_ok(), plain, "{url}");
            assert_eq!(client.client_for(&url, true).is_ok(), marked, "{url}, for a managed identity");
        }
    }
}
