//! The port, and who comes in.

use std::{
    net::SocketAddr,
    sync::{Arc, mpsc},
};

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{mpsc::UnboundedReceiver, watch},
    task::JoinSet,
};

use super::{
    conduct::{Conduct, Line, Mode},
    connection,
    counters::Counters,
    target::Target,
};

const BACKLOG: u32 = 1024;

/// A switch. `done` is told when it holds.
pub(super) struct Command {
    pub(super) mode: Option<Mode>,
    pub(super) reset: bool,
    pub(super) done: mpsc::Sender<()>,
}

pub(super) struct Door {
    /// Bound and never listening: the port is ours while nobody is let in.
    reserved: TcpSocket,
    listener: Option<TcpListener>,
    target: Arc<Target>,
    conduct: watch::Sender<Conduct>,
    counters: Arc<Counters>,
    open: JoinSet<()>,
}

impl Door {
    pub(super) fn open(address: SocketAddr, target: Target, counters: Arc<Counters>) -> Self {
        let reserved = bind(address);
        let listener = Some(listen(&reserved));
        let conduct = watch::Sender::new(Conduct { mode: Mode::Forward(Line::default()), resets: 0 });
        Self { reserved, listener, target: Arc::new(target), conduct, counters, open: JoinSet::new() }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.reserved.local_addr().expect("bound")
    }

    /// Until nobody can give commands any more.
    pub(super) async fn serve(mut self, mut commands: UnboundedReceiver<Command>) {
        loop {
            tokio::select! {
                biased;
                command = commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    None => return,
                },
                Some(_) = self.open.join_next() => {}
                client = accept(self.listener.as_ref()) => self.enter(client),
            }
        }
    }

    async fn obey(&mut self, command: Command) {
        match command.mode {
            Some(Mode::Refuse) => self.listener = None,
            Some(_) if self.listener.is_none() => self.listener = Some(listen(&self.reserved)),
            _ => {}
        }
        self.conduct.send_modify(|conduct| {
            conduct.mode = command.mode.unwrap_or(conduct.mode);
            conduct.resets += u64::from(command.reset);
        });
        if command.reset {
            while self.open.join_next().await.is_some() {}
        }
        // Who gave the command may have gone.
        let _ = command.done.send(());
    }

    fn enter(&mut self, client: TcpStream) {
        let counted = self.counters.accept();
        let (target, conduct) = (self.target.clone(), self.conduct.subscribe());
        self.open.spawn(connection::serve(client, target, conduct, counted));
    }
}

fn bind(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("a socket of ours");
    socket.bind(address).expect("an address that is free");
    socket
}

fn listen(reserved: &TcpSocket) -> TcpListener {
    bind(reserved.local_addr().expect("bound")).listen(BACKLOG).expect("the port is reserved")
}

/// The next client; never one while nobody is let in.
async fn accept(listener: Option<&TcpListener>) -> TcpStream {
    if let Some(listener) = listener {
        loop {
            match listener.accept().await {
                Ok((client, _)) => return client,
                // It was gone before it was let in, or this process has too many files.
                Err(_) => tokio::task::yield_now().await,
            }
        }
    }
    std::future::pending().await
}
