//! `require_secure_callback` with each place where used sign-ins can be remembered: bound to the browser, used once however
//! often it is brought, twenty at a time, with `next` and the site. Where processes share the place there are two of them, and
//! each request goes to the next.

mod stage;

use entra_emulator::{Browser, Endpoint, Fault, seed};
use local_servers::{Postgres, Redis};
use tokio::task::JoinSet;

use self::stage::{Cache, Stage};
use crate::cluster::alone;

const REPLAYS: usize = 100;
const TABS: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn f33_s16_s17_s18_cookie() {
    everything("cookie", Cache::Cookie).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f33_s16_s17_s18_memory() {
    everything("memory", Cache::Memory).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f33_s16_s17_s18_database_sqlite() {
    let file = stage::new_file();
    everything("SQLite", Cache::Database(format!("sqlite://{}", file.display()))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f33_s16_s17_s18_database_postgres() {
    everything("PostgreSQL", Cache::Database(Postgres::shared().database())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f33_s16_s17_s18_redis() {
    everything("Redis", Cache::Redis(Redis::shared().database())).await;
}

async fn everything(name: &str, cache: Cache) {
    let _alone = alone().await;
    let stage = Stage::start(&cache).await;
    next_and_the_site_survive(&stage).await;
    twenty_at_once(&stage).await;
    a_thief_gets_nothing(&stage).await;
    let sessions = a_hundred_replays(&stage).await;
    let processes = stage.processes();
    println!(
        "figure: S17 {name}: {REPLAYS} concurrent replays at {processes} processes: 1 token call, {sessions} session; S16: \
         {TABS} of {TABS} interleaved sign-ins"
    );
}

/// No session cookie comes along with the POST, and the browser is where it wanted to be.
async fn next_and_the_site_survive(stage: &Stage) {
    for (url, client_id) in [(stage.url(), seed::APP_ID), (stage.shop(), seed::SINGLE_TENANT_APP_ID)] {
        let browser = Browser::new();
        let page = browser.start_at(format!("{url}/private?a=b%20c")).signing_in_as(seed::ADELE).await.unwrap();
        assert_eq!(page.body, format!("{} at {client_id}", seed::ADELE));
        assert!(page.url.as_str().starts_with(&format!("{url}/private?a=b%20c")), "{}", page.url);
    }
}

/// S16: one browser, all opened before the first is finished, finished in another order.
async fn twenty_at_once(stage: &Stage) {
    let browser = Browser::new();
    let mut starts = JoinSet::new();
    for tab in 0..TABS {
        let (browser, start) = (browser.clone(), stage.start_of(&format!("/private?tab={tab}")));
        starts.spawn(async move { (tab, browser.get_once(start).await.unwrap().location().expect("to Microsoft")) });
    }
    let mut opened = starts.join_all().await;
    opened.sort_by_key(|(tab, _)| (tab * 7 + 3) % TABS);
    for (tab, there) in opened {
        let page = browser.start_at(there).signing_in_as(seed::ADELE).await.unwrap();
        assert_eq!((page.status, page.url.query()), (200, Some(format!("tab={tab}").as_str())), "{}", page.body);
    }
}

/// S18: the right state in another browser is refused and redeems nothing; the owner still succeeds.
async fn a_thief_gets_nothing(stage: &Stage) {
    let (owner, thief) = (Browser::new(), Browser::new());
    let answer = stage.answer_of(&owner).await;
    thief.get_once(stage.start_of("/private")).await.unwrap();
    let before = stage.emulator.journal().count(Endpoint::Token);
    for _ in 0..2 {
        assert_eq!(stage.bring(&thief, &answer).await, "/microsoft_sso/login/?next=%2Fprivate&again=1#");
    }
    assert_eq!(stage.emulator.journal().count(Endpoint::Token), before, "nothing was redeemed");
    assert_eq!(thief.get(format!("{}/", stage.url())).await.unwrap().body, "nobody");
    assert_eq!(stage.bring(&owner, &answer).await, "/private#");
}

/// S17: though Microsoft would redeem the code again and again.
async fn a_hundred_replays(stage: &Stage) -> usize {
    stage.emulator.faults().always(Fault::ReusableCode);
    let browser = Browser::new();
    let answer = stage.answer_of(&browser).await;
    let before = stage.emulator.journal().count(Endpoint::Token);
    let mut replays = JoinSet::new();
    for _ in 0..REPLAYS {
        replays.spawn(stage.bring(&browser, &answer));
    }
    let places = replays.join_all().await;
    let sessions = places.iter().filter(|place| *place == "/private#").count();
    let again = places.iter().filter(|place| place.ends_with("&again=1#")).count();
    assert_eq!((sessions, again), (1, REPLAYS - 1), "{places:?}");
    assert_eq!(stage.emulator.journal().count(Endpoint::Token), before + 1, "one token call");
    sessions
}
