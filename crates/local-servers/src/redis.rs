//! A Redis of this process.
//!
//! It listens on a port of this machine's own address and on a Unix socket, in a directory of its own. A shell keeps it: it does
//! what it reads from a pipe that this process holds open, and when the pipe ends it kills the server and removes the
//! directory. So does it when this process is killed.

mod certificate;
mod keeper;
mod options;

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use self::keeper::{Keeper, Order, Start};

pub use self::options::RedisOptions;

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
        let directory = new_directory();
        if options.tls {
            certificate::write(&directory);
        }
        let keeper = Keeper::new(&directory);
        for ports in candidates() {
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

fn new_directory() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    // Short: a socket's path has a limit of about a hundred bytes.
    let directory = std::env::temp_dir().join(format!("local-redis-{}-{number}", std::process::id()));
    // Of an earlier process with this id, if there is one.
    let _ = fs::remove_dir_all(&directory);
    fs::DirBuilder::new().mode(0o700).create(&directory).expect("the directory for temporary files can be written to");
    directory
}

/// Ports to try. They are below those that the system gives to clients: while a killed server is away, no client's own end may
/// get its port.
fn candidates() -> impl Iterator<Item = Ports> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(7_919);
    std::iter::repeat_with(move || {
        let number = first.wrapping_add(NEXT.fetch_add(2, Ordering::Relaxed));
        let plain = 10_000 + u16::try_from(number % 20_000).expect("below 20,000");
        Ports { plain, tls: plain + 1 }
    })
    .take(1_000)
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
