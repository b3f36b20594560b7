//! A listen address, and the sockets behind it.

use std::{
    fmt,
    io::{self, ErrorKind},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use tokio::net::{TcpListener, lookup_host};

use crate::failure::Failure;

/// `HOST:PORT`; an IPv6 address stands in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    host: Host,
    port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    /// Both loopback addresses, since a browser may take either.
    Localhost,
    Ip(IpAddr),
    Name(String),
}

/// Bound sockets, all on one port.
#[derive(Debug)]
pub(crate) struct Listeners {
    pub(crate) sockets: Vec<TcpListener>,
    address: Address,
}

impl Address {
    /// Whether only this machine can connect. A name other than `localhost` counts as public, wherever it leads today.
    pub(crate) fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Localhost => true,
            Host::Ip(ip) => ip.is_loopback(),
            Host::Name(_) => false,
        }
    }

    /// Binds it. `flag` is what the caller typed, for the error.
    pub(crate) async fn bind(&self, flag: &str) -> Result<Listeners, Failure> {
        let sockets = match &self.host {
            Host::Localhost => bind_localhost(self.port).await,
            Host::Ip(ip) => TcpListener::bind(SocketAddr::new(*ip, self.port)).await.map(|socket| vec![socket]),
            Host::Name(name) => bind_name(name, self.port).await,
        };
        let sockets = sockets.map_err(|error| self.not_bound(flag, &error))?;
        let port = match sockets.first().map(TcpListener::local_addr) {
            Some(Ok(bound)) => bound.port(),
            _ => self.port,
        };
        Ok(Listeners { sockets, address: Address { host: self.host.clone(), port } })
    }

    /// Why it could not be bound, and what to do; also for who binds it elsewhere.
    pub(crate) fn not_bound(&self, flag: &str, error: &io::Error) -> Failure {
        let cure = match error.kind() {
            ErrorKind::AddrInUse => {
                format!(
                    "the port is taken: end the program that has it, or choose another port with {flag} (0 takes a free one)"
                )
            }
            ErrorKind::PermissionDenied => format!("ports below 1024 need privileges: choose another one with {flag}"),
            ErrorKind::AddrNotAvailable => format!("this machine has no such address: choose another one with {flag}"),
            _ => format!("{error}: choose another address with {flag}"),
        };
        Failure::new(format_args!("cannot listen on {self}: {cure}"))
    }
}

impl Listeners {
    /// What a browser on this machine opens, without a trailing slash.
    pub(crate) fn url(&self) -> String {
        let Address { host, port } = &self.address;
        match host {
            Host::Ip(ip) if ip.is_unspecified() => format!("http://localhost:{port}"),
            _ => format!("http://{host}:{port}"),
        }
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Address, String> {
        let shape = || "expected HOST:PORT, for example localhost:8000".to_owned();
        let (host, port) = text.rsplit_once(':').ok_or_else(shape)?;
        let port = port.parse().map_err(|_| format!("{port:?} is not a port: expected 0 to 65535"))?;
        let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(ipv6) => Host::Ip(IpAddr::V6(ipv6.parse::<Ipv6Addr>().map_err(|_| shape())?)),
            None if host.eq_ignore_ascii_case("localhost") => Host::Localhost,
            None if is_name(host) => {
                host.parse::<Ipv4Addr>().map_or_else(|_| Host::Name(host.to_owned()), |ip| Host::Ip(ip.into()))
            }
            None => return Err(shape()),
        };
        Ok(Address { host, port })
    }
}

fn is_name(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Localhost => f.write_str("localhost"),
            Host::Ip(IpAddr::V4(ip)) => ip.fmt(f),
            Host::Ip(IpAddr::V6(ip)) => write!(f, "[{ip}]"),
            Host::Name(name) => f.write_str(name),
        }
    }
}

/// A free port that both loopback addresses have is found within a few tries; a machine without `::1` does without it.
async fn bind_localhost(port: u16) -> io::Result<Vec<TcpListener>> {
    const TRIES: u32 = 16;
    for attempt in 1.. {
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        match TcpListener::bind((Ipv6Addr::LOCALHOST, v4.local_addr()?.port())).await {
            Ok(v6) => return Ok(vec![v4, v6]),
            Err(error) if error.kind() != ErrorKind::AddrInUse => return Ok(vec![v4]),
            Err(error) if port != 0 || attempt == TRIES => return Err(error),
            Err(_) => {}
        }
    }
    Err(ErrorKind::AddrInUse.into())
}

async fn bind_name(name: &str, port: u16) -> io::Result<Vec<TcpListener>> {
    let addresses: Vec<SocketAddr> = lookup_host((name, port)).await?.collect();
    Ok(vec![TcpListener::bind(addresses.as_slice()).await?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let table: &[(&str, Option<(&str, bool)>)] = &[
            ("localhost:8000", Some(("localhost:8000", true))),
            ("LOCALHOST:0", Some(("localhost:0", true))),
            ("127.0.0.1:1", Some(("127.0.0.1:1", true))),
            ("127.9.9.9:1", Some(("127.9.9.9:1", true))),
            ("[::1]:65535", Some(("[::1]:65535", true))),
            ("0.0.0.0:8000", Some(("0.0.0.0:8000", false))),
            ("[::]:8000", Some(("[::]:8000", false))),
            ("192.0.2.1:8000", Some(("192.0.2.1:8000", false))),
            ("app.example:8000", Some(("app.example:8000", false))),
            ("localhost", None),
            ("localhost:", None),
            ("localhost:65536", None),
            ("localhost:-1", None),
            (":8000", None),
            ("::1:8000", None),
            ("[::1:8000", None),
            ("http://localhost:8000", None),
            ("lo cal:8000", None),
            ("", None),
        ];
        for (text, expected) in table {
            let read = text.parse::<Address>().ok().map(|address| (address.to_string(), address.is_loopback()));
            assert_eq!(read, expected.map(|(text, loopback)| (text.to_owned(), loopback)), "{text:?}");
        }
    }

    #[tokio::test]
    async fn a_taken_port_names_the_flag() {
        let first = Address { host: Host::Localhost, port: 0 }.bind("--listen").await.unwrap();
        let second = first.address.bind("--listen").await.unwrap_err().lines().concat();
        assert!(second.contains("the port is taken") && second.contains("--listen"), "{second}");
    }
}
