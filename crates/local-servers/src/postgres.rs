//! A PostgreSQL of this process.
//!
//! It listens on a Unix socket in a directory of its own, so that no port is taken, and no other cluster of the machine is in its
//! way. A shell keeps it: it reads from a pipe that this process holds open, and when the pipe ends it stops the server and
//! removes the directory. So does it when this process is killed.

mod durable;
mod programs;

use std::{
    io::{BufRead as _, BufReader},
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

pub use self::durable::DurablePostgres;
use self::programs::Programs;
use crate::directory::new_directory;

/// A running server. There is one in a process: [`Postgres::shared`].
pub struct Postgres {
    programs: Programs,
    directory: PathBuf,
    databases: AtomicU32,
    /// The server lives while this is open.
    _alive: ChildStdin,
}

/// Makes a cluster, serves it until standard input ends, and leaves nothing behind. Nothing is flushed to disk.
const KEEPER: &str = r#"
trap '' HUP INT TERM
directory=$1 programs=$2
if "$programs/initdb" --pgdata="$directory/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync; then
    "$programs/postgres" -D "$directory/data" -k "$directory" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
        -c full_page_writes=off -c max_connections=200 -c shared_buffers=128MB -c log_statement=none </dev/null &
    server=$!
    read -r _
    kill -QUIT "$server"
    wait "$server"
fi
rm -rf "$directory"
"#;

/// What the server writes when it can be connected to.
const READY: &str = "database system is ready to accept connections";
/// The number that a socket has unless another port is chosen.
const SOCKET: u16 = 5432;

impl Postgres {
    /// The server of this process, which is started by the first call.
    ///
    /// # Panics
    /// When PostgreSQL is not installed, or does not start.
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<Postgres> = OnceLock::new();
        SERVER.get_or_init(Self::start)
    }

    /// A new database. Gives its URL.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn database(&self) -> String {
        self.database_with("")
    }

    /// A new database made with these options of `CREATE DATABASE`. Gives its URL.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn database_with(&self, options: &str) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("CREATE DATABASE {name} {options}"));
        format!("postgres://postgres@localhost/{name}?host={}", self.directory.display())
    }

    /// Runs one statement in the server's own database, as its administrator.
    ///
    /// # Panics
    /// When it fails.
    pub fn execute(&self, statement: &str) {
        psql(&self.programs, &self.directory, SOCKET, statement);
    }

    fn start() -> Self {
        let programs = Programs::find().unwrap_or_else(|| panic!("PostgreSQL is missing; {}", programs::CURE));
        let directory = new_directory("postgres");
        let mut keeper = keeper(KEEPER, &programs, &directory, &[]);
        let alive = keeper.stdin.take().expect("piped");
        wait_until_ready(keeper);
        Self { programs, directory, databases: AtomicU32::new(0), _alive: alive }
    }
}

/// Runs one statement as the administrator of the server whose socket has this number.
fn psql(programs: &Programs, directory: &Path, socket: u16, statement: &str) {
    let mut psql = Command::new(programs.path("psql"));
    psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--username=postgres", "--dbname=postgres"]);
    psql.arg("--host").arg(directory).arg("--port").arg(socket.to_string());
    let output = psql.args(["--command", statement]).output();
    let output = output.unwrap_or_else(|error| panic!("psql cannot be started: {error}; {}", programs::CURE));
    assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
}

/// PostgreSQL refuses to run as root; then it runs as the package's user, or as nobody.
fn keeper(script: &str, programs: &Programs, directory: &Path, arguments: &[&str]) -> Child {
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(directory).arg(programs.directory()).args(arguments);
    if let Some(user) = programs::other_user_than_root() {
        chown(directory, Some(user.id), Some(user.group)).expect("root may give a directory away");
        shell.uid(user.id).gid(user.group);
    }
    // A group of its own, so that Ctrl-C in a terminal does not reach it before its pipe ends.
    shell.process_group(0).current_dir("/").env("LC_ALL", "C");
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    shell.spawn().expect("a shell can be started")
}

/// Reads the log until the server is ready, and goes on reading, so that the server can go on writing.
fn wait_until_ready(mut keeper: Child) {
    let mut lines = BufReader::new(keeper.stderr.take().expect("piped")).lines();
    let mut log = Vec::new();
    loop {
        match lines.next() {
            Some(Ok(line)) if line.contains(READY) => break,
            Some(Ok(line)) => log.push(line),
            _ => panic!("PostgreSQL does not start: {}", log.join("\n")),
        }
    }
    thread::spawn(move || {
        lines.for_each(drop);
        keeper.wait()
    });
}
