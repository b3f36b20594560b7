//! Runs the real binary: nothing of the tests' own environment reaches it.

use std::{
    mem,
    process::{Command as BlockingCommand, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    task::JoinHandle,
    time::timeout,
};

/// Nothing here takes that long; a command that hangs fails its test.
const PATIENCE: Duration = Duration::from_mins(1);

/// A directory that only tests use.
pub(crate) const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

/// What a command that ended left behind.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// The one line on stderr, of a command that ended with exit code 2.
    pub(crate) fn refusal(&self) -> &str {
        assert_eq!(self.code, Some(2), "{self:?}");
        let lines: Vec<&str> = self.stderr.lines().collect();
        let [line] = lines.as_slice() else { panic!("expected one line on stderr: {self:?}") };
        assert!(line.starts_with("entra-sso: "), "{line}");
        assert!(!self.stdout.contains("Open http"), "it served before it refused: {self:?}");
        line
    }
}

/// A command that is not started yet.
pub(crate) struct Invocation(Command);

/// `entra-sso` with these arguments, in an empty environment.
pub(crate) fn entra_sso<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Invocation {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entra-sso"));
    command.args(arguments).env_clear().env("TMPDIR", SCRATCH).current_dir(SCRATCH);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    Invocation(command)
}

/// `entra-sso demo` on free ports, and whatever else is asked.
pub(crate) fn demo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Invocation {
    let ports = ["demo", "--listen", "localhost:0", "--emulator-listen", "localhost:0"];
    entra_sso(ports.into_iter().chain(arguments))
}

/// `entra-sso demo` where the application and its Microsoft are two different sites for a browser.
pub(crate) fn demo_of_two_sites() -> Invocation {
    entra_sso(["demo", "--listen", "localhost:0", "--emulator-listen", "127.0.0.1:0"])
}

impl Invocation {
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<str>) -> Invocation {
        self.0.env(name, value.as_ref());
        self
    }

    /// Runs it to its end.
    pub(crate) async fn finish(mut self) -> Finished {
        let output = timeout(PATIENCE, self.0.output()).await.expect("it ends").expect("the binary starts");
        Finished { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Runs it until it says that it is ready.
    pub(crate) async fn start(mut self) -> Running {
        let mut child = self.0.kill_on_drop(false).spawn().expect("the binary starts");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut stderr = child.stderr.take().expect("piped");
        let stderr = tokio::spawn(async move {
            let mut bytes = Vec::new();
            stderr.read_to_end(&mut bytes).await.expect("stderr can be read");
            text(bytes)
        });
        let mut running = Running { child, stdout, stderr, said: String::new() };
        timeout(PATIENCE, running.until_ready()).await.expect("it gets ready");
        running
    }
}

/// A command that serves. Dropping it asks it to end, so that it puts its things away.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    stderr: JoinHandle<String>,
    /// What it said when it got ready.
    pub(crate) said: String,
}

impl Running {
    async fn until_ready(&mut self) {
        while !self.said.lines().any(|line| line.contains("Ctrl-C ends")) {
            let read = self.stdout.read_line(&mut self.said).await.expect("stdout can be read");
            if read == 0 {
                let stderr = (&mut self.stderr).await.expect("stderr was read");
                panic!("it ended before it was ready: {}\n{stderr}", self.said);
            }
        }
    }

    /// Where the demo's application answers, without a trailing slash.
    pub(crate) fn url(&self) -> &str {
        self.after("Open ")
    }

    /// Where the demo's local Microsoft answers, without a trailing slash.
    pub(crate) fn emulator_url(&self) -> &str {
        self.after("a local emulator at ")
    }

    /// The word that follows `text`.
    fn after(&self, text: &str) -> &str {
        let (_, rest) = self.said.split_once(text).unwrap_or_else(|| panic!("no {text:?} in {}", self.said));
        rest.split_whitespace().next().expect("a word follows")
    }

    /// Sends a signal, such as `INT`, and waits for the end.
    pub(crate) async fn end(mut self, signal: &str) -> Finished {
        assert!(self.send(signal), "the signal was not sent");
        let status = timeout(PATIENCE, self.child.wait()).await.expect("it ends").expect("its status is known");
        self.stdout.read_to_string(&mut self.said).await.expect("stdout can be read");
        let stderr = (&mut self.stderr).await.expect("stderr was read");
        Finished { code: status.code(), stdout: mem::take(&mut self.said), stderr }
    }

    /// Whether there was a process to send it to.
    fn send(&self, signal: &str) -> bool {
        let Some(pid) = self.child.id() else { return false };
        let mut kill = BlockingCommand::new("sh");
        kill.args(["-c", "kill -s \"$0\" \"$1\"", signal, &pid.to_string()]).status().expect("sh starts").success()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _sent = self.send("TERM");
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}
