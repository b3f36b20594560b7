//! Where a Redis is, and how a connection to it begins.

use std::{fmt, io};

use redis::{
    AsyncConnectionConfig, Cmd, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, RedisConnectionInfo,
    RedisResult, aio::MultiplexedConnection,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, UnixStream},
};
use tokio_rustls::TlsConnector;
use url::Url;

use crate::{gathered::Gathered, open_error::OpenError, tls};

/// How many commands may wait to be written; who comes later waits for room.
const QUEUE: usize = 1_000;

pub(crate) struct Address {
    place: Place,
    /// User, password and database.
    login: RedisConnectionInfo,
}

enum Place {
    Tcp { host: String, port: u16 },
    Tls { host: String, port: u16, connector: TlsConnector },
    Socket(std::path::PathBuf),
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Address {
    /// `ca` is what signs the server's certificate, in PEM, when it is no public authority.
    ///
    /// # Errors
    /// It is not the URL of a Redis, or the certificates cannot be read.
    pub(crate) fn parse(url: &str, ca: Option<&[u8]>) -> Result<Address, OpenError> {
        let (info, with_tls) = read(url).ok_or_else(OpenError::bad_url)?;
        let place = match info.addr() {
            ConnectionAddr::Tcp(host, port) if with_tls => {
                let connector = tls::connector(ca).map_err(|_| OpenError::bad_certificates())?;
                Place::Tls { host: host.clone(), port: *port, connector }
            }
            ConnectionAddr::Tcp(host, port) => Place::Tcp { host: host.clone(), port: *port },
            ConnectionAddr::Unix(path) => Place::Socket(path.clone()),
            _ => return Err(OpenError::bad_url()),
        };
        Ok(Address { place, login: info.redis_settings().clone().set_skip_set_lib_name() })
    }

    /// Connects, says who we are, and hears that we may be there.
    pub(crate) async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None)
            .set_pipeline_buffer_size(QUEUE);
        let stream = Gathered::new(self.stream().await?);
        let (mut connection, driver) = MultiplexedConnection::new_with_config(&self.login, stream, config).await?;
        tokio::spawn(driver);
        Cmd::new().arg("PING").exec_async(&mut connection).await?;
        Ok(connection)
    }

    async fn stream(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match &self.place {
            Place::Tcp { host, port } => Box::new(tcp(host, *port).await?),
            Place::Tls { host, port, connector } => {
                let name = tls::server_name(host)?;
                Box::new(connector.connect(name, tcp(host, *port).await?).await?)
            }
            Place::Socket(path) => Box::new(UnixStream::connect(path).await?),
        })
    }
}

/// What a URL says, and whether it asks for TLS.
fn read(url: &str) -> Option<(ConnectionInfo, bool)> {
    let mut url = Url::parse(url).ok()?;
    // `#insecure` would turn the check of certificates off.
    if url.fragment().is_some() {
        return None;
    }
    let with_tls = match url.scheme() {
        "rediss" | "valkeys" => true,
        "redis" | "valkey" | "unix" | "redis+unix" | "valkey+unix" => false,
        _ => return None,
    };
    if with_tls {
        url.set_scheme("redis").ok()?;
    }
    Some((url.as_str().into_connection_info().ok()?, with_tls))
}

async fn tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The place alone, without user and password.
impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Tcp { host, port } => write!(out, "redis://{host}:{port}"),
            Place::Tls { host, port, .. } => write!(out, "rediss://{host}:{port}"),
            Place::Socket(path) => write!(out, "unix://{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_without_its_password() {
        for (url, shown) in [
            ("redis://:word@db.example/2", Some("redis://db.example:6379")),
            ("redis://user:word@[::1]:7000", Some("redis://::1:7000")),
            ("rediss://:word@db.example:6380", Some("rediss://db.example:6380")),
            ("valkey://localhost", Some("redis://localhost:6379")),
            ("valkeys://localhost", Some("rediss://localhost:6379")),
            ("unix:///run/redis.sock?pass=word&db=3", Some("unix:///run/redis.sock")),
            ("redis+unix:///run/redis.sock", Some("unix:///run/redis.sock")),
            ("rediss://db.example/#insecure", None),
            ("redis://db.example/word", None),
            ("postgres://:word@db.example/1", None),
            ("db.example:6379", None),
            ("", None),
        ] {
            let parsed = Address::parse(url, None).ok().map(|address| address.to_string());
            assert_eq!(parsed.as_deref(), shown, "{url}");
        }
    }
}
