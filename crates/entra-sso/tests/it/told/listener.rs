//! `metrics_listen`: a port of its own, and nothing on it but the metrics.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use entra_emulator::seed;
use entra_sso::{
    Settings,
    oidc::{HttpClient as _, Limits, ReqwestClient, ReqwestSettings},
};
use http::{Request, Response};
use tokio::net::TcpStream;

use crate::app::App;

async fn ask(method: &str, url: &str) -> Response<Bytes> {
    let client = ReqwestClient::new(&ReqwestSettings::new()).expect("a client");
    let request = Request::builder().method(method).uri(url).body(Bytes::new()).expect("a request");
    client.send(request, Limits::new(1 << 20, Duration::from_secs(10))).await.expect("an answer")
}

async fn scraped(address: SocketAddr) -> String {
    let answer = ask("GET", &format!("http://{address}/metrics")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    String::from_utf8(answer.body().to_vec()).expect("UTF-8")
}

fn on(address: SocketAddr) -> impl FnOnce(&mut Settings) {
    move |settings| settings.metrics_listen = Some(address)
}

fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

#[tokio::test]
async fn f81_metrics_are_at_a_port_of_their_own_and_nothing_else_is() {
    let app = App::with(on(any_port())).await;
    let listener = app.sso.serve_metrics().await.expect("a free port").expect("it is set");
    let metrics = format!("http://{}", listener.address());
    assert!(listener.address().ip().is_loopback() && !app.url.ends_with(&listener.address().port().to_string()));
    let text = scraped(listener.address()).await;
    for line in ["# TYPE entra_sso_sign_outs_total counter", "# HELP entra_sso_build_info ", "entra_sso_build_info{"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    for (method, url, status) in [
        ("GET", format!("{metrics}/"), 404),
        ("GET", format!("{metrics}/metrics/"), 404),
        ("GET", format!("{metrics}//metrics"), 404),
        ("GET", format!("{metrics}/metrics/entra_sso_sign_ins_total"), 404),
        ("GET", format!("{metrics}/microsoft_sso/"), 404),
        ("GET", format!("{metrics}/microsoft_sso/me"), 404),
        ("GET", format!("{metrics}/private"), 404),
        ("POST", format!("{metrics}/metrics"), 405),
        ("DELETE", format!("{metrics}/metrics"), 405),
        ("GET", app.at("/metrics"), 404),
        ("GET", app.at("/metrics/"), 404),
        ("GET", app.at("/microsoft_sso/metrics"), 404),
        ("GET", app.at("/microsoft_sso/metrics/"), 404),
    ] {
        let answer = ask(method, &url).await;
        assert_eq!((answer.status().as_u16(), answer.body().len()), (status, 0), "{method} {url}");
        assert!(!answer.headers().contains_key("set-cookie"), "{method} {url}");
    }
}

#[tokio::test]
async fn f81_two_applications_of_a_process_count_together() {
    let (one, other) = (App::with(on(any_port())).await, App::with(on(any_port())).await);
    let at = async |app: &App| app.sso.serve_metrics().await.expect("a free port").expect("it is set");
    let (first, second) = (at(&one).await, at(&other).await);
    assert_ne!(first.address(), second.address());
    one.sign_in(&one.browser(), seed::ADELE).await;
    // Tests beside this one count as well.
    for address in [first.address(), second.address()] {
        let text = scraped(address).await;
        let begun = text.lines().find_map(|line| line.strip_prefix("entra_sso_sessions_begun_total "));
        assert!(begun.is_some_and(|count| count.parse::<u64>().is_ok_and(|count| count >= 1)), "{begun:?}");
    }
    let stopped = first.address();
    first.stop().await;
    assert!(TcpStream::connect(stopped).await.is_err(), "nobody listens there any more");
    assert!(!scraped(second.address()).await.is_empty(), "the other one goes on");
}

#[tokio::test]
async fn f81_without_the_setting_nothing_listens_and_a_taken_port_is_told() {
    assert!(App::start().await.sso.serve_metrics().await.expect("nothing to do").is_none());
    let taken = tokio::net::TcpListener::bind(any_port()).await.unwrap();
    let app = App::with(on(taken.local_addr().unwrap())).await;
    let error = app.sso.serve_metrics().await.expect_err("the port is taken");
    let text = error.to_string();
    assert!(text.contains("E153") && text.contains("the port is taken"), "{text}");
}
