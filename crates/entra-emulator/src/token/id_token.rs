//! ID tokens.

mod groups;
mod spoil;
mod v1;

use serde_json::{Value, json};

use crate::authority::{Segment, issuer};
use crate::chance;
use crate::directory::{Directory, User, UserKind};
use crate::faults::Fault;
use crate::grants::Login;
use crate::keys::Signer;
use crate::login_hint::hint_of;
use crate::scope::Scopes;
use crate::subject::subject;
use crate::version::Version;

use super::claims::{BACKDATED, Claims};
use super::grant::Grant;

/// `exp - iat` for work and school accounts, in seconds.
const LIFE: i64 = 3900;
/// `exp - iat` for personal accounts, in seconds.
const PERSONAL_LIFE: i64 = 86700;

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
    let keys = &grant.call.service.keys;
    if faults.contains(&Fault::NewKey) {
        keys.replace();
    }
    spoil::claims(&mut claims, grant, user, faults);
    let payload = spoil::payload(claims, faults);
    match grant.version {
        Version::V1 => keys.sign_v1(signer, &payload, faults),
        Version::V2 => keys.sign(signer, &payload, faults),
    }
}

fn claims(grant: &Grant<'_>, user: &User, login: &Login, scopes: &Scopes) -> Claims {
    let cloud = grant.call.service.cloud;
    let start = grant.call.now() - BACKDATED;
    let mut claims = Claims::default();
    claims.put("aud", grant.app.id.as_str());
    claims.put("iss", grant.segment.issuer_of(cloud, grant.version, &user.tenant));
    claims.put("iat", start);
    claims.put("nbf", start);
    claims.put("exp", start + if user.is_personal() { PERSONAL_LIFE } else { LIFE });
    claims.put("ver", "2.0");
    claims.put("sub", subject(&grant.app.id, user));
    claims.put("aio", chance::text::<48>());
    if !user.is_personal() {
        claims.put("rh", format!("1.A{}", chance::text::<32>()));
        claims.put("uti", chance::text::<16>());
    }
    claims.put_some("nonce", login.nonce.as_ref());
    if scopes.has("profile") {
        claims.put("oid", user.id.as_str());
        claims.put("tid", user.tenant.as_str());
        claims.put("preferred_username", user.signs_in_as());
        claims.put_some("name", user.display_name.as_ref());
    }
    if !login.acrs.is_empty() {
        claims.put("acrs", &login.acrs);
    }
    claims.put_some("idp", identity_provider(grant, user));
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
        claims.put("auth_time", login.auth_time);
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
        claims.put_some(name, value.filter(|_| app.wants(name)));
    }
    if app.wants("ctry") {
        claims.put("ctry", tenant.map_or("US", |tenant| tenant.country.as_str()));
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
    claims.put("email", mail.as_str());
    if app.wants("xms_edov") && app.wants("email") {
        claims.put("xms_edov", verified);
    }
    if app.wants("verified_primary_email") && verified {
        claims.put("verified_primary_email", [mail]);
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
