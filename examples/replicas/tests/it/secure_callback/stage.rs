//! One application with a cache, as one process or as two behind a round robin, and its Microsoft.

use std::{
    future::Future,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{Router, routing::get};
use entra_emulator::{Browser, Emulator, seed};
use entra_sso::{
    EntraSso, SignedIn,
    oidc::Secret,
    settings::{AuthoritySettings, CallbackCache, Settings, SiteTable, Sources},
    users::MemoryUsers,
};
use entra_sso_redis::RedisStore;
use entra_sso_sqlx::Database;
use http::header;
use local_servers::RoundRobin;
use reqwest::{Client, redirect::Policy};
use tokio::{net::TcpListener, task::JoinSet};

const KEY: &str = "PGZ6p1hKYs0u9W4oQvXq2e7nTfLd8RbJmC3yAiUx5EM=";
const CALLBACK: &str = "/microsoft_sso/callback/";

/// Where used sign-ins are remembered; `Database` and `Redis` with their URL.
pub(super) enum Cache {
    Cookie,
    Memory,
    Database(String),
    Redis(String),
}

pub(super) struct Stage {
    pub(super) emulator: Emulator,
    front: RoundRobin,
    client: Client,
    servers: JoinSet<()>,
}

/// The body of Microsoft's POST.
pub(super) type Answer = String;

impl Stage {
    pub(super) async fn start(cache: &Cache) -> Stage {
        let emulator = Emulator::builder().start().await.expect("the emulator starts on a random port");
        let front = RoundRobin::start().await;
        let users = Arc::new(MemoryUsers::new());
        let processes = if matches!(cache, Cache::Cookie | Cache::Memory) { 1 } else { 2 };
        let mut servers = JoinSet::new();
        for _ in 0..processes {
            let sso = process(&emulator, cache, users.clone()).await;
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            front.add(listener.local_addr().expect("bound"));
            servers.spawn(async move { axum::serve(listener, application(&sso)).await.expect("serves") });
        }
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        let stage = Stage { emulator, front, client, servers };
        for (app, url) in [(seed::APP_ID, stage.url()), (seed::SINGLE_TENANT_APP_ID, stage.shop())] {
            stage.emulator.directory().add_redirect_uri(app, &format!("{url}{CALLBACK}")).expect("loopback");
        }
        stage
    }

    pub(super) fn processes(&self) -> usize {
        self.servers.len()
    }

    /// The default site.
    pub(super) fn url(&self) -> String {
        self.front.url()
    }

    /// Another site of the same application.
    pub(super) fn shop(&self) -> String {
        self.front.url().replace("localhost", "127.0.0.1")
    }

    pub(super) fn start_of(&self, next: &str) -> String {
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        format!("{}/microsoft_sso/login/?next={next}", self.url())
    }

    /// Signs in at Microsoft, and stops with the form that would bring the answer back.
    pub(super) async fn answer_of(&self, browser: &Browser) -> Answer {
        let visit = browser.start_at(self.start_of("/private")).stop_at(format!("{}{CALLBACK}", self.url()));
        let page = visit.signing_in_as(seed::ADELE).await.unwrap();
        let form = page.form("form-post").unwrap_or_else(|| panic!("no form: {} {}", page.status, page.body));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish()
    }

    /// Posts it with the cookies that this browser sends from another site; gives where that leads.
    pub(super) fn bring(&self, browser: &Browser, answer: &Answer) -> impl Future<Output = String> + Send + 'static {
        let cookies = browser.cookies(self.url()).into_iter().filter(|(name, _)| name.contains("_attempt_"));
        let cookies = cookies.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = self.client.post(format!("{}{CALLBACK}", self.url())).body(answer.clone());
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.header(header::ACCEPT, "text/html").header(header::COOKIE, cookies);
        async move {
            let answer = request.send().await.expect("an answer");
            let status = answer.status();
            let place = answer.headers().get(header::LOCATION).map(|place| place.to_str().unwrap().to_owned());
            place.unwrap_or_else(|| panic!("no redirect but {status}"))
        }
    }
}

async fn process(emulator: &Emulator, cache: &Cache, users: Arc<MemoryUsers>) -> EntraSso {
    let mut settings = Sources::new().vars(emulator.env()).read().expect("settings");
    settings.require_secure_callback = true;
    settings.secret_keys = vec![Secret::new(KEY)];
    settings.site.push(shop(&settings));
    settings.callback_cache_name = match cache {
        Cache::Cookie => CallbackCache::Cookie,
        Cache::Memory => CallbackCache::Memory,
        Cache::Database(_) => CallbackCache::Database,
        Cache::Redis(_) => CallbackCache::Redis,
    };
    let builder = EntraSso::builder(settings).managed_users(users);
    let builder = match cache {
        Cache::Cookie | Cache::Memory => builder,
        Cache::Database(url) => builder.database(Database::open(url).await.expect("the database opens")),
        Cache::Redis(url) => builder.redis(RedisStore::open(url).await.expect("Redis answers")),
    };
    builder.build().expect("sound settings")
}

/// Contoso's other application, at 127.0.0.1.
fn shop(settings: &Settings) -> SiteTable {
    let mut shop = SiteTable::new("127.0.0.1".parse().expect("a host"));
    shop.application_id = Some(seed::SINGLE_TENANT_APP_ID.to_owned());
    shop.own_credential.client_secret = Some(Secret::new(seed::SINGLE_TENANT_APP_SECRET));
    let mut authority = AuthoritySettings::default();
    authority.tenant_id = Some(seed::CONTOSO.to_owned());
    authority.authority_host.clone_from(&settings.authority_host);
    authority.graph_url.clone_from(&settings.graph_url);
    shop.authority = Some(authority);
    shop
}

fn application(sso: &EntraSso) -> Router {
    Router::new().route("/", get(home)).route("/private", get(private)).merge(sso.routes()).layer(sso.layer())
}

async fn home(user: Option<SignedIn>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username().to_owned())
}

async fn private(user: SignedIn) -> String {
    let audience = user.claims().get("aud").and_then(|audience| audience.as_str()).unwrap_or_default();
    format!("{} at {audience}", user.username())
}

/// A file that is not there yet.
pub(super) fn new_file() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("secure-callback-{}-{number}.sqlite3", std::process::id()));
    for suffix in ["", "-wal", "-shm"] {
        // Of an earlier process with this id, if there is one.
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
    file
}
