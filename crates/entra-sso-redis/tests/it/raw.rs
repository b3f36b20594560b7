//! Redis as somebody else sees it.

use redis::{Cmd, FromRedisValue, aio::MultiplexedConnection};

pub(crate) struct Raw(MultiplexedConnection);

impl Raw {
    pub(crate) async fn at(url: &str) -> Self {
        let client = redis::Client::open(url).expect("a URL");
        Self(client.get_multiplexed_async_connection().await.expect("connected"))
    }

    pub(crate) async fn ask<T: FromRedisValue>(&mut self, words: &[&[u8]]) -> T {
        let mut command = Cmd::new();
        command.arg(words);
        command.query_async(&mut self.0).await.unwrap_or_else(|error| panic!("{}: {error}", words[0].escape_ascii()))
    }

    pub(crate) async fn keys(&mut self) -> Vec<Vec<u8>> {
        self.ask(&[b"KEYS", b"*"]).await
    }

    /// All keys and all that stands under them.
    pub(crate) async fn dump(&mut self) -> Vec<u8> {
        let mut dump = Vec::new();
        for key in self.keys().await {
            let kind: String = self.ask(&[b"TYPE", &key]).await;
            let values: Vec<Vec<u8>> = match kind.as_str() {
                "set" => self.ask(&[b"SMEMBERS", &key]).await,
                "string" => vec![self.ask(&[b"GET", &key]).await],
                other => panic!("a {other} in Redis"),
            };
            dump.extend_from_slice(&key);
            dump.extend(values.concat());
        }
        dump
    }

    /// How often each command was called, by clients and by scripts.
    pub(crate) async fn calls(&mut self, command: &str) -> u64 {
        let info: String = self.ask(&[b"INFO", b"commandstats"]).await;
        let line = info.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls=")));
        line.map_or(0, |line| line.split(',').next().expect("a number").parse().expect("a number"))
    }

    /// How many commands the server has ever carried out.
    pub(crate) async fn all_calls(&mut self) -> u64 {
        let info: String = self.ask(&[b"INFO", b"stats"]).await;
        let line = info.lines().find_map(|line| line.strip_prefix("total_commands_processed:")).expect("a line");
        line.parse().expect("a number")
    }
}
