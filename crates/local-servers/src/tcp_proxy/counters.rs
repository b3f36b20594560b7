use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::SeqCst},
};

/// What passed. `Arc`s of it are held by every connection.
#[derive(Debug, Default)]
pub(super) struct Counters {
    accepted: AtomicU64,
    open: AtomicU64,
    pub(super) up: AtomicU64,
    pub(super) down: AtomicU64,
}

/// One connection that is open while this lives.
pub(super) struct Counted(pub(super) Arc<Counters>);

impl Counters {
    pub(super) fn accept(self: &Arc<Self>) -> Counted {
        self.accepted.fetch_add(1, SeqCst);
        self.open.fetch_add(1, SeqCst);
        Counted(self.clone())
    }

    pub(super) fn accepted(&self) -> u64 {
        self.accepted.load(SeqCst)
    }

    pub(super) fn open(&self) -> u64 {
        self.open.load(SeqCst)
    }

    pub(super) fn up(&self) -> u64 {
        self.up.load(SeqCst)
    }

    pub(super) fn down(&self) -> u64 {
        self.down.load(SeqCst)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, SeqCst);
    }
}
