//! A headless Chromium with an empty profile, driven over `WebDriver`.

use std::{
    io::ErrorKind,
    process::{Command as BlockingCommand, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use thirtyfour::{
    By, CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver, WebElement,
    prelude::ElementQueryable,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::process::SCRATCH;

/// A browser that ends with this value: first its session, which takes the profile along, then its driver.
pub(crate) struct Chromium {
    pub(crate) driver: WebDriver,
    _chromedriver: Chromedriver,
}

/// A process in a group of its own.
struct Chromedriver(Child);

/// A cookie as the browser keeps it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cookie {
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) path: String,
    pub(crate) http_only: bool,
    pub(crate) secure: bool,
    pub(crate) same_site: String,
    /// Whether it ends with the browser.
    pub(crate) session: bool,
}

/// Without the background-networking flags Chromium looks up hosts of its own at every start.
const FLAGS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
];

/// The longest that a page may take to show something.
const PATIENCE: Duration = Duration::from_secs(30);

impl Chromium {
    pub(crate) async fn start() -> Chromium {
        let mut chromedriver = Chromedriver::start();
        let port = chromedriver.port().await;
        let mut wanted = DesiredCapabilities::chrome();
        for flag in FLAGS {
            wanted.add_arg(flag).expect("a flag");
        }
        wanted.accept_insecure_certs(true).expect("a capability");
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await;
        let driver = driver.unwrap_or_else(|error| panic!("Chromium does not start ({INSTALL}): {error}"));
        Chromium { driver, _chromedriver: chromedriver }
    }

    pub(crate) async fn open(&self, url: impl AsRef<str>) {
        self.driver.goto(url.as_ref()).await.expect("the page opens");
    }

    pub(crate) async fn url(&self) -> String {
        self.driver.current_url().await.expect("a page is open").to_string()
    }

    /// The first element that matches, as soon as there is one.
    pub(crate) async fn find(&self, css: &str) -> WebElement {
        let query = self.driver.query(By::Css(css)).wait(PATIENCE, Duration::from_millis(50));
        match query.first().await {
            Ok(element) => element,
            Err(error) => panic!("no {css} on {}: {error}\n{}", self.url().await, self.text().await),
        }
    }

    pub(crate) async fn click(&self, css: &str) {
        self.find(css).await.click().await.expect("it can be clicked");
    }

    /// What the page shows.
    pub(crate) async fn text(&self) -> String {
        let body = self.driver.find(By::Tag("body")).await.expect("a body");
        body.text().await.expect("text")
    }

    pub(crate) async fn run(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.expect("the script runs").json().clone()
    }

    /// A command of the DevTools protocol.
    pub(crate) async fn devtools(&self, method: &str, parameters: Value) -> Value {
        self.driver.cdp().send_raw(method, parameters).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Every cookie that would be sent to `url`, by name.
    pub(crate) async fn cookies(&self, url: &str) -> Vec<Cookie> {
        let answer = self.devtools("Network.getCookies", json!({ "urls": [url] })).await;
        let mut cookies: Vec<Cookie> = answer["cookies"].as_array().expect("a list").iter().map(cookie).collect();
        cookies.sort_by(|one, other| one.name.cmp(&other.name));
        cookies
    }
}

fn cookie(value: &Value) -> Cookie {
    let text = |member: &str| value[member].as_str().unwrap_or_default().to_owned();
    let is = |member: &str| value[member].as_bool().expect("a boolean");
    Cookie {
        name: text("name"),
        domain: text("domain"),
        path: text("path"),
        http_only: is("httpOnly"),
        secure: is("secure"),
        same_site: text("sameSite"),
        session: is("session"),
    }
}

const INSTALL: &str = "install Debian's packages chromium and chromium-driver, as scripts/test does";

impl Chromedriver {
    fn start() -> Chromedriver {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").env("TMPDIR", SCRATCH).process_group(0).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        match command.spawn() {
            Ok(process) => Chromedriver(process),
            Err(error) if error.kind() == ErrorKind::NotFound => panic!("chromedriver is missing: {INSTALL}"),
            Err(error) => panic!("chromedriver does not start: {error}"),
        }
    }

    /// It says its port in a line of its own.
    async fn port(&mut self) -> u16 {
        let mut lines = BufReader::new(self.0.stdout.take().expect("piped")).lines();
        while let Some(line) = lines.next_line().await.expect("stdout can be read") {
            let port = line.split_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.'));
            if let Some(port) = port {
                return port.parse().unwrap_or_else(|_| panic!("no port in {line:?}"));
            }
        }
        panic!("chromedriver ended without a port: {INSTALL}");
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // Whatever of the browser is left is in the driver's process group, and nothing else is.
        if let Some(pid) = self.0.id() {
            let _ended = BlockingCommand::new("sh").args(["-c", "kill -TERM -- \"-$0\"", &pid.to_string()]).status();
        }
    }
}
