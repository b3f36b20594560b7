//! Another server takes over behind one address.

use std::{fs, os::unix::fs::symlink, path::Path};

use entra_sso::{
    oidc::Clock,
    session::{Mark, Replaced, SessionStore as _, SessionUpdate, UsedStates as _},
    users::UserId,
};
use entra_sso_redis::RedisStore;
use local_servers::{Redis, RedisOptions, TcpProxy};

use crate::{
    made::{key, session},
    raw::Raw,
};

#[tokio::test]
async fn a_server_that_became_a_copy_costs_nobody_a_request() {
    let servers = [Redis::start(RedisOptions::default()), Redis::start(RedisOptions::default())];
    let socket =
        |server: &Redis| server.socket_url().trim_start_matches("unix://").split('?').next().map(str::to_owned);
    let [one, two] = servers.each_ref().map(|server| socket(server).expect("a path"));
    let address = std::env::temp_dir().join(format!("entra-sso-failover-{}", std::process::id()));
    let point_at = |socket: &str| {
        let _of_before = fs::remove_file(&address);
        symlink(socket, &address).expect("linked");
    };
    point_at(&one);
    let proxy = TcpProxy::to(Path::new(&address));
    let store = RedisStore::open(&format!("redis://{}", proxy.address())).await.expect("opened");
    let made = session(&UserId::new("adele"), Clock::system().now(), 60);
    let [before, after] = [key(), key()];
    store.create(before, made.clone()).await.expect("created");

    // The second server has what the first one has, and is written to from now on.
    let ports = servers.each_ref().map(Redis::address);
    let mut raw = [Raw::at(&servers[0].url()).await, Raw::at(&servers[1].url()).await];
    let port = ports[0].port().to_string();
    let () = raw[1].ask(&[b"REPLICAOF", b"127.0.0.1", port.as_bytes()]).await;
    while raw[1].ask::<u64>(&[b"DBSIZE"]).await < 2 {}
    let () = raw[1].ask(&[b"REPLICAOF", b"NO", b"ONE"]).await;
    let port = ports[1].port().to_string();
    let () = raw[0].ask(&[b"REPLICAOF", b"127.0.0.1", port.as_bytes()]).await;
    point_at(&two);

    // The connection that is open leads to the first one.
    assert_eq!(store.mark([1; 32], made.idle_deadline).await.expect("marked"), Mark::First);
    assert_eq!(store.mark([1; 32], made.idle_deadline).await.expect("marked"), Mark::Again);
    assert_eq!(store.replace(&before, 0, SessionUpdate::Recheck).await.expect("replaced"), Replaced::Yes);
    store.create(after, made).await.expect("created");
    assert_eq!(store.delete(&[before, after]).await.expect("deleted"), 2);
    fs::remove_file(&address).expect("removed");
}
