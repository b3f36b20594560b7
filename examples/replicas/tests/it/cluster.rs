//! Three replicas behind a round robin, and their Microsoft.

use std::net::SocketAddr;

use entra_emulator::{Browser, Emulator, Endpoint, Fault, Page, seed};
use local_servers::{Postgres, Redis, RoundRobin};
use tokio::sync::{Mutex, MutexGuard};

use crate::process::Replica;

/// What seals; the same everywhere.
pub(crate) const SECRET_KEY: &str = "n0WqV3kKx5m2Yt8sQb1Zr7uHc4Lf9Ja6De0Gi3Po5Xw=";

/// Where replicas keep things.
#[derive(Clone)]
pub(crate) struct Stores {
    pub(crate) database: String,
    /// None: sessions stand in the database.
    pub(crate) redis: Option<String>,
}

/// Replicas that run, in the order in which requests go to them.
pub(crate) struct Cluster {
    pub(crate) emulator: Emulator,
    pub(crate) door: RoundRobin,
    pub(crate) replicas: Vec<(Replica, SocketAddr)>,
    variables: Vec<(String, String)>,
    started: usize,
}

/// Tests that measure or that put a load on the machine run one after the other.
pub(crate) async fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::const_new(());
    ALONE.lock().await
}

impl Stores {
    /// Of servers that all tests share.
    pub(crate) fn shared() -> Self {
        Self { database: Postgres::shared().database(), redis: Some(Redis::shared().database()) }
    }

    fn variables(&self) -> Vec<(String, String)> {
        let mut variables = vec![pair("MICROSOFT_SSO_DATABASE_URL", &self.database)];
        match &self.redis {
            Some(redis) => variables.push(pair("MICROSOFT_SSO_REDIS_URL", redis)),
            None => variables.push(pair("MICROSOFT_SSO_SESSION_STORE", "database")),
        }
        variables
    }
}

impl Cluster {
    /// Three replicas.
    pub(crate) async fn start(stores: &Stores) -> Self {
        Self::with(stores, 3, &[]).await
    }

    /// So many, started at once, with these variables too.
    pub(crate) async fn with(stores: &Stores, count: usize, more: &[(&str, &str)]) -> Self {
        let emulator = Emulator::builder().strict_refresh(true).start().await.unwrap();
        let door = RoundRobin::start().await;
        let mut variables: Vec<_> = emulator.env().iter().map(|(name, value)| pair(name, value)).collect();
        variables.extend(stores.variables());
        variables.extend([
            pair("MICROSOFT_SSO_PUBLIC_URL", &door.url()),
            pair("MICROSOFT_SSO_SECRET_KEYS", SECRET_KEY),
            pair("MICROSOFT_SSO_REPLICAS", &count.to_string()),
            pair("MICROSOFT_SSO_TRUSTED_PROXIES", "127.0.0.1"),
            pair("MICROSOFT_SSO_SAVE_ACCESS_TOKEN", "true"),
            pair("MICROSOFT_SSO_SCOPES", "User.Read"),
        ]);
        variables.extend(more.iter().map(|(name, value)| pair(name, value)));
        let mut cluster = Self { emulator, door, replicas: Vec::new(), variables, started: 0 };
        let mut starting: Vec<Replica> = (0..count).map(|_| cluster.spawn()).collect();
        for replica in &mut starting {
            // All are there before the first one is waited for.
            let address = replica.address().await;
            cluster.door.add(address);
        }
        for mut replica in starting {
            let address = replica.address().await;
            cluster.replicas.push((replica, address));
        }
        cluster
    }

    /// Begins to start another process.
    fn spawn(&mut self) -> Replica {
        self.started += 1;
        Replica::spawn(&format!("r{}", self.started), &self.variables)
    }

    /// Ends the first replica and puts a new process in its place. Nobody tells the door in advance: it asks, as balancers do.
    pub(crate) async fn replace_first(&mut self) {
        let (mut old, address) = self.replicas.remove(0);
        old.terminate();
        not_ready(address).await;
        self.door.remove(address);
        let ended = old.ended().await;
        assert!(ended.success(), "{}: {ended}: {}", old.name, old.log.text());
        let mut new = self.spawn();
        let address = new.address().await;
        self.door.add(address);
        self.replicas.push((new, address));
    }

    /// What is started from now on has this value of a variable.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(other, _)| other != name);
        self.variables.push(pair(name, value));
    }

    /// Requests go to this replica alone.
    pub(crate) fn only(&self, index: usize) {
        self.replicas.iter().for_each(|(_, address)| self.door.remove(*address));
        self.door.add(self.replicas[index].1);
    }

    /// Requests go to all again.
    pub(crate) fn everybody(&self) {
        self.replicas.iter().for_each(|(_, address)| self.door.remove(*address));
        self.replicas.iter().for_each(|(_, address)| self.door.add(*address));
    }

    /// How often a refresh token was redeemed.
    pub(crate) fn refreshes(&self) -> usize {
        let entries = self.emulator.journal().entries();
        let is_refresh = |(name, value): &(String, String)| name == "grant_type" && value == "refresh_token";
        entries.iter().filter(|entry| entry.parameters.iter().any(is_refresh)).count()
    }

    /// One who signed in and got an access token that was over when it came.
    pub(crate) async fn with_a_token_that_is_over(&self) -> Browser {
        let over = Fault::Member(Endpoint::Token, "expires_in".to_owned(), Some(0.into()));
        self.emulator.faults().once(over);
        self.signed_in().await
    }

    /// The settings of the replicas, for one that is a part of the test.
    pub(crate) fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.door.url())
    }

    /// A browser that has signed in, on a page that has nothing to do with its session.
    pub(crate) async fn signed_in(&self) -> Browser {
        let browser = Browser::new();
        let page = self.sign_in(&browser, "/health/live").await;
        assert_eq!((page.status, &*page.body), (200, "alive\n"), "{}", page.url);
        browser
    }

    /// Signs Adele in, and leads to this page.
    pub(crate) async fn sign_in(&self, browser: &Browser, next: &str) -> Page {
        let start = self.at(&format!("/microsoft_sso/login/?next={next}"));
        browser.start_at(start).signing_in_as(seed::ADELE).await.unwrap()
    }

    /// What all processes wrote.
    pub(crate) fn logs(&self) -> String {
        self.replicas
            .iter()
            .map(|(replica, _)| format!("--- {}\n{}\n", replica.name, replica.log.text()))
            .collect::<Vec<_>>()
            .concat()
    }
}

/// Waits until a balancer's probe is told so, or refused.
async fn not_ready(address: SocketAddr) {
    let probe = Browser::new();
    let ready = || probe.get_once(format!("http://{address}/health/ready"));
    while ready().await.is_ok_and(|page| page.status != 503) {}
}

/// Which replica answered.
pub(crate) fn replica(page: &Page) -> String {
    page.header("x-replica").expect("a replica's answer").to_owned()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
