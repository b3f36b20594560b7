//! Sockets on loopback.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::serve::{Listener, ListenerExt as _};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::error::EmulatorError;
use crate::service::Service;

use super::observe::handle;

/// How often another free port is looked for.
const TRIES: usize = 16;

/// What is spoken on the sockets.
#[derive(Clone)]
pub(crate) enum Transport {
    Plain,
    #[cfg(feature = "https")]
    Tls(Arc<tokio_rustls::rustls::ServerConfig>),
}

/// The sockets of an emulator, bound.
#[derive(Debug)]
pub(crate) struct Listening {
    /// The host as it was written.
    pub(crate) name: String,
    pub(crate) address: SocketAddr,
    listeners: Vec<TcpListener>,
}

/// Binds every address that `address` (`host:port`) stands for; all must be loopback.
pub(crate) async fn listen(address: &str) -> Result<Listening, EmulatorError> {
    let wrong = |source| EmulatorError::Address { address: address.to_owned(), source };
    let bind = |source| EmulatorError::Bind { address: address.to_owned(), source };
    let (name, _) = address.rsplit_once(':').ok_or_else(|| wrong(io::Error::other("no port")))?;
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host(address).await.map_err(wrong)?.collect();
    if addresses.iter().any(|address| !address.ip().is_loopback()) {
        return Err(EmulatorError::NotLoopback { address: address.to_owned() });
    }
    let mut tries = 0;
    let listeners = loop {
        tries += 1;
        match bind_all(&addresses).await {
            Ok(listeners) => break listeners,
            // A port that was free at one address can be taken at the other.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tries < TRIES && is_any(&addresses) => {}
            Err(error) => return Err(bind(error)),
        }
    };
    let first = listeners.first().ok_or_else(|| bind(io::Error::other("the name has no address")))?;
    let address = first.local_addr().map_err(bind)?;
    Ok(Listening { name: name.to_owned(), address, listeners })
}

fn is_any(addresses: &[SocketAddr]) -> bool {
    addresses.iter().any(|address| address.port() == 0)
}

/// Binds the addresses that this machine has; those that leave the port open get the same one.
async fn bind_all(addresses: &[SocketAddr]) -> io::Result<Vec<TcpListener>> {
    let mut port = None;
    let mut listeners = Vec::new();
    let mut absent = None;
    for mut address in addresses.iter().copied() {
        if address.port() == 0 {
            address.set_port(port.unwrap_or_default());
        }
        match TcpListener::bind(address).await {
            Ok(listener) => {
                port = port.or(Some(listener.local_addr()?.port()));
                listeners.push(listener);
            }
            // A machine without IPv6 still resolves `localhost` to ::1.
            Err(error) if is_absent(&error) => absent = Some(error),
            Err(error) => return Err(error),
        }
    }
    match absent {
        Some(error) if listeners.is_empty() => Err(error),
        _ => Ok(listeners),
    }
}

impl Listening {
    /// Serves until `stop` turns true.
    pub(crate) fn serve(
        self,
        transport: &Transport,
        service: &Arc<Service>,
        stop: &watch::Receiver<bool>,
    ) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        for listener in self.listeners {
            let (service, stop) = (Arc::clone(service), stop.clone());
            match transport {
                Transport::Plain => {
                    let listener = listener.tap_io(|stream| {
                        // Only speed depends on it.
                        let _ = stream.set_nodelay(true);
                    });
                    tasks.spawn(answer(listener, service, stop));
                }
                #[cfg(feature = "https")]
                Transport::Tls(config) => {
                    tasks.spawn(answer(super::tls::TlsListener::new(listener, Arc::clone(config)), service, stop));
                }
            }
        }
        tasks
    }
}

async fn answer<L>(listener: L, service: Arc<Service>, mut stop: watch::Receiver<bool>)
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    let router = Router::new().fallback(endpoint).with_state(service);
    let stopped = async move {
        // A sender that is gone means stop, too.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    // `serve` does not fail.
    let _ = axum::serve(listener, router).with_graceful_shutdown(stopped).await;
}

async fn endpoint(State(service): State<Arc<Service>>, request: Request) -> axum::response::Response {
    handle(&service, request).await.map(axum::body::Body::from)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AddrNotAvailable | io::ErrorKind::Unsupported)
        || error.raw_os_error() == Some(97)
}
