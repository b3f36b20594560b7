//! What the browser really sent, as its own network log has it.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde_json::Value;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, LoggingPrefsLogLevel, prelude::WebDriverResult};
use tokio::time::timeout;

use crate::browser::chromium::Chromium;

const PATIENCE: Duration = Duration::from_secs(10);

/// For a browser whose requests are looked at.
pub(crate) fn logged(wanted: &mut ChromeCapabilities) -> WebDriverResult<()> {
    wanted.set_logging_prefs("performance", LoggingPrefsLogLevel::All)
}

/// A request, and what the browser made of its cookies.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: String,
    headers: Value,
    cookies: Value,
}

impl Sent {
    /// Without regard to the case of `name`.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.as_object().expect("headers").iter();
        headers.find(|(other, _)| other.eq_ignore_ascii_case(name)).and_then(|(_, value)| value.as_str())
    }

    /// The cookie with `part` in its name: why it was held back, and nothing if it was sent.
    pub(crate) fn held_back(&self, part: &str) -> Vec<&str> {
        let name = |cookie: &Value| cookie["cookie"]["name"].as_str().expect("a name").contains(part);
        let cookies = self.cookies.as_array().expect("a list");
        let cookie = cookies.iter().find(|cookie| name(cookie));
        let cookie = cookie.unwrap_or_else(|| panic!("the browser has no {part} cookie for {}", self.url));
        cookie["blockedReasons"].as_array().expect("a list").iter().filter_map(Value::as_str).collect()
    }
}

/// Without what came along, which is the browser's own.
impl fmt::Debug for Sent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.method, self.url)
    }
}

/// Everything that was sent since the last time, in its order. The browser must have been started with [`logged`].
pub(crate) async fn requests(chromium: &Chromium) -> Vec<Sent> {
    let mut sends = Sends::default();
    sends.take_all(chromium).await;
    sends.all()
}

/// The same, and the browser's log may be a moment behind the page: it is read until it has what is waited for.
pub(crate) async fn requests_with(chromium: &Chromium, wanted: impl Fn(&Sent) -> bool) -> Vec<Sent> {
    let mut sends = Sends::default();
    let until_it_is_there = async {
        while !sends.all().iter().any(&wanted) {
            sends.take_all(chromium).await;
        }
    };
    // Who asked for it says what is missing.
    let _ = timeout(PATIENCE, until_it_is_there).await;
    sends.all()
}

/// By request, in the order of their ids. A redirect keeps the id, and what is said of it comes in two messages.
#[derive(Default)]
struct Sends(BTreeMap<(usize, String), Send>);

#[derive(Default)]
struct Send {
    asked: Vec<(String, String)>,
    told: Vec<(Value, Value)>,
}

impl Sends {
    async fn take_all(&mut self, chromium: &Chromium) {
        for entry in chromium.driver.get_log("performance").await.expect("a log") {
            let entry: Value = serde_json::from_str(&entry.message).expect("JSON");
            self.take(&entry["message"]);
        }
    }

    fn all(&self) -> Vec<Sent> {
        self.0.values().flat_map(Send::all).collect()
    }

    fn take(&mut self, message: &Value) {
        let said = &message["params"];
        let Some(id) = said["requestId"].as_str() else { return };
        let count = self.0.len();
        let known = self.0.keys().find(|(_, known)| known == id).cloned();
        let send = self.0.entry(known.unwrap_or_else(|| (count, id.to_owned()))).or_default();
        match message["method"].as_str() {
            Some("Network.requestWillBeSent") => {
                let text = |name: &str| said["request"][name].as_str().expect("text").to_owned();
                send.asked.push((text("method"), text("url")));
            }
            Some("Network.requestWillBeSentExtraInfo") => {
                send.told.push((said["headers"].clone(), said["associatedCookies"].clone()));
            }
            _ => {}
        }
    }
}

impl Send {
    fn all(&self) -> Vec<Sent> {
        let both = self.asked.iter().cloned().zip(self.told.iter().cloned());
        both.map(|((method, url), (headers, cookies))| Sent { method, url, headers, cookies }).collect()
    }
}
