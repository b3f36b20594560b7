//! A https address in front of the demo, as a proxy in production would be.

use std::{io, sync::Arc};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf, copy, split},
    join,
    net::{TcpListener, TcpStream},
    sync::broadcast,
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
    server::TlsStream,
};

/// `https://localhost:PORT`, or at another name of this machine, with a certificate of its own.
pub(crate) struct TlsFront {
    url: String,
    socket: std::sync::Mutex<Option<TcpListener>>,
    acceptor: TlsAcceptor,
    forwarding: std::sync::Mutex<Option<JoinHandle<()>>>,
    heard: broadcast::Sender<String>,
}

impl TlsFront {
    pub(crate) async fn bind() -> TlsFront {
        TlsFront::bind_at("localhost").await
    }

    pub(crate) async fn bind_at(name: &str) -> TlsFront {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key))
            .expect("a usable certificate");
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("https://{name}:{}", socket.local_addr().expect("bound").port());
        TlsFront {
            url,
            socket: Some(socket).into(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
            forwarding: None.into(),
            heard: broadcast::channel(1_000).0,
        }
    }

    /// The head of every request that comes from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<String> {
        self.heard.subscribe()
    }

    /// Without a trailing slash.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// From now on everything goes to `upstream`, such as `http://localhost:8000`.
    pub(crate) fn forward_to(&self, upstream: &str) {
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let socket = self.socket.lock().expect("not poisoned").take().expect("forwarding begins once");
        let (acceptor, heard) = (self.acceptor.clone(), self.heard.clone());
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = socket.accept().await {
                tokio::spawn(forward(acceptor.clone(), client, upstream.clone(), heard.clone()));
            }
        });
        *self.forwarding.lock().expect("not poisoned") = Some(task);
    }
}

/// A connection that breaks is the browser's business.
async fn forward(acceptor: TlsAcceptor, client: TcpStream, upstream: String, heard: broadcast::Sender<String>) {
    let Ok(client) = acceptor.accept(client).await else { return };
    let Ok(upstream) = TcpStream::connect(upstream).await else { return };
    let (from_client, mut to_client) = split(client);
    let (mut from_upstream, to_upstream) = split(upstream);
    let _ended = join!(copy(&mut from_upstream, &mut to_client), pass_on(from_client, to_upstream, heard));
}

/// Says the head of each request before it goes on.
async fn pass_on(
    mut client: ReadHalf<TlsStream<TcpStream>>,
    mut upstream: WriteHalf<TcpStream>,
    heard: broadcast::Sender<String>,
) -> io::Result<()> {
    let (mut buffer, mut text) = (vec![0; 16 * 1024], String::new());
    loop {
        let read = client.read(&mut buffer).await?;
        if read == 0 {
            return upstream.shutdown().await;
        }
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        while let Some((head, rest)) = text.split_once("\r\n\r\n") {
            // Nobody has to listen.
            let _listeners = heard.send(head.to_owned());
            text = rest.to_owned();
        }
        upstream.write_all(&buffer[..read]).await?;
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        if let Some(task) = self.forwarding.lock().expect("not poisoned").take() {
            task.abort();
        }
    }
}
