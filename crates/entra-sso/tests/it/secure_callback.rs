//! `require_secure_callback`: the answer comes as a POST from Microsoft's page, which is another site than ours (here
//! 127.0.0.1 and `localhost`), so that no `SameSite=Lax` cookie comes along.

mod browsers;
mod door;
mod flows;
mod journey;
mod sessions;
mod unfinished;

use bytes::Bytes;
use entra_emulator::{Browser, Form, Page, seed};
use entra_sso::Settings;
use http::{Method, Request, Response, header};

use crate::app::App;

const START: &str = "/microsoft_sso/login/?next=/private";
const CALLBACK: &str = "/microsoft_sso/callback/";
const ADELE_IN: &str = "OK user=adele@contoso.example";

async fn app() -> App {
    App::with(secure).await
}

fn secure(settings: &mut Settings) {
    settings.require_secure_callback = true;
}

/// Signs in at Microsoft, and stops with the form that would bring the answer back.
async fn answer_of(app: &App, browser: &Browser, start: &str, who: &str) -> (Page, Form) {
    let start = if start.starts_with("http") { start.to_owned() } else { app.at(start) };
    let page = browser.start_at(start).stop_at(app.at(CALLBACK)).signing_in_as(who).await.unwrap();
    let form = page.form("form-post").unwrap_or_else(|| panic!("no form: {} {} {}", page.status, page.url, page.body));
    (page, form)
}

/// The body that the form would send.
fn body(form: &Form) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish()
}

/// The request that Microsoft's page would send, with every cookie that this browser would send from there.
fn posting(app: &App, browser: &Browser) -> http::request::Builder {
    let cookies = app.cookies(browser);
    let seeds = cookies.split("; ").filter(|cookie| cookie.starts_with("microsoft_sso_attempt_")).collect::<Vec<_>>();
    Request::builder()
        .method(Method::POST)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, seeds.join("; "))
}

fn location(answer: &Response<Bytes>) -> &str {
    let location = answer.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
    location.unwrap_or_else(|| panic!("no redirect: {} {}", answer.status(), text(answer))).trim_end_matches('#')
}

fn text(answer: &Response<Bytes>) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}

/// Signed in through the form, followed to its end.
async fn sign_in(app: &App, browser: &Browser) -> Page {
    browser.start_at(app.at(START)).signing_in_as(seed::ADELE).await.unwrap()
}
