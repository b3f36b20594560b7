//! The one connection that all callers share, and the next one when it is lost.

use std::{
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use redis::{Value, aio::MultiplexedConnection};
use tokio::{sync::Mutex, time::timeout};

use crate::{address::Address, fault::Fault, request::Request};

pub(crate) struct Connections {
    address: Address,
    limits: Limits,
    current: RwLock<Option<Live>>,
    /// Held by the one who connects. It keeps how the last attempt failed.
    connecting: Mutex<Option<Fault>>,
    /// How many attempts have ended.
    attempts: AtomicU64,
}

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connect: Duration,
    pub(crate) answer: Duration,
    pub(crate) whole: Duration,
}

#[derive(Clone)]
struct Live {
    connection: MultiplexedConnection,
    number: u64,
}

impl Connections {
    pub(crate) fn new(address: Address, limits: Limits) -> Self {
        let (current, connecting) = (RwLock::new(None), Mutex::new(None));
        Self { address, limits, current, connecting, attempts: AtomicU64::new(0) }
    }

    /// Where it is, without a password.
    pub(crate) fn server(&self) -> String {
        self.address.to_string()
    }

    /// Makes the connection if there is none.
    pub(crate) async fn reach(&self) -> Result<(), Fault> {
        self.live().await.map(drop)
    }

    /// Asks, and asks once more over a new connection when this one is lost or leads to a server that became a copy. What came of
    /// the first time is not known then: the request knows that it is repeated.
    pub(crate) async fn ask(&self, request: &Request) -> Result<Value, Fault> {
        let Limits { answer, whole, .. } = self.limits;
        // A connection that is there costs one timer and no more.
        let Some(live) = self.current() else { return in_time(whole, self.ask_anew(request)).await };
        match self.ask_over(live, request, false).await {
            Err(fault) if fault.needs_another_connection() => {
                in_time(whole.saturating_sub(answer), self.ask_once(request, true)).await
            }
            answer => answer,
        }
    }

    async fn ask_anew(&self, request: &Request) -> Result<Value, Fault> {
        match self.ask_once(request, false).await {
            Err(fault) if fault.needs_another_connection() => self.ask_once(request, true).await,
            answer => answer,
        }
    }

    async fn ask_once(&self, request: &Request, again: bool) -> Result<Value, Fault> {
        self.ask_over(self.live().await?, request, again).await
    }

    async fn ask_over(&self, mut live: Live, request: &Request, again: bool) -> Result<Value, Fault> {
        let answer = async { request.send(&mut live.connection, again).await.map_err(Fault::from) };
        let answer = in_time(self.limits.answer, answer).await;
        if answer.as_ref().is_err_and(Fault::needs_another_connection) {
            self.give_up(live.number);
        }
        answer
    }

    /// The connection; one caller makes it, and those who waited meanwhile share how that ended.
    async fn live(&self) -> Result<Live, Fault> {
        if let Some(live) = self.current() {
            return Ok(live);
        }
        let seen = self.attempts.load(Ordering::Acquire);
        let mut failure = self.connecting.lock().await;
        if let Some(live) = self.current() {
            return Ok(live);
        }
        if let Some(failure) = failure.as_ref().filter(|_| self.attempts.load(Ordering::Acquire) != seen) {
            return Err(failure.clone());
        }
        let connected = match timeout(self.limits.connect, self.address.connect()).await {
            Ok(connected) => connected.map_err(Fault::from),
            Err(_) => Err(Fault::no_connection_in_time()),
        };
        let number = self.attempts.fetch_add(1, Ordering::AcqRel);
        *failure = connected.as_ref().err().cloned();
        let live = Live { connection: connected?, number };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(live.clone());
        Ok(live)
    }

    fn current(&self) -> Option<Live> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Nobody uses this connection any more, unless there is a newer one already.
    fn give_up(&self, number: u64) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|live| live.number == number) {
            *current = None;
        }
    }
}

async fn in_time<T>(limit: Duration, answer: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    timeout(limit, answer).await.unwrap_or_else(|_| Err(Fault::no_answer_in_time()))
}
