use std::time::Duration;

/// What is wrong with a line. The default is nothing.
#[derive(Copy, Clone, Debug, Default)]
pub struct Line {
    pub(super) latency_up: Duration,
    pub(super) latency_down: Duration,
    slice: Option<usize>,
    bytes_per_second: Option<u32>,
    pub(super) silent_after: Option<u64>,
}

/// What happens to connections.
#[derive(Copy, Clone, Debug)]
pub(super) enum Mode {
    Forward(Line),
    Refuse,
    Reset,
    Swallow,
}

/// The mode, and how often everything was reset.
#[derive(Copy, Clone, Debug)]
pub(super) struct Conduct {
    pub(super) mode: Mode,
    pub(super) resets: u64,
}

impl Line {
    /// How long bytes are on their way to the target. More can be on the way at a time.
    #[must_use]
    pub fn latency_up(mut self, latency: Duration) -> Self {
        self.latency_up = latency;
        self
    }

    /// How long bytes are on their way back.
    #[must_use]
    pub fn latency_down(mut self, latency: Duration) -> Self {
        self.latency_down = latency;
        self
    }

    /// At most so many bytes at a time, each in a packet of its own, both ways.
    #[must_use]
    pub fn slice(mut self, bytes: usize) -> Self {
        self.slice = Some(bytes.max(1));
        self
    }

    /// So many bytes a second, for each connection and each way.
    #[must_use]
    pub fn bandwidth(mut self, bytes_per_second: u32) -> Self {
        self.bytes_per_second = Some(bytes_per_second.max(1));
        self
    }

    /// A connection falls silent, for life, once so many bytes have come back on it: in the middle of an answer.
    #[must_use]
    pub fn silent_after(mut self, bytes_down: u64) -> Self {
        self.silent_after = Some(bytes_down);
        self
    }

    /// How many bytes are written at once.
    pub(super) fn piece(&self) -> usize {
        // Twenty pieces a second, so that a slow line trickles.
        let paced = self.bytes_per_second.map(|rate| (rate / 20).max(1) as usize);
        self.slice.unwrap_or(usize::MAX).min(paced.unwrap_or(usize::MAX))
    }

    /// How long the line is taken by so many bytes.
    pub(super) fn takes(&self, bytes: usize) -> Duration {
        match (self.bytes_per_second, u32::try_from(bytes)) {
            (Some(rate), Ok(bytes)) => Duration::from_secs(1) * bytes / rate,
            _ => Duration::ZERO,
        }
    }
}
