//! TLS on an accepted connection.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;

/// How long a client may take for its handshake.
const PATIENCE: Duration = Duration::from_secs(10);

type Shaken = io::Result<(TlsStream<TcpStream>, SocketAddr)>;

/// Accepts connections while others are still in their handshake; a handshake that fails or takes too long is nobody's
/// business.
pub(super) struct TlsListener {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
    /// They end with the listener.
    handshakes: JoinSet<Shaken>,
}

impl TlsListener {
    pub(super) fn new(tcp: TcpListener, config: Arc<ServerConfig>) -> Self {
        Self { tcp, acceptor: TlsAcceptor::from(config), handshakes: JoinSet::new() }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let Self { tcp, acceptor, handshakes } = self;
            tokio::select! {
                (stream, address) = Listener::accept(tcp) => {
                    handshakes.spawn(shake(acceptor.clone(), stream, address));
                }
                Some(shaken) = handshakes.join_next() => match shaken {
                    Ok(Ok(connection)) => return connection,
                    Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                    Err(_) => {}
                },
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}

async fn shake(acceptor: TlsAcceptor, stream: TcpStream, address: SocketAddr) -> Shaken {
    // Only speed depends on it.
    let _ = stream.set_nodelay(true);
    Ok((tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await??, address))
}
