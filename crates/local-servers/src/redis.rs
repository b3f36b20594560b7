//! A Redis of this process.
//!
//! It listens on a port of this machine's own address and on a Unix socket, in a directory of its own. A shell keeps it: it does
//! what it reads from a pipe that this process holds open, and when the pipe ends it kills the server and removes the
//! directory. So does it when this process is killed.

mod certificate;
mod keeper;
mod options;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use self::keeper::{Keeper, Order, Start};
pub use self::options::RedisOptions;
use crate::{directory::new_directory, ports::candidates};

/// A running server, which ends with this value.
pub struct Redis {
    directory: PathBuf,
    ports: Ports,
    options: RedisOptions,
    keeper: Keeper,
    databases: AtomicU32,
}

#[derive(Clone, Copy)]
struct Ports {
    plain: u16,
    tls: u16,
}

/// How many databases a server has; each call of [`Redis::database`] gives another one.
const DATABASES: u32 = 4_096;

impl Redis {
    /// The server of this process, which is started by the first call. It keeps everything in memory.
    ///
    /// # Panics
    /// When Redis is not installed, or does not start.
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<Redis> = OnceLock::new();
        SERVER.get_or_init(|| Self::start(RedisOptions::default()))
    }

    /// A server of one's own that answers a write when it is on disk: what it answered is there after [`kill`](Self::kill)
    /// and [`restart`](Self::restart).
    ///
    /// # Panics
    /// When Redis is not installed, or does not start.
    #[must_use]
    pub fn durable() -> Self {
        Self::start(RedisOptions::default().durable())
    }

    /// A server of one's own.
    ///
    /// # Panics
    /// When Redis is not installed, or does not start.
    #[must_use]
    pub fn start(options: RedisOptions) -> Self {
        keeper::must_be_installed();
        let directory = new_directory("redis");
        if options.tls {
            certificate::write(&directory);
        }
        let keeper = Keeper::new(&directory);
        for plain in candidates() {
            let ports = Ports { plain, tls: plain + 1 };
            match keeper.start(&arguments(&directory, ports, &options)) {
                Start::Ready => return Self { directory, ports, options, keeper, databases: AtomicU32::new(1) },
                Start::PortTaken => {}
            }
        }
        panic!("no port of this machine is free for Redis")
    }

    /// Where it listens without TLS.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.plain).into()
    }

    /// `redis://127.0.0.1:…`, with the password when there is one.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_at(self.address())
    }

    /// The same URL at another address, such as that of a proxy in front of the server.
    #[must_use]
    pub fn url_at(&self, address: SocketAddr) -> String {
        format!("redis://{}{address}/0", self.user_info())
    }

    /// `rediss://localhost:…`. Its certificate is signed by [`ca_file`](Self::ca_file).
    ///
    /// # Panics
    /// When the server was started without [`RedisOptions::tls`].
    #[must_use]
    pub fn tls_url(&self) -> String {
        assert!(self.options.tls, "this server was started without TLS");
        format!("rediss://{}localhost:{}/0", self.user_info(), self.ports.tls)
    }

    /// `unix://…`: the same server at its socket.
    #[must_use]
    pub fn socket_url(&self) -> String {
        format!("unix://{}", self.directory.join("redis.sock").display())
    }

    /// The certificate authority of a server with TLS, in PEM.
    #[must_use]
    pub fn ca_file(&self) -> PathBuf {
        certificate::ca_file(&self.directory)
    }

    /// The URL of a database that nobody else has been given: nothing is in it.
    ///
    /// # Panics
    /// When there is none left.
    pub fn database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        assert!(number < DATABASES, "all {DATABASES} databases of this server are in use");
        format!("redis://{}{}/{number}", self.user_info(), self.address())
    }

    /// Kills the server at once (`SIGKILL`), and returns when it is dead. Its data stays.
    pub fn kill(&self) {
        self.keeper.order(Order::Kill);
    }

    /// Starts a killed server again, with the same data and at the same address, and returns when it answers.
    ///
    /// # Panics
    /// When it does not start.
    pub fn restart(&self) {
        let arguments = arguments(&self.directory, self.ports, &self.options);
        assert!(matches!(self.keeper.start(&arguments), Start::Ready), "another server took the port of Redis");
    }

    /// Stops the server half-way (`SIGSTOP`): connections are accepted and stay open, and nothing is answered.
    pub fn freeze(&self) {
        self.keeper.order(Order::Freeze);
    }

    /// Lets a frozen server go on.
    pub fn thaw(&self) {
        self.keeper.order(Order::Thaw);
    }

    fn user_info(&self) -> String {
        self.options.password.as_ref().map(|password| format!(":{password}@")).unwrap_or_default()
    }
}

fn arguments(directory: &Path, ports: Ports, options: &RedisOptions) -> Vec<String> {
    let socket = directory.join("redis.sock").display().to_string();
    let mut arguments: Vec<String> = [
        &["--bind", "127.0.0.1", "--port", &ports.plain.to_string()][..],
        &["--unixsocket", &socket, "--dir", &directory.display().to_string()],
        &["--databases", &DATABASES.to_string(), "--save", "", "--daemonize", "no", "--maxclients", "4000"],
    ]
    .concat()
    .into_iter()
    .map(str::to_owned)
    .collect();
    if options.tls {
        arguments.extend(certificate::arguments(directory, ports.tls));
    }
    arguments.extend(options.arguments());
    arguments
}
