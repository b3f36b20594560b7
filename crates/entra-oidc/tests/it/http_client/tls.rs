//! J6: certificates that must not be trusted, and the one that `extra_roots_pem` makes trusted.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use entra_oidc::{HttpClient, HttpErrorKind as Kind, Limits, ReqwestClient, ReqwestSettings};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

use super::{SECOND, get};

struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    fn pem(&self) -> Vec<u8> {
        let text = STANDARD.encode(&self.certificate);
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n").into_bytes()
    }

    /// A server with a certificate for this name, on 127.0.0.1. Gives its port.
    async fn server(&self, name: &str, expired: bool) -> u16 {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    let _ = stream.read(&mut [0; 4096]).await;
                    let _ =
                        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok").await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        port
    }
}

#[tokio::test]
async fn j6_only_a_certificate_that_holds_is_accepted() {
    let (ours, strangers) = (Authority::new(), Authority::new());
    let trusting = ReqwestClient::new(&ReqwestSettings::new().extra_roots_pem(ours.pem())).unwrap();
    let plain = ReqwestClient::new(&ReqwestSettings::new()).unwrap();
    let rows = [
        ("our authority, extra roots", &trusting, ours.server("127.0.0.1", false).await, Ok(200)),
        ("our authority, no extra roots", &plain, ours.server("127.0.0.1", false).await, Err(Kind::Tls)),
        ("a stranger's authority", &trusting, strangers.server("127.0.0.1", false).await, Err(Kind::Tls)),
        ("another name", &trusting, ours.server("login.contoso.example", false).await, Err(Kind::Tls)),
        ("expired", &trusting, ours.server("127.0.0.1", true).await, Err(Kind::Tls)),
    ];
    for (name, client, port, expected) in rows {
        let outcome = client.send(get(&format!("https://127.0.0.1:{port}/?canary")), Limits::new(16, 5 * SECOND)).await;
        let outcome = outcome.map(|response| response.status().as_u16()).map_err(|error| {
            assert!(!error.to_string().contains("canary"), "Z1: {error}");
            error.kind()
        });
        assert_eq!(outcome, expected, "J6: {name}");
    }
}
