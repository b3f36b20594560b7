//! The shell that keeps a Redis.

use std::{
    io::{BufRead as _, BufReader, ErrorKind, Write as _},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{ChildStdin, Command, Stdio},
    sync::{
        Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

const CURE: &str =
    "install it (`apt-get install redis-server`, or what scripts/test does), or put `redis-server` into PATH";

/// Does what it reads, a word a line, until its input ends; then it leaves nothing behind. `start` is followed by a line with the
/// number of the server's arguments, and by the arguments, a line each.
const KEEPER: &str = r#"
trap '' HUP INT TERM
directory=$1
server=
while read -r order; do
    case $order in
    start)
        read -r count
        set --
        while [ $# -lt "$count" ]; do
            IFS= read -r argument
            set -- "$@" "$argument"
        done
        redis-server "$@" </dev/null 2>&1 &
        server=$!
        ;;
    kill) kill -KILL "$server"; wait "$server" 2>/dev/null ;;
    freeze) kill -STOP "$server" ;;
    thaw) kill -CONT "$server" ;;
    esac
    echo "done: $order"
done
[ -z "$server" ] || { kill -KILL "$server"; wait "$server"; } 2>/dev/null
rm -rf "$directory"
"#;

/// What the server writes when it can be connected to.
const READY: &str = "Ready to accept connections";
/// What it writes when its port is somebody else's.
const TAKEN: &[&str] = &["Address already in use", "Failed listening on port"];
/// No start takes so long, on the slowest machine.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) struct Keeper(Mutex<Pipes>);

struct Pipes {
    orders: ChildStdin,
    lines: Receiver<String>,
}

#[derive(Clone, Copy)]
pub(super) enum Order {
    Kill,
    Freeze,
    Thaw,
}

pub(super) enum Start {
    Ready,
    PortTaken,
}

impl Keeper {
    pub(super) fn new(directory: &Path) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", KEEPER, "sh"]).arg(directory);
        // A group of its own, so that Ctrl-C in a terminal does not reach it before its pipe ends.
        shell.process_group(0).current_dir("/").env("LC_ALL", "C");
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut shell = shell.spawn().expect("a shell can be started");
        let orders = shell.stdin.take().expect("piped");
        let output = shell.stdout.take().expect("piped");
        let (sender, lines) = mpsc::channel();
        // It goes on reading when nobody listens, so that the server can go on writing.
        thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
            shell.wait()
        });
        Self(Mutex::new(Pipes { orders, lines }))
    }

    /// Starts the server and waits until it can be connected to.
    pub(super) fn start(&self, arguments: &[String]) -> Start {
        let mut order = format!("start\n{}\n", arguments.len());
        for argument in arguments {
            assert!(!argument.contains('\n'), "an argument of redis-server in two lines");
            order.push_str(argument);
            order.push('\n');
        }
        let mut pipes = self.pipes();
        pipes.order(&order);
        let mut log = Vec::new();
        loop {
            match pipes.lines.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(READY) => return Start::Ready,
                Ok(line) if TAKEN.iter().any(|taken| line.contains(taken)) => return Start::PortTaken,
                Ok(line) if !line.contains("FATAL") => log.push(line),
                _ => panic!("Redis does not start: {}", log.join("\n")),
            }
        }
    }

    /// Gives an order and waits until it is done.
    pub(super) fn order(&self, order: Order) {
        let word = match order {
            Order::Kill => "kill",
            Order::Freeze => "freeze",
            Order::Thaw => "thaw",
        };
        let mut pipes = self.pipes();
        pipes.order(&format!("{word}\n"));
        let done = format!("done: {word}");
        while pipes.lines.recv_timeout(PATIENCE).expect("the keeper answers") != done {}
    }

    fn pipes(&self) -> MutexGuard<'_, Pipes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pipes {
    fn order(&mut self, order: &str) {
        self.orders.write_all(order.as_bytes()).expect("the keeper lives as long as its pipe");
    }
}

/// # Panics
/// With the cure, when there is no `redis-server`.
pub(super) fn must_be_installed() {
    let version = Command::new("redis-server").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    match version {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => panic!("Redis is missing; {CURE}"),
        Err(error) => panic!("redis-server cannot be started: {error}; {CURE}"),
    }
}
