//! Keep-alive connections that ask one after another.

use std::{
    process,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::cpu;

/// What was done in some time.
#[derive(Clone, Copy)]
pub struct Turn {
    /// Answers in a second.
    pub rate: f64,
    /// The CPU time that this process had for an answer, in microseconds.
    pub micros: f64,
}

/// Open connections to one address, each with a request of its own.
pub struct Connections(Vec<(TcpStream, String)>);

impl Connections {
    /// One connection for each request. Every answer has to end with `@contoso.example`.
    ///
    /// # Panics
    /// When nobody listens there.
    pub async fn open(address: &str, requests: impl IntoIterator<Item = String>) -> Connections {
        let mut connections = Vec::new();
        for request in requests {
            let connection = TcpStream::connect(address).await.expect("connected");
            connection.set_nodelay(true).expect("no delay");
            connections.push((connection, request));
        }
        Connections(connections)
    }

    /// Every connection sends its request again and again for this long, the next when the last one is answered; all at the same
    /// time, to the same end, so that none is left to go on alone.
    ///
    /// # Panics
    /// When an answer is not the one that it should be.
    #[expect(clippy::disallowed_methods, reason = "how long it takes is what is measured")]
    pub async fn turn(&mut self, duration: Duration) -> Turn {
        let (cpu, start) = (cpu::of(process::id()), Instant::now());
        let tasks: Vec<_> = self
            .0
            .drain(..)
            .map(|(connection, request)| tokio::spawn(ask(connection, request, start + duration)))
            .collect();
        let mut answers = 0.0;
        for task in tasks {
            let (connection, request, count) = task.await.expect("no panic");
            self.0.push((connection, request));
            answers += f64::from(count);
        }
        Turn {
            rate: answers / start.elapsed().as_secs_f64(),
            micros: cpu::micros(cpu::of(process::id()).saturating_sub(cpu)) / answers,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "it ends by the clock")]
async fn ask(mut connection: TcpStream, request: String, end: Instant) -> (TcpStream, String, u32) {
    let (mut answer, mut count) = (vec![0; 4096], 0);
    while Instant::now() < end {
        connection.write_all(request.as_bytes()).await.expect("sent");
        let mut length = 0;
        while !answer[..length].ends_with(b"@contoso.example") {
            let read = connection.read(&mut answer[length..]).await.expect("received");
            assert!(read > 0 && length + read < answer.len(), "{}", String::from_utf8_lossy(&answer[..length]));
            length += read;
        }
        count += 1;
    }
    (connection, request, count)
}
