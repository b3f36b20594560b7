//! A headless Chromium with an empty profile, driven over `WebDriver`.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _},
    net::TcpStream,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio, id},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use serde_json::{Value, json};
use thirtyfour::{
    By, CapabilitiesHelper, ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver, WebElement,
    prelude::{ElementQueryable, WebDriverResult},
};

use crate::process::SCRATCH;

/// A browser that ends with this value.
pub(crate) struct Chromium {
    pub(crate) driver: WebDriver,
    _chromedriver: Chromedriver,
}

/// A process in a group of its own, with a directory of its own.
struct Chromedriver {
    process: Child,
    directory: PathBuf,
    port: u16,
    /// Empty until there is one.
    session: String,
}

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
const PATIENCE: Duration = Duration::from_mins(2);

impl Chromium {
    pub(crate) async fn start() -> Chromium {
        Chromium::start_with(|_| Ok(())).await
    }

    /// As a user has it who chose to block third-party cookies, or to allow them. What a new profile does depends on who
    /// built the browser.
    pub(crate) async fn with_third_party_cookies(allowed: bool) -> Chromium {
        Chromium::start_with(|wanted| third_party_cookies(wanted, allowed)).await
    }

    /// With capabilities of its own.
    pub(crate) async fn start_with(want: impl FnOnce(&mut ChromeCapabilities) -> WebDriverResult<()>) -> Chromium {
        let mut chromedriver = Chromedriver::start();
        let mut wanted = DesiredCapabilities::chrome();
        for flag in FLAGS {
            wanted.add_arg(flag).expect("a flag");
        }
        wanted.accept_insecure_certs(true).expect("a capability");
        want(&mut wanted).expect("capabilities");
        let driver = WebDriver::new(format!("http://127.0.0.1:{}", chromedriver.port), wanted).await;
        let driver = driver.unwrap_or_else(|error| panic!("Chromium does not start ({INSTALL}): {error}"));
        // `Chromedriver` ends it: the library's own way, when a session is dropped, waits for its time limit.
        driver.clone().leak().expect("it has not ended yet");
        chromedriver.session = driver.session_id().to_string();
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

    /// A command of the `DevTools` protocol.
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

/// What [`with_third_party_cookies`](Chromium::with_third_party_cookies) asks for.
pub(crate) fn third_party_cookies(wanted: &mut ChromeCapabilities, allowed: bool) -> WebDriverResult<()> {
    let preferences = json!({ "block_third_party_cookies": !allowed, "cookie_controls_mode": i32::from(!allowed) });
    wanted.add_experimental_option("prefs", json!({ "profile": preferences }))
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
    /// It picks a port that it finds free for IPv4, and ends when another program has the same one for IPv6.
    fn start() -> Chromedriver {
        (0..10)
            .find_map(|_| Chromedriver::try_start())
            .unwrap_or_else(|| panic!("chromedriver ends at once ({INSTALL})"))
    }

    fn try_start() -> Option<Chromedriver> {
        let directory =
            Path::new(SCRATCH).join(format!("chromium-{}-{}", id(), STARTED.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(&directory).expect("the scratch directory can be written to");
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").env("TMPDIR", &directory).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let process = match command.spawn() {
            Ok(process) => process,
            Err(error) if error.kind() == ErrorKind::NotFound => panic!("chromedriver is missing: {INSTALL}"),
            Err(error) => panic!("chromedriver does not start: {error}"),
        };
        let mut chromedriver = Chromedriver { process, directory, port: 0, session: String::new() };
        chromedriver.port = port_of(&mut chromedriver.process)?;
        Some(chromedriver)
    }

    /// Asks for something, and waits for the answer; what it says does not matter.
    fn ask(&self, request: &str) -> io::Result<usize> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port))?;
        connection.set_read_timeout(Some(PATIENCE))?;
        write!(connection, "{request} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        connection.read(&mut [0; 512])
    }
}

static STARTED: AtomicU32 = AtomicU32::new(0);

/// It says its port in a line of its own.
fn port_of(process: &mut Child) -> Option<u16> {
    let lines = BufReader::new(process.stdout.take()?).lines();
    lines.map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    })
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        let session = self.ask(&format!("DELETE /session/{}", self.session));
        if session.and_then(|_| self.ask("GET /shutdown")).is_err() {
            let _killed = self.process.kill();
        }
        let _status = self.process.wait();
        // Whatever is left of the browser is in the driver's process group, and nothing else is.
        let group = self.process.id().to_string();
        let _ended = Command::new("sh").args(["-c", "kill -TERM \"-$0\"", &group]).stderr(Stdio::null()).status();
        let _removed = fs::remove_dir_all(&self.directory);
    }
}
