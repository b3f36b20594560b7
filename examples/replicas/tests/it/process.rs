//! One replica: a process, what it writes, and how it ends.

use std::{
    net::SocketAddr,
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader},
    process::{Child, Command},
    sync::watch,
    time::timeout,
};

/// Longer than a start or an end takes on a busy machine.
const LONG: Duration = Duration::from_mins(1);

/// A running process of the example; it is killed when it is dropped.
pub(crate) struct Replica {
    pub(crate) name: String,
    pub(crate) log: Log,
    child: Child,
}

/// What a process has written so far.
#[derive(Clone)]
pub(crate) struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    news: Arc<watch::Sender<usize>>,
}

impl Replica {
    /// Begins to start one.
    pub(crate) fn spawn(name: &str, variables: &[(String, String)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_replicas"));
        command.env_clear().env("REPLICA", name).env("LISTEN", "127.0.0.1:0").env("DRAIN_SECONDS", "0");
        command.envs(variables.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let log = Log { lines: Arc::default(), news: Arc::new(watch::Sender::new(0)) };
        log.read(child.stdout.take().unwrap());
        log.read(child.stderr.take().unwrap());
        Self { name: name.to_owned(), log, child }
    }

    /// Where it listens, once it does.
    pub(crate) async fn address(&mut self) -> SocketAddr {
        let line = tokio::select! {
            line = self.log.wait_for("listening address=") => line,
            ended = self.child.wait() => panic!("{} has ended ({ended:?}): {}", self.name, self.log.text()),
        };
        line.rsplit_once("address=").unwrap().1.trim().parse().unwrap()
    }

    /// SIGTERM.
    pub(crate) fn terminate(&self) {
        let id = self.child.id().expect("it runs");
        let killed = std::process::Command::new("sh").args(["-c", &format!("kill -TERM {id}")]).status().unwrap();
        assert!(killed.success(), "{} is not there", self.name);
    }

    /// Waits until it has ended.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let ended = timeout(LONG, self.child.wait()).await;
        ended.unwrap_or_else(|_| panic!("{} does not end: {}", self.name, self.log.text())).unwrap()
    }
}

impl Log {
    /// The first line with this text, now or later.
    pub(crate) async fn wait_for(&self, text: &str) -> String {
        let mut news = self.news.subscribe();
        let found = async {
            loop {
                news.borrow_and_update();
                if let Some(line) = self.lines.lock().unwrap().iter().find(|line| line.contains(text)) {
                    return line.clone();
                }
                news.changed().await.unwrap();
            }
        };
        timeout(LONG, found).await.unwrap_or_else(|_| panic!("no line with {text:?} in: {}", self.text()))
    }

    /// Everything.
    pub(crate) fn text(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    fn read(&self, stream: impl AsyncRead + Send + Unpin + 'static) {
        let log = self.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(stream).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                log.lines.lock().unwrap().push(line);
                log.news.send_modify(|count| *count += 1);
            }
        });
    }
}
