//! F-65: `[[site]]`. One application under several hosts.

mod admin;
mod callbacks;
mod hosts;
mod rules;
mod sessions;

use axum::body::Body;
use bytes::Bytes;
use entra_emulator::{Emulator, seed};
use entra_sso::{
    EntraSso, Settings,
    oidc::Secret,
    settings::{AuthoritySettings, SiteTable},
};
use http::{Request, Response, request::Builder};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::app::{App, application};

/// The path of every site's callback.
const CALLBACK: &str = "/microsoft_sso/callback/";

/// Contoso's portal at `localhost`, and at 127.0.0.1 a shop: Contoso's intranet application, with the browser's port.
async fn with_shop(change: impl FnOnce(&mut SiteTable)) -> App {
    let app = App::of(Emulator::env, "", |settings, _| {
        let mut shop = shop(settings);
        change(&mut shop);
        settings.site.push(shop);
    })
    .await;
    for id in [seed::APP_ID, seed::SINGLE_TENANT_APP_ID] {
        app.emulator.directory().add_redirect_uri(id, &at_shop(&app, CALLBACK)).expect("a loopback address");
    }
    app
}

fn shop(settings: &Settings) -> SiteTable {
    let mut shop = SiteTable::new("127.0.0.1".parse().expect("a host"));
    shop.application_id = Some(seed::SINGLE_TENANT_APP_ID.to_owned());
    shop.own_credential.client_secret = Some(Secret::new(seed::SINGLE_TENANT_APP_SECRET));
    shop.authority = Some(authority(settings, seed::CONTOSO));
    shop.text = Some("Sign in to the shop".to_owned());
    shop
}

/// A tenant of the same emulator.
fn authority(settings: &Settings, tenant: &str) -> AuthoritySettings {
    let mut authority = AuthoritySettings::default();
    authority.tenant_id = Some(tenant.to_owned());
    authority.authority_host.clone_from(&settings.authority_host);
    authority.graph_url.clone_from(&settings.graph_url);
    authority
}

/// A path as an address of the shop.
fn at_shop(app: &App, path: &str) -> String {
    app.at(path).replacen("localhost", "127.0.0.1", 1)
}

/// Public hosts and no Microsoft: nobody signs in, who has a session comes with it.
const PUBLIC: &str = "
application_id = '11111111-2222-3333-4444-555555555555'
tenant_id = '99999999-8888-7777-6666-555555555555'
client_secret = 'of the application'
public_url = 'https://app.example'
allowed_hosts = ['app.example', 'www.app.example']
text = 'Sign in to the application'

[[site]]
domain = 'shop.example'
text = 'Sign in to the shop'
logo_url = 'https://pictures.example/shop.svg'
session_cookie_age = 600

[[site]]
domain = 'club.example:8443'
tenant_id = '88888888-7777-6666-5555-444444444444'
text = 'Sign in to the club'
";

fn public() -> EntraSso {
    EntraSso::builder(Settings::from_toml(PUBLIC).expect("settings")).build().expect("sound settings")
}

/// One request to an application without a port.
async fn ask(sso: &EntraSso, request: Builder) -> Response<Bytes> {
    let answer = application(sso).oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
    let (parts, body) = answer.into_parts();
    Response::from_parts(parts, body.collect().await.expect("a body").to_bytes())
}

/// A GET at this host.
fn get(host: &str, path: &str) -> Builder {
    Request::get(path).header("host", host)
}

fn text(answer: &Response<Bytes>) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}
