//! The access token of a session: saved, refreshed, handed out, for other APIs, and for Graph.

mod accessor;
mod api;
mod cap;
mod graph;
mod refresh;
mod replicas;
mod roles;
mod rows;

use std::{collections::HashMap, time::Duration};

use axum::{
    Json, Router,
    extract::Query,
    routing::{get, post},
};
use bytes::Bytes;
use entra_emulator::{Browser, Endpoint, seed};
use entra_sso::{
    EntraSso, Settings, SignedIn,
    oidc::GraphCall,
    tokens::{GraphCallError, TokenError},
};
use http::{Request, Response};
use serde_json::{Map, Value, json};

use crate::app::App;

/// What every application of these tests has beside its pages.
pub(crate) fn handlers() -> Router<EntraSso> {
    Router::new()
        .route("/token", get(token))
        .route("/token_for", get(token_for))
        .route("/graph", get(graph))
        .route("/graph/post", post(graph_post))
        .route("/claims", get(claims))
}

async fn token(user: SignedIn) -> Result<String, TokenError> {
    Ok(user.microsoft_sso_access_token().await?.expose().to_owned())
}

async fn token_for(Query(query): Query<HashMap<String, String>>, user: SignedIn) -> Result<String, TokenError> {
    let token = user.access_token_for(query["scope"].split(' ')).await?;
    Ok(token.expose().to_owned())
}

async fn graph(
    Query(query): Query<HashMap<String, String>>,
    user: SignedIn,
) -> Result<Json<Map<String, Value>>, GraphCallError> {
    let graph = user.graph();
    match query.get("next") {
        Some(link) => Ok(Json(graph.next_page(link).await?)),
        None => Ok(Json(graph.get(&query["path"]).await?)),
    }
}

async fn graph_post(user: SignedIn) -> Result<String, GraphCallError> {
    let call = GraphCall::get("me").select(["id"]);
    let id = user.graph().call(call).await?.json().expect("an object")["id"].to_string();
    let body = json!({ "securityEnabledOnly": true });
    let groups = user.graph().post_json("me/getMemberObjects", &body).await?;
    Ok(format!("{id} {}", groups.json().expect("an object")["value"].as_array().map_or(0, Vec::len)))
}

async fn claims(user: SignedIn) -> String {
    let mut roles: Vec<_> = user.roles().roles().collect();
    roles.extend(user.roles().groups());
    let claimed = user.claims().get("roles").map_or(0, |roles| roles.as_array().map_or(0, Vec::len));
    format!("{} claimed={claimed} staff={} superuser={}", roles.join(","), user.is_staff(), user.is_superuser())
}

/// An application that saves tokens, with sessions that last for a day.
async fn saving(change: impl FnOnce(&mut Settings)) -> App {
    App::with(|settings| {
        keep(settings);
        change(settings);
    })
    .await
}

fn keep(settings: &mut Settings) {
    settings.save_access_token = true;
    settings.session_cookie_age = Duration::from_hours(24);
}

/// Somebody who is signed in, and asks as a browser or as a program.
struct Visitor<'a> {
    app: &'a App,
    browser: Browser,
}

impl<'a> Visitor<'a> {
    async fn of(app: &'a App, who: &str) -> Visitor<'a> {
        let browser = app.browser();
        app.sign_in(&browser, who).await;
        Visitor { app, browser }
    }

    async fn adele(app: &'a App) -> Visitor<'a> {
        Visitor::of(app, seed::ADELE).await
    }

    /// As a program.
    async fn ask(&self, path: &str) -> Response<Bytes> {
        let request =
            Request::get("/").header("cookie", self.app.cookies(&self.browser)).header("accept", "application/json");
        self.app.send(request, path, "").await
    }

    /// As a browser that navigates.
    async fn open(&self, path: &str) -> Response<Bytes> {
        let request = Request::get("/").header("cookie", self.app.cookies(&self.browser)).header("accept", "text/html");
        self.app.send(request.header("sec-fetch-mode", "navigate"), path, "").await
    }

    async fn text(&self, path: &str) -> String {
        let answer = self.ask(path).await;
        let text = String::from_utf8(answer.body().to_vec()).unwrap();
        assert_eq!(answer.status(), 200, "{path}: {text}");
        text
    }

    async fn token(&self) -> String {
        self.text("/token").await
    }

    /// Asks until the token is another one than this: a refresh in the background is done.
    async fn token_after(&self, before: &str) -> String {
        for _ in 0..2_000 {
            let token = self.token().await;
            if token != before {
                return token;
            }
        }
        panic!("no new token came");
    }
}

/// How often a refresh token was redeemed.
fn refreshes(app: &App) -> usize {
    let entries = app.emulator.journal().entries();
    let is_refresh = |(name, value): &(String, String)| name == "grant_type" && value == "refresh_token";
    entries.iter().filter(|entry| entry.endpoint == Endpoint::Token && entry.parameters.iter().any(is_refresh)).count()
}

/// The code and the place to go of an answer for programs.
fn told(answer: &Response<Bytes>) -> (u16, String, Option<String>) {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    (answer.status().as_u16(), text("code").unwrap_or_default(), text("login_url"))
}

fn location(answer: &Response<Bytes>) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}
