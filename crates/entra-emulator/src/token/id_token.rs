//! ID tokens.

mod groups;
mod spoil;
mod v1;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::authority::{Segment, issuer};
use crate::chance;
use crate::directory::{App, Directory, User, UserKind};
use crate::faults::Fault;
use crate::grants::Login;
use crate::keys::{Signer, sign, sign_v1};
use crate::scope::Scopes;
use crate::version::Version;

use super::grant::Grant;
use super::hint::hint_of;

/// `iat` and `nbf` lie this many seconds before the moment of issue.
pub(super) const BACKDATED: i64 = 300;
/// `exp - iat` for work and school accounts, in seconds.
const LIFE: i64 = 3900;
/// `exp - iat` for personal accounts, in seconds.
const PERSONAL_LIFE: i64 = 86700;

type Claims = Map<String, Value>;

/// Issues an ID token.
pub(super) fn issue(grant: &Grant<'_>, user: &User, login: &Login, scopes: &Scopes, faults: &[Fault]) -> String {
    let signer = match grant.segment {
        Segment::External(_) => Signer::Customers,
        _ if user.is_personal() => Signer::Personal,
        _ => Signer::of(grant.app),
    };
    let mut claims = claims(grant, user, login, scopes);
    if grant.version == Version::V1 {
        v1::rewrite(&mut claims, user);
    }
    signed(grant, user, claims, signer, faults)
}

/// Spoils claims and signs them.
pub(super) fn signed(grant: &Grant<'_>, user: &User, mut claims: Claims, signer: Signer, faults: &[Fault]) -> String {
    if faults.contains(&Fault::NewKey) {
        grant.call.service.keys.replace();
    }
    spoil::claims(&mut claims, grant, user, faults);
    let payload = spoil::text(&claims, faults);
    let sign = if grant.version == Version::V1 { sign_v1 } else { sign };
    sign(&grant.call.service.keys, signer, &payload, faults)
}

fn claims(grant: &Grant<'_>, user: &User, login: &Login, scopes: &Scopes) -> Claims {
    let cloud = grant.call.service.cloud;
    let start = grant.call.now() - BACKDATED;
    let mut claims = Claims::new();
    put(&mut claims, "aud", grant.app.id.as_str());
    put(&mut claims, "iss", grant.segment.issuer_of(cloud, grant.version, &user.tenant));
    put(&mut claims, "iat", start);
    put(&mut claims, "nbf", start);
    put(&mut claims, "exp", start + if user.is_personal() { PERSONAL_LIFE } else { LIFE });
    put(&mut claims, "ver", "2.0");
    put(&mut claims, "sub", subject(&grant.app.id, user));
    put(&mut claims, "aio", chance::text::<48>());
    if !user.is_personal() {
        put(&mut claims, "rh", format!("1.A{}", chance::text::<32>()));
        put(&mut claims, "uti", chance::text::<16>());
    }
    if let Some(nonce) = &login.nonce {
        put(&mut claims, "nonce", nonce.as_str());
    }
    if scopes.has("profile") {
        put(&mut claims, "oid", user.id.as_str());
        put(&mut claims, "tid", user.tenant.as_str());
        put(&mut claims, "preferred_username", user.signs_in_as());
        if let Some(name) = &user.display_name {
            put(&mut claims, "name", name.as_str());
        }
    }
    if !login.acrs.is_empty() {
        put(&mut claims, "acrs", login.acrs.clone());
    }
    if let Some(idp) = identity_provider(grant, user) {
        put(&mut claims, "idp", idp);
    }
    optional(&mut claims, grant, user, login, scopes);
    email(&mut claims, grant, user, scopes);
    if !user.is_personal() {
        groups::add(&mut claims, grant.directory, grant.app, user, cloud);
    }
    claims
}

/// The optional claims that the application is configured for.
fn optional(claims: &mut Claims, grant: &Grant<'_>, user: &User, login: &Login, scopes: &Scopes) {
    let app = grant.app;
    if app.wants("auth_time") || login.wants_auth_time {
        put(claims, "auth_time", login.auth_time);
    }
    let tenant = grant.directory.tenant(&user.tenant);
    let with_profile = |value: &Option<String>| value.clone().filter(|_| scopes.has("profile"));
    let external = app.wants("include_externally_authenticated_upn");
    let values: [(&str, Option<Value>); 9] = [
        ("sid", Some(json!(login.sid))),
        ("login_hint", Some(json!(hint_of(user.signs_in_as())))),
        ("acct", (!user.is_personal()).then(|| json!(i32::from(user.is_guest())))),
        ("upn", (user.kind == UserKind::Member || external && user.is_guest()).then(|| json!(user.upn))),
        ("given_name", with_profile(&user.given_name).map(Value::from)),
        ("family_name", with_profile(&user.surname).map(Value::from)),
        ("ipaddr", Some(json!("127.0.0.1"))),
        ("tenant_ctry", tenant.map(|tenant| json!(tenant.country))),
        ("tenant_region_scope", tenant.map(|tenant| json!(tenant.region))),
    ];
    for (name, value) in values {
        if let Some(value) = value.filter(|_| app.wants(name)) {
            claims.insert(name.to_owned(), value);
        }
    }
    if app.wants("ctry") {
        claims.insert("ctry".to_owned(), json!(tenant.map_or("US", |tenant| tenant.country.as_str())));
    }
}

/// `email` comes as an optional claim, by scope, and for guests by default; it proves nothing. `xms_edov` says whether
/// somebody verified its domain. An unverified address is left out of a multi-tenant application's tokens, unless its
/// registration says otherwise.
fn email(claims: &mut Claims, grant: &Grant<'_>, user: &User, scopes: &Scopes) {
    let app = grant.app;
    if !(app.wants("email") || scopes.has("email") || user.is_guest()) {
        return;
    }
    let Some(mail) = &user.mail else { return };
    let verified = is_verified(grant.directory, user, mail);
    if !verified && app.audience.is_multi_tenant() && app.remove_unverified_email {
        return;
    }
    put(claims, "email", mail.as_str());
    if app.wants("xms_edov") && app.wants("email") {
        put(claims, "xms_edov", verified);
    }
    if app.wants("verified_primary_email") && verified {
        put(claims, "verified_primary_email", vec![mail.clone()]);
    }
}

fn is_verified(directory: &Directory, user: &User, mail: &str) -> bool {
    let domain = mail.rsplit('@').next().unwrap_or_default();
    let home = || directory.home_account(user.signs_in_as());
    match user.kind {
        UserKind::Personal | UserKind::Customer { .. } => true,
        UserKind::Member => directory.verifies(&user.tenant, domain),
        UserKind::Guest { .. } => {
            home().is_none_or(|home| home.is_personal() || directory.verifies(&home.tenant, domain))
        }
    }
}

/// `idp` of a guest: its home tenant's v1 issuer, `live.com`, or `mail` (one-time passcode) for an address that has no
/// account anywhere.
fn identity_provider(grant: &Grant<'_>, user: &User) -> Option<String> {
    if !user.is_guest() {
        return None;
    }
    let home = grant.directory.home_account(user.signs_in_as()).filter(|home| !home.is_guest());
    Some(match home {
        Some(home) if home.is_personal() => "live.com".to_owned(),
        Some(home) => issuer(grant.call.service.cloud, Version::V1, &home.tenant),
        None => "mail".to_owned(),
    })
}

/// `sub`: pairwise, another one for each application; 43 characters.
pub(crate) fn subject(app: &str, user: &User) -> String {
    let digest = digest(&SHA256, format!("{app}/{}/{}", user.tenant, user.id).as_bytes());
    let encoded = URL_SAFE_NO_PAD.encode(digest);
    if user.is_personal() { format!("AAAAAAAAAAAAAAAAAAAAA{}", &encoded[..22]) } else { encoded }
}

/// The values of `roles`: given to the user or to one of its groups.
fn roles(directory: &Directory, app: &App, user: &User) -> Vec<String> {
    let groups: Vec<&str> = directory.groups_of(user).map(|group| group.id.as_str()).collect();
    let has = |principal: &str| principal == user.id || groups.contains(&principal);
    let assigned = |role: &str| {
        app.role_assignments.iter().any(|assignment| assignment.role == role && has(&assignment.principal))
    };
    app.roles.iter().map(|role| role.value.clone()).filter(|role| assigned(role)).collect()
}

fn put(claims: &mut Claims, name: &str, value: impl Serialize) {
    claims.insert(name.to_owned(), json!(value));
}
