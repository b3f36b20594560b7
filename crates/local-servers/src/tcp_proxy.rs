//! A bad network in front of any server.
//!
//! A [`TcpProxy`] listens on a free port of 127.0.0.1 and forwards to its target. While it runs it can be told to be slow, to
//! reset, to refuse, to fall silent, and to be good again. Each switch holds when the call returns. It lives in a thread of its
//! own, so that it works under any runtime and none.

mod conduct;
mod connection;
mod counters;
mod door;
mod target;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use self::{
    conduct::Mode,
    counters::Counters,
    door::{Command, Door},
};

pub use self::{conduct::Line, target::Target};

/// A bad network in front of a server. Dropping it ends its connections and frees its port.
pub struct TcpProxy {
    address: SocketAddr,
    counters: Arc<Counters>,
    /// Closing it stops the thread.
    commands: Option<UnboundedSender<Command>>,
    thread: Option<JoinHandle<()>>,
}

impl TcpProxy {
    /// A proxy on a free port that forwards to this target. The target is connected to for each connection, once that is
    /// accepted; while it cannot be, new connections are reset.
    ///
    /// # Panics
    /// When the machine has no free port or no thread.
    pub fn to(target: impl Into<Target>) -> Self {
        Self::at((Ipv4Addr::LOCALHOST, 0).into(), target)
    }

    /// The same at another address of this machine, such as the target's port at 127.0.0.2: for a server that does not answer to
    /// a port which is not its own.
    ///
    /// # Panics
    /// When the address is taken.
    pub fn at(address: SocketAddr, target: impl Into<Target>) -> Self {
        let (target, counters) = (target.into(), Arc::new(Counters::default()));
        let (commands, received) = unbounded_channel();
        let (opened, is_open) = mpsc::channel();
        let counted = counters.clone();
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let door = Door::open(address, target, counted);
                opened.send(door.address()).expect("who started it waits");
                door.serve(received).await;
            });
        };
        let thread = thread::Builder::new().name("tcp-proxy".to_owned()).spawn(run).expect("a thread");
        let address = is_open.recv().expect("an address that is free");
        Self { address, counters, commands: Some(commands), thread: Some(thread) }
    }

    /// Where it listens, whatever it does to connections.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Forwards as fast as it can, which it also does at the start. What fell silent before stays silent.
    pub fn forward(&self) {
        self.forward_over(Line::default());
    }

    /// Forwards over a line that is not so good. Open connections run over it as well.
    pub fn forward_over(&self, line: Line) {
        self.switch(Mode::Forward(line), false);
    }

    /// A server that is down: open connections are reset, new ones are refused.
    pub fn refuse(&self) {
        self.switch(Mode::Refuse, true);
    }

    /// A server that breaks down: open connections are reset, and so are new ones, right after they were accepted.
    pub fn reset(&self) {
        self.switch(Mode::Reset, true);
    }

    /// Half-open: new connections are accepted, what they send is swallowed, and nothing is ever answered. Open connections fall
    /// silent wherever they are, and stay so for life.
    pub fn swallow(&self) {
        self.switch(Mode::Swallow, false);
    }

    /// Resets the connections that are open now, and changes nothing else.
    pub fn reset_open(&self) {
        self.tell(|done| Command { mode: None, reset: true, done });
    }

    /// How many connections were ever accepted.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.counters.accepted()
    }

    /// How many connections are open.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.counters.open()
    }

    /// How many bytes went to the target.
    #[must_use]
    pub fn bytes_up(&self) -> u64 {
        self.counters.up()
    }

    /// How many bytes came back to the clients.
    #[must_use]
    pub fn bytes_down(&self) -> u64 {
        self.counters.down()
    }

    fn switch(&self, mode: Mode, reset: bool) {
        self.tell(|done| Command { mode: Some(mode), reset, done });
    }

    /// Waits until it is done.
    fn tell(&self, command: impl FnOnce(mpsc::Sender<()>) -> Command) {
        let (done, is_done) = mpsc::channel();
        let commands = self.commands.as_ref().expect("there until it is dropped");
        commands.send(command(done)).expect("the proxy's thread runs");
        is_done.recv().expect("the proxy's thread runs");
    }
}

impl Drop for TcpProxy {
    fn drop(&mut self) {
        drop(self.commands.take());
        if let Some(thread) = self.thread.take() {
            // What went wrong there was printed there.
            let _ = thread.join();
        }
    }
}
