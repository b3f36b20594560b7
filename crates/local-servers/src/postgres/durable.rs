//! A PostgreSQL that can be killed and comes back: what was committed is on disk, and it is found where it was.
//!
//! It listens on a port of 127.0.0.1, which it keeps, so that a proxy can stand before it. As with the shared one, a shell keeps
//! it and removes everything when this process is gone.

use std::{
    io::{BufRead as _, BufReader, Lines, Write as _},
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::{Child, ChildStderr, ChildStdin},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

use super::{READY, keeper, new_directory, programs, programs::Programs, psql};

/// A server of a test's own, with `fsync` and `synchronous_commit` on. It is gone when this value is dropped.
pub struct DurablePostgres {
    programs: Programs,
    directory: PathBuf,
    port: u16,
    databases: AtomicU32,
    keeper: Mutex<Keeper>,
}

/// The shell, which takes a word a line, and what it and the server say.
struct Keeper {
    words: ChildStdin,
    log: Receiver<String>,
}

/// Makes a cluster; starts and kills its server as it is told; leaves nothing behind.
///
/// The server's processes are killed all at once, as when the machine fails, and are gone when it says so: one that still runs
/// would keep the next server from its memory.
const KEEPER: &str = r#"
trap '' HUP INT TERM
directory=$1 programs=$2 port=$3 server=
end() {
    processes="$server $(cat "/proc/$server/task/$server/children")"
    kill "-$1" $processes 2>/dev/null
    wait "$server" 2>/dev/null
    for process in $processes; do
        while readlink "/proc/$process/exe" >/dev/null; do :; done
    done
}
if "$programs/initdb" --pgdata="$directory/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync; then
    while read -r word; do
        case $word in
        start)
            "$programs/postgres" -D "$directory/data" -k "$directory" -c listen_addresses=127.0.0.1 -c port="$port" \
                -c max_connections=200 -c shared_buffers=64MB -c log_statement=none </dev/null &
            server=$! ;;
        kill)
            end KILL
            echo 'the server is gone' >&2 ;;
        esac
    done
    [ -e "/proc/$server" ] && end KILL
fi
rm -rf "$directory"
"#;
const GONE: &str = "the server is gone";
const EARLY: [&str; 2] = ["starting up", "not yet accepting connections"];

impl DurablePostgres {
    /// Starts a server.
    ///
    /// # Panics
    /// When PostgreSQL is not installed, or does not start.
    #[must_use]
    pub fn start() -> Self {
        let programs = Programs::find().unwrap_or_else(|| panic!("PostgreSQL is missing; {}", programs::CURE));
        let directory = new_directory();
        let port = free_port();
        let keeper = Keeper::new(keeper(KEEPER, &programs, &directory, &[&port.to_string()]));
        let server = Self { programs, directory, port, databases: AtomicU32::new(0), keeper: Mutex::new(keeper) };
        server.restart();
        server
    }

    /// Ends the server as a power failure does: every process of it with SIGKILL. It is gone when this returns.
    ///
    /// # Panics
    /// When it does not run.
    pub fn kill(&self) {
        self.keeper().tell("kill", GONE);
    }

    /// Starts the server again, on the same data and the same port. It can be connected to when this returns.
    ///
    /// # Panics
    /// When it does not start.
    pub fn restart(&self) {
        self.keeper().tell("start", READY);
    }

    /// A new database. Gives its URL.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// The URL of a database.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Where it listens, for a proxy that stands before it.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Runs one statement in the server's own database, as its administrator.
    ///
    /// # Panics
    /// When it fails.
    pub fn execute(&self, statement: &str) {
        psql(&self.programs, &self.directory, self.port, statement);
    }

    fn keeper(&self) -> MutexGuard<'_, Keeper> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keeper {
    fn new(mut shell: Child) -> Self {
        let words = shell.stdin.take().expect("piped");
        let lines = BufReader::new(shell.stderr.take().expect("piped")).lines();
        let (sender, log) = mpsc::channel();
        thread::spawn(move || {
            pass_on(lines, &sender);
            shell.wait()
        });
        Self { words, log }
    }

    /// Says a word, and waits for what is written when it is done.
    fn tell(&mut self, word: &str, done: &str) {
        // What was written before is no answer to this.
        self.log.try_iter().for_each(drop);
        writeln!(self.words, "{word}").expect("the server's keeper listens");
        let mut log = Vec::new();
        loop {
            let Ok(line) = self.log.recv() else { panic!("PostgreSQL does not start: {}", log.join("\n")) };
            if line.contains(done) {
                return;
            }
            // What clients are told who come too early.
            let is_early = EARLY.iter().any(|words| line.contains(words));
            let has_failed = line.contains("FATAL") && word == "start" && !is_early;
            assert!(!has_failed, "PostgreSQL does not start: {line}\n{}", log.join("\n"));
            log.push(line);
        }
    }
}

/// Reads for as long as something is written, whoever listens, so that the server can go on writing.
fn pass_on(lines: Lines<BufReader<ChildStderr>>, log: &Sender<String>) {
    for line in lines.map_while(Result::ok) {
        let _ = log.send(line);
    }
}

/// A port that nobody has at this moment: PostgreSQL cannot choose one itself.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("bound").port()
}
