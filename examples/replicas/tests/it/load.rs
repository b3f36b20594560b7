//! Browsers that ask all the time, and what they are answered.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
};

use entra_emulator::{Browser, Page, seed};
use tokio::{sync::watch, task::JoinSet};

use crate::stopwatch::Stopwatch;

/// Some browsers with sessions, which ask for a private page again and again, and some that sign in anew all the time.
pub(crate) struct Load {
    tally: Arc<Mutex<Tally>>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// What they were answered.
#[derive(Default, Clone)]
pub(crate) struct Tally {
    /// Requests with a session: what was answered, how often.
    pub(crate) requests: BTreeMap<Answer, u64>,
    /// Sign-ins, from the start to the private page.
    pub(crate) logins: BTreeMap<Answer, u64>,
    /// The slowest request, in milliseconds.
    pub(crate) slowest: u128,
    /// What was neither right nor "unavailable".
    pub(crate) oddities: Vec<String>,
    /// Every browser that has got a session.
    browsers: Vec<Browser>,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    Right,
    /// 503, and the session's cookie left alone.
    Unavailable,
    /// Sent to sign in, or taken for a stranger.
    SignedOut,
    Wrong,
}

impl Answer {
    fn of(page: &Page) -> Self {
        let touches_cookie = page
            .headers
            .get_all("set-cookie")
            .iter()
            .any(|cookie| cookie.to_str().unwrap_or_default().starts_with("microsoft_sso_session="));
        match page.status {
            200 if page.body.starts_with("OK user=") => Self::Right,
            503 if !touches_cookie => Self::Unavailable,
            303 | 401 => Self::SignedOut,
            _ => Self::Wrong,
        }
    }
}

impl Load {
    /// Begins: these browsers, which have sessions, and so many that sign in.
    pub(crate) fn begin(url: &str, signed_in: &[Browser], signing_in: usize) -> Self {
        let (tally, stop) = (Arc::new(Mutex::new(Tally::default())), watch::Sender::new(false));
        tally.lock().unwrap().browsers.extend(signed_in.iter().cloned());
        let mut tasks = JoinSet::new();
        for browser in signed_in.iter().cloned() {
            let (tally, stop, url) = (tally.clone(), stop.subscribe(), format!("{url}/private"));
            tasks.spawn(async move {
                while !*stop.borrow() {
                    let began = Stopwatch::start();
                    let page = browser.get_once(&url).await;
                    let taken = began.elapsed().as_millis();
                    let mut tally = tally.lock().unwrap();
                    tally.slowest = tally.slowest.max(taken);
                    let answer = tally.judge("request", &page.map_err(|error| format!("{error:?}")));
                    *tally.requests.entry(answer).or_default() += 1;
                }
            });
        }
        for _ in 0..signing_in {
            let (tally, stop) = (tally.clone(), stop.subscribe());
            let url = format!("{url}/microsoft_sso/login/?next=/private");
            tasks.spawn(async move {
                while !*stop.borrow() {
                    let browser = Browser::new();
                    let page = browser.start_at(&url).signing_in_as(seed::ADELE).await;
                    let mut tally = tally.lock().unwrap();
                    let answer = tally.judge("login", &page.map_err(|error| format!("{error:?}")));
                    *tally.logins.entry(answer).or_default() += 1;
                    if answer == Answer::Right {
                        tally.browsers.push(browser);
                    }
                }
            });
        }
        Self { tally, stop, tasks }
    }

    /// So far.
    pub(crate) fn tally(&self) -> Tally {
        self.tally.lock().unwrap().clone()
    }

    /// Waits until there were so many more right answers to requests and to sign-ins than now.
    pub(crate) async fn goes_on(&self, requests: u64, logins: u64) {
        let before = self.tally();
        let enough = |tally: &Tally| {
            let more = |now: &BTreeMap<_, u64>, then: &BTreeMap<_, u64>, least| {
                count(now, Answer::Right) >= count(then, Answer::Right) + least
            };
            more(&tally.requests, &before.requests, requests) && more(&tally.logins, &before.logins, logins)
        };
        let waits = async {
            while !enough(&self.tally()) {
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(std::time::Duration::from_secs(60), waits).await;
        waited.unwrap_or_else(|_| panic!("the load does not go on: {}", self.tally()));
    }

    /// Ends, and says what came of it.
    pub(crate) async fn end(self) -> Tally {
        let Self { tally, stop, tasks } = self;
        stop.send_replace(true);
        tasks.join_all().await;
        let tally = tally.lock().unwrap().clone();
        tally
    }
}

impl Tally {
    fn judge(&mut self, what: &str, page: &Result<Page, String>) -> Answer {
        let (answer, said) = match page {
            Ok(page) => (Answer::of(page), format!("{} {} {}", page.status, page.url.path(), page.body)),
            Err(error) => (Answer::Wrong, error.clone()),
        };
        if !matches!(answer, Answer::Right | Answer::Unavailable) && self.oddities.len() < 10 {
            self.oddities.push(format!("{what}: {answer:?}: {}", said.chars().take(600).collect::<String>()));
        }
        answer
    }

    /// How many browsers have got a session.
    pub(crate) fn sessions(&self) -> usize {
        self.browsers.len()
    }

    /// Opens every session that a browser got, and says how many do not open.
    pub(crate) async fn lost(&self, url: &str) -> usize {
        let mut lost = 0;
        for browser in &self.browsers {
            let page = browser.get_once(format!("{url}/private")).await.unwrap();
            lost += usize::from(Answer::of(&page) != Answer::Right);
        }
        lost
    }
}

pub(crate) fn count(answers: &BTreeMap<Answer, u64>, answer: Answer) -> u64 {
    answers.get(&answer).copied().unwrap_or_default()
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, logins, slowest, oddities, .. } = self;
        write!(f, "requests {requests:?}, logins {logins:?}, slowest request {slowest} ms, {oddities:?}")
    }
}
