//! An HTTP client with a cookie jar and nothing of a browser: no `Accept` for HTML, no `Sec-Fetch-*`.

use std::collections::BTreeMap;

use reqwest::{
    Client, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
    redirect::Policy,
};

pub(crate) struct PlainClient {
    client: Client,
    accept: &'static str,
    /// Host → cookie name → value. Ports do not tell cookies apart.
    jar: BTreeMap<String, BTreeMap<String, String>>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) url: Url,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

impl PlainClient {
    pub(crate) fn new() -> PlainClient {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client can be made");
        PlainClient { client, accept: "*/*", jar: BTreeMap::new() }
    }

    /// The same with an `Accept` of its own.
    pub(crate) fn asking_for(mut self, accept: &'static str) -> PlainClient {
        self.accept = accept;
        self
    }

    /// Follows redirects, at most 20.
    pub(crate) async fn get(&mut self, url: &str) -> Answer {
        let mut url = Url::parse(url).expect("a URL");
        for _ in 0..20 {
            let response = self.once(&url).await;
            if !response.status().is_redirection() {
                return answer(response).await;
            }
            let location = response.headers()[LOCATION].to_str().expect("ASCII");
            url = url.join(location).expect("a URL");
        }
        panic!("too many redirects; the last one led to {url}");
    }

    async fn once(&mut self, url: &Url) -> Response {
        let host = url.host_str().expect("a host").to_owned();
        let cookies = self.jar.entry(host).or_default();
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = self.client.get(url.clone()).header(ACCEPT, self.accept);
        if !pairs.is_empty() {
            request = request.header(COOKIE, pairs.join("; "));
        }
        let response = request.send().await.expect("an answer");
        for set_cookie in response.headers().get_all(SET_COOKIE) {
            keep(cookies, set_cookie.to_str().expect("ASCII"));
        }
        response
    }
}

fn keep(cookies: &mut BTreeMap<String, String>, set_cookie: &str) {
    let (pair, attributes) = set_cookie.split_once(';').unwrap_or((set_cookie, ""));
    let (name, value) = pair.split_once('=').expect("name=value");
    if attributes.split(';').any(|attribute| attribute.trim().eq_ignore_ascii_case("Max-Age=0")) {
        cookies.remove(name);
    } else {
        cookies.insert(name.to_owned(), value.to_owned());
    }
}

async fn answer(response: Response) -> Answer {
    let content_type = response.headers().get(CONTENT_TYPE).map(|value| value.to_str().expect("ASCII").to_owned());
    Answer {
        status: response.status(),
        url: response.url().clone(),
        content_type: content_type.unwrap_or_default(),
        body: response.text().await.expect("a body"),
    }
}
