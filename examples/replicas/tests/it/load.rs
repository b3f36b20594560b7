//! Browsers that ask all the time, and what they are answered.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use entra_emulator::{Browser, Page, seed};
use tokio::{sync::watch, task::JoinSet, time::timeout};

use crate::stopwatch::Stopwatch;

/// Longer than anything takes that is waited for.
const LONG: Duration = Duration::from_mins(1);

/// Some browsers with sessions, which ask for a private page again and again, and some that sign in anew all the time.
pub(crate) struct Load {
    tally: Arc<watch::Sender<Tally>>,
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
    pub(crate) slowest: Duration,
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
    pub(crate) fn of(page: &Page) -> Self {
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
        let tally = Tally { browsers: signed_in.to_vec(), ..Tally::default() };
        let (tally, stop) = (Arc::new(watch::Sender::new(tally)), watch::Sender::new(false));
        let mut tasks = JoinSet::new();
        for browser in signed_in.iter().cloned() {
            tasks.spawn(ask(browser, format!("{url}/private"), tally.clone(), stop.subscribe()));
        }
        for _ in 0..signing_in {
            let start = format!("{url}/microsoft_sso/login/?next=/private");
            tasks.spawn(sign_in(start, tally.clone(), stop.subscribe()));
        }
        Self { tally, stop, tasks }
    }

    /// So far.
    pub(crate) fn tally(&self) -> Tally {
        self.tally.borrow().clone()
    }

    /// Waits until there were so many more of these answers to requests and to sign-ins than now.
    pub(crate) async fn goes_on(&self, answer: Answer, requests: u64, logins: u64) {
        let before = self.tally();
        let (requests, logins) = (requests + count(&before.requests, answer), logins + count(&before.logins, answer));
        let enough = |now: &Tally| count(&now.requests, answer) >= requests && count(&now.logins, answer) >= logins;
        let mut news = self.tally.subscribe();
        let waited = timeout(LONG, news.wait_for(enough)).await.is_ok();
        assert!(waited, "{requests} and {logins} times {answer:?} do not come: {}", self.tally());
    }

    /// Ends, and says what came of it.
    pub(crate) async fn end(self) -> Tally {
        self.stop.send_replace(true);
        self.tasks.join_all().await;
        self.tally.borrow().clone()
    }
}

async fn ask(browser: Browser, url: String, tally: Arc<watch::Sender<Tally>>, stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let began = Stopwatch::start();
        let page = browser.get_once(&url).await.map_err(|error| format!("{error:?}"));
        let taken = began.elapsed();
        tally.send_modify(|tally| {
            tally.slowest = tally.slowest.max(taken);
            let answer = tally.judge("request", &page);
            *tally.requests.entry(answer).or_default() += 1;
        });
    }
}

async fn sign_in(start: String, tally: Arc<watch::Sender<Tally>>, stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let browser = Browser::new();
        let page = browser.start_at(&start).signing_in_as(seed::ADELE).await.map_err(|error| format!("{error:?}"));
        tally.send_modify(|tally| {
            let answer = tally.judge("login", &page);
            *tally.logins.entry(answer).or_default() += 1;
            if answer == Answer::Right {
                tally.browsers.push(browser);
            }
        });
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
        write!(f, "requests {requests:?}, logins {logins:?}, slowest request {slowest:?}, {oddities:?}")
    }
}
