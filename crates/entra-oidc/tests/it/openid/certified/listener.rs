//! The application's own addresses: what the provider posts there, and where the browser comes back to.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use url::Url;

/// Answers everything with 200 and remembers what was posted.
pub(super) struct Listener {
    port: u16,
    posted: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Listener {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let posted = Arc::new(Mutex::<Vec<Vec<u8>>>::default());
        let inbox = Arc::clone(&posted);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Some(body) = serve(stream).await {
                    inbox.lock().unwrap().push(body);
                }
            }
        });
        Self { port, posted }
    }

    pub(super) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://127.0.0.1:{}{path}", self.port)).unwrap()
    }

    /// The one logout token that has been posted since the last call.
    pub(super) fn logout_token(&self) -> String {
        let posted = std::mem::take(&mut *self.posted.lock().unwrap());
        assert_eq!(posted.len(), 1, "one token is posted");
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(&posted[0]).into_owned().collect();
        let [(name, token)] = fields.as_slice() else { panic!("expected one field, got {}", fields.len()) };
        assert_eq!(name, "logout_token");
        token.clone()
    }
}

/// The body of a form post; none for other requests.
async fn serve(stream: TcpStream) -> Option<Vec<u8>> {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while stream.read_line(&mut head).await.unwrap() > 2 {}
    let head = head.to_ascii_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length:")).map_or(0, |n| n.trim().parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await.unwrap();
    stream.shutdown().await.unwrap();
    head.starts_with("post /back-channel").then_some(body)
}
