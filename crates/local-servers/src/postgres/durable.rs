//! A PostgreSQL that can be killed and comes back: what was committed is on disk, and it is found where it was.
//!
//! It listens on a port of 127.0.0.1, which it keeps, so that a proxy can stand before it. As with the shared one, a shell keeps
//! it and removes everything when this process is gone.

use std::{
    io::{BufRead as _, BufReader, Lines, Write as _},
    path::PathBuf,
    process::{Child, ChildStderr, ChildStdin},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

use super::{READY, keeper, programs, programs::Programs, psql};
use crate::{directory::new_directory, ports::candidates};

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

enum Start {
    Ready,
    PortTaken,
}

/// Makes a cluster; starts and kills its server as it is told; leaves nothing behind.
///
/// The server's processes are killed all at once, as when the machine fails, and are gone when it says so: one that still runs
/// would keep the next server from its memory.
const KEEPER: &str = r#"
trap '' HUP INT TERM
directory=$1 programs=$2 server=
end() {
    processes="$server $(cat "/proc/$server/task/$server/children")"
    kill "-$1" $processes 2>/dev/null
    wait "$server" 2>/dev/null
    for process in $processes; do
        while readlink "/proc/$process/exe" >/dev/null; do :; done
    done
}
if "$programs/initdb" --pgdata="$directory/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync; then
    while read -r word port; do
        case $word in
        start)
            # One that found its port taken still tidies up.
            [ -z "$server" ] || wait "$server" 2>/dev/null
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
/// What it writes when its port is somebody else's, before it ends.
const TAKEN: &str = "Address already in use";
const EARLY: [&str; 2] = ["starting up", "not yet accepting connections"];

impl DurablePostgres {
    /// Starts a server.
    ///
    /// # Panics
    /// When PostgreSQL is not installed, or does not start.
    #[must_use]
    pub fn start() -> Self {
        Self::start_at(candidates())
    }

    fn start_at(ports: impl IntoIterator<Item = u16>) -> Self {
        let programs = Programs::find().unwrap_or_else(|| panic!("PostgreSQL is missing; {}", programs::CURE));
        let directory = new_directory("postgres");
        let mut keeper = Keeper::new(keeper(KEEPER, &programs, &directory, &[]));
        let port = ports.into_iter().find(|port| matches!(keeper.start(*port), Start::Ready));
        let port = port.expect("a port of this machine is free for PostgreSQL");
        Self { programs, directory, port, databases: AtomicU32::new(0), keeper: Mutex::new(keeper) }
    }

    /// Ends the server as a power failure does: every process of it with SIGKILL. It is gone when this returns.
    ///
    /// # Panics
    /// When it does not run.
    pub fn kill(&self) {
        self.keeper().kill();
    }

    /// Starts the server again, on the same data and the same port. It can be connected to when this returns.
    ///
    /// # Panics
    /// When it does not start.
    pub fn restart(&self) {
        assert!(matches!(self.keeper().start(self.port), Start::Ready), "another server took the port of PostgreSQL");
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

    /// Starts the server, and waits until it can be connected to.
    fn start(&mut self, port: u16) -> Start {
        self.tell(&format!("start {port}"));
        let mut log = Vec::new();
        loop {
            let Ok(line) = self.log.recv() else { panic!("PostgreSQL does not start: {}", log.join("\n")) };
            if line.contains(READY) {
                return Start::Ready;
            }
            // What clients are told who come too early.
            let is_early = EARLY.iter().any(|words| line.contains(words));
            if line.contains("FATAL") && !is_early {
                let is_taken = log.iter().any(|line: &String| line.contains(TAKEN));
                assert!(is_taken, "PostgreSQL does not start: {line}\n{}", log.join("\n"));
                return Start::PortTaken;
            }
            log.push(line);
        }
    }

    /// Kills the server, and waits until it is gone.
    fn kill(&mut self) {
        self.tell("kill");
        while !self.log.recv().expect("the server's keeper lives").contains(GONE) {}
    }

    fn tell(&mut self, words: &str) {
        // What was written before is no answer to this.
        self.log.try_iter().for_each(drop);
        writeln!(self.words, "{words}").expect("the server's keeper listens");
    }
}

/// Reads for as long as something is written, whoever listens, so that the server can go on writing.
fn pass_on(lines: Lines<BufReader<ChildStderr>>, log: &Sender<String>) {
    for line in lines.map_while(Result::ok) {
        let _ = log.send(line);
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    #[test]
    fn a_port_that_somebody_has_is_passed_over() {
        let somebody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let taken = somebody.local_addr().expect("bound").port();
        let server = DurablePostgres::start_at(std::iter::once(taken).chain(candidates()));
        assert_ne!(server.port(), taken);
        server.execute("SELECT 1");
    }
}
