//! One connection: two ways, each read as fast as it comes and written as the line lets it.

use std::{
    future::pending,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

use super::{
    conduct::{Conduct, Line, Mode},
    counters::{Counted, Counters},
    target::Target,
};

const BUFFER: usize = 16 * 1024;
/// So many buffers can be on the way at a time.
const ON_THE_WAY: usize = 64;

/// Forwards until both sides have ended, one of them broke, or everything is reset.
pub(super) async fn serve(
    mut client: TcpStream,
    target: Arc<Target>,
    mut conduct: watch::Receiver<Conduct>,
    counted: Counted,
) {
    let resets = conduct.borrow().resets;
    let wire = Wire {
        conduct: conduct.clone(),
        silent: AtomicBool::default(),
        counters: &counted.0,
        down: AtomicU64::default(),
    };
    let reset = conduct.wait_for(|conduct| conduct.resets != resets);
    let ended_well = tokio::select! {
        biased;
        _ = reset => false,
        outcome = wire.run(&mut client, &target) => outcome.is_ok(),
    };
    if !ended_well {
        // A reset and not an end (RFC 9293 section 3.10.4).
        let _ = client.set_zero_linger();
    }
}

/// A connection's own state.
struct Wire<'a> {
    conduct: watch::Receiver<Conduct>,
    /// Once it fell silent it stays so: what was swallowed is missing.
    silent: AtomicBool,
    counters: &'a Counters,
    down: AtomicU64,
}

#[derive(Copy, Clone)]
enum Way {
    Up,
    Down,
}

type Arrived = (Instant, Vec<u8>);

impl Wire<'_> {
    async fn run(&self, client: &mut TcpStream, target: &Target) -> io::Result<()> {
        client.set_nodelay(true)?;
        if matches!(self.conduct.borrow().mode, Mode::Reset) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let (from_client, to_client) = client.split();
        if self.line().is_none() {
            return self.pass(Way::Up, from_client, tokio::io::sink()).await;
        }
        let (from_target, to_target) = tokio::io::split(target.connect().await?);
        let up = self.pass(Way::Up, from_client, to_target);
        let down = self.pass(Way::Down, from_target, to_client);
        tokio::try_join!(up, down).map(drop)
    }

    /// The line as it is now; none when nothing passes.
    fn line(&self) -> Option<Line> {
        let line = match self.conduct.borrow().mode {
            Mode::Forward(line) => Some(line),
            // These end the connection elsewhere.
            Mode::Refuse | Mode::Reset => Some(Line::default()),
            Mode::Swallow => None,
        };
        let line = line.filter(|line| line.silent_after.is_none_or(|bytes| self.down.load(SeqCst) < bytes));
        if line.is_none() {
            self.silent.store(true, SeqCst);
        }
        line.filter(|_| !self.silent.load(SeqCst))
    }

    async fn pass(&self, way: Way, from: impl AsyncRead + Unpin, to: impl AsyncWrite + Unpin) -> io::Result<()> {
        let (sender, receiver) = mpsc::channel(ON_THE_WAY);
        tokio::try_join!(self.read(way, from, sender), self.write(way, to, receiver)).map(drop)
    }

    async fn read(
        &self,
        way: Way,
        mut from: impl AsyncRead + Unpin,
        on_the_way: mpsc::Sender<Arrived>,
    ) -> io::Result<()> {
        let mut buffer = vec![0; BUFFER];
        loop {
            let read = match from.read(&mut buffer).await {
                Ok(0) => return Ok(()),
                // Who talks into the dark does not hear that the other side broke down.
                Err(_) if matches!(way, Way::Down) && self.line().is_none() => return pending().await,
                outcome => outcome?,
            };
            let line = self.line().unwrap_or_default();
            let latency = match way {
                Way::Up => line.latency_up,
                Way::Down => line.latency_down,
            };
            if on_the_way.send((Instant::now() + latency, buffer[..read].to_vec())).await.is_err() {
                return Ok(());
            }
        }
    }

    /// This is the one place where anything here waits for a time to pass: that is what a slow line is.
    async fn write(
        &self,
        way: Way,
        mut to: impl AsyncWrite + Unpin,
        mut arrived: mpsc::Receiver<Arrived>,
    ) -> io::Result<()> {
        while let Some((due, bytes)) = arrived.recv().await {
            sleep_until(due).await;
            let mut rest = &bytes[..];
            while let Some(line) = self.line().filter(|_| !rest.is_empty()) {
                let (piece, later) = rest.split_at(self.piece(way, line).min(rest.len()));
                // Who has got it finds it counted.
                self.count(way, piece.len());
                to.write_all(piece).await?;
                to.flush().await?;
                rest = later;
                let taken = line.takes(piece.len());
                if !taken.is_zero() {
                    sleep_until(Instant::now() + taken).await;
                }
            }
        }
        if self.line().is_some() {
            return to.shutdown().await;
        }
        match way {
            Way::Up => Err(io::ErrorKind::ConnectionAborted.into()),
            Way::Down => pending().await,
        }
    }

    fn piece(&self, way: Way, line: Line) -> usize {
        let left = line.silent_after.filter(|_| matches!(way, Way::Down)).map(|bytes| bytes - self.down.load(SeqCst));
        line.piece().min(left.and_then(|left| left.try_into().ok()).unwrap_or(usize::MAX))
    }

    fn count(&self, way: Way, bytes: usize) {
        let (bytes, total) = match way {
            Way::Up => (bytes as u64, &self.counters.up),
            Way::Down => (bytes as u64, &self.counters.down),
        };
        total.fetch_add(bytes, SeqCst);
        if matches!(way, Way::Down) {
            self.down.fetch_add(bytes, SeqCst);
        }
    }
}
