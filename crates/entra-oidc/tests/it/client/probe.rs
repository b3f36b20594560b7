//! A look at the authority, past everything that is kept.

use bytes::Bytes;
use entra_oidc::{HttpClient, HttpError, HttpErrorKind, Limits, ManualClock, SignInErrorKind as Kind, Timestamp};
use http::{HeaderValue, Request, Response, header::DATE};

use crate::{
    client::START,
    microsoft::{Endpoint, Microsoft, Reply, builder, guid, tenant},
    signer::TENANT,
};

/// A Microsoft whose answers are dated, as every server's are.
struct Dated(Microsoft);

impl HttpClient for Dated {
    async fn send(&self, request: Request<Bytes>, limits: Limits) -> Result<Response<Bytes>, HttpError> {
        let mut response = self.0.send(request, limits).await?;
        response.headers_mut().insert(DATE, HeaderValue::from_static("Mon, 21 Sep 2026 14:23:20 GMT"));
        Ok(response)
    }
}

#[tokio::test]
async fn it_is_fetched_anew_and_says_what_time_it_is_there() {
    let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
    let client = builder(tenant(), &microsoft, &clock).http_client(Dated(microsoft.clone())).build().unwrap();
    client.warm().await.unwrap();
    for round in 2..4 {
        let probe = client.probe().await.unwrap();
        assert_eq!(probe.date, Some(Timestamp::from_unix(1_790_000_600)));
        assert_eq!((probe.now, probe.tenant), (START, Some(guid(TENANT))));
        assert_eq!(probe.keys, 5);
        assert_eq!((microsoft.count(Endpoint::Metadata), microsoft.count(Endpoint::Keys)), (round, round));
    }
    client.begin(crate::microsoft::options(START)).await.unwrap();
    assert_eq!(microsoft.count(Endpoint::Metadata), 3, "what is kept stays");
}

#[tokio::test]
async fn it_fails_as_a_sign_in_would() {
    for (endpoint, reply, expected) in [
        (Endpoint::Metadata, Reply::Fail(HttpErrorKind::Connect), Kind::MetadataUnreachable),
        (Endpoint::Metadata, Reply::status(503, ""), Kind::MetadataUnreachable),
        (Endpoint::Metadata, Reply::status(404, ""), Kind::MetadataInvalid),
        (Endpoint::Metadata, Reply::status(302, ""), Kind::MetadataInvalid),
        (Endpoint::Metadata, Reply::status(200, "<html>"), Kind::MetadataInvalid),
        (Endpoint::Keys, Reply::Fail(HttpErrorKind::Timeout), Kind::KeysUnreachable),
        (Endpoint::Keys, Reply::Fail(HttpErrorKind::TooLarge), Kind::KeysInvalid),
        (Endpoint::Keys, Reply::status(200, r#"{"keys":[]}"#), Kind::KeysInvalid),
    ] {
        let (microsoft, clock) = (Microsoft::of(TENANT), ManualClock::at(START));
        let client = crate::microsoft::client(&microsoft, &clock);
        let dateless = client.probe().await.unwrap();
        assert_eq!(dateless.date, None);
        client.warm().await.unwrap();
        microsoft.set(endpoint, reply);
        assert_eq!(client.probe().await.unwrap_err().kind(), expected, "{endpoint:?}, though good ones are kept");
    }
}
