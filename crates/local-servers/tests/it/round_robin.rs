//! Requests go to each member in turn, and past one that is not there.

use std::net::{Ipv4Addr, SocketAddr};

use axum::{Router, http::HeaderMap, routing::post};
use local_servers::RoundRobin;
use tokio::net::TcpListener;

/// Answers with its name, and with what was sent.
async fn member(name: &'static str) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let answer = async move |headers: HeaderMap, body: String| {
        let host = headers["host"].to_str().expect("text").to_owned();
        (
            [("set-cookie", "a=1"), ("x-name", name)],
            format!("{name} {host} {:?} {body}", [&headers["cookie"], &headers["x-forwarded-for"]]),
        )
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/x", post(answer))).await });
    address
}

async fn ask(round_robin: &RoundRobin) -> (u16, String) {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request = client.post(format!("{}/x?y=z", round_robin.url())).header("cookie", "c=2").body("body");
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("its body"))
}

#[tokio::test]
async fn each_request_goes_to_the_next_member_that_accepts() {
    let round_robin = RoundRobin::start().await;
    assert_eq!(ask(&round_robin).await.0, 502, "nobody is there");
    let [one, two] = [member("one").await, member("two").await];
    round_robin.add(one);
    round_robin.add(two);
    let host = round_robin.url().replace("http://", "");
    let say = |name: &str| (200, format!("{name} {host} [\"c=2\", \"127.0.0.1\"] body"));
    assert_eq!(
        [ask(&round_robin).await, ask(&round_robin).await, ask(&round_robin).await],
        [say("one"), say("two"), say("one")]
    );
    // A port that was free a moment ago: nobody accepts there.
    let gone = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port").local_addr().expect("bound");
    round_robin.remove(one);
    round_robin.add(gone);
    for _ in 0..4 {
        assert_eq!(ask(&round_robin).await, say("two"));
    }
    round_robin.remove(two);
    assert_eq!(ask(&round_robin).await.0, 502);
}
