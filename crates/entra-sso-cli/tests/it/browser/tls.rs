//! A https address in front of the demo, as a proxy in production would be.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
};

/// `https://localhost:PORT` with a certificate of its own.
pub(crate) struct TlsFront {
    url: String,
    socket: std::sync::Mutex<Option<TcpListener>>,
    acceptor: TlsAcceptor,
    forwarding: std::sync::Mutex<Option<JoinHandle<()>>>,
}

impl TlsFront {
    pub(crate) async fn bind() -> TlsFront {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key))
            .expect("a usable certificate");
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("https://localhost:{}", socket.local_addr().expect("bound").port());
        TlsFront {
            url,
            socket: Some(socket).into(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
            forwarding: None.into(),
        }
    }

    /// Without a trailing slash.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// From now on everything goes to `upstream`, such as `http://localhost:8000`.
    pub(crate) fn forward_to(&self, upstream: &str) {
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let socket = self.socket.lock().expect("not poisoned").take().expect("forwarding begins once");
        let acceptor = self.acceptor.clone();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = socket.accept().await {
                tokio::spawn(forward(acceptor.clone(), client, upstream.clone()));
            }
        });
        *self.forwarding.lock().expect("not poisoned") = Some(task);
    }
}

/// A connection that breaks is the browser's business.
async fn forward(acceptor: TlsAcceptor, client: TcpStream, upstream: String) {
    let Ok(mut client) = acceptor.accept(client).await else { return };
    let Ok(mut upstream) = TcpStream::connect(upstream).await else { return };
    let _ended = copy_bidirectional(&mut client, &mut upstream).await;
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        if let Some(task) = self.forwarding.lock().expect("not poisoned").take() {
            task.abort();
        }
    }
}
