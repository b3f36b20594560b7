//! Keep-alive connections that ask one after another.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

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

    /// Every connection sends its request `times` times, the next when the last one is answered; all at the same time. Gives
    /// the number of connections.
    ///
    /// # Panics
    /// When an answer is not the one that it should be.
    pub async fn ask(&mut self, times: u32) -> f64 {
        let tasks: Vec<_> =
            self.0.drain(..).map(|(connection, request)| tokio::spawn(ask(connection, request, times))).collect();
        for task in tasks {
            self.0.push(task.await.expect("no panic"));
        }
        u32::try_from(self.0.len()).map(f64::from).expect("few")
    }
}

async fn ask(mut connection: TcpStream, request: String, times: u32) -> (TcpStream, String) {
    let mut answer = vec![0; 4096];
    for _ in 0..times {
        connection.write_all(request.as_bytes()).await.expect("sent");
        let mut length = 0;
        while !answer[..length].ends_with(b"@contoso.example") {
            let read = connection.read(&mut answer[length..]).await.expect("received");
            assert!(read > 0 && length + read < answer.len(), "{}", String::from_utf8_lossy(&answer[..length]));
            length += read;
        }
    }
    (connection, request)
}
