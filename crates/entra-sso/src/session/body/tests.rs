use std::{sync::Arc, time::Duration};

use entra_oidc::Timestamp;
use serde_json::json;

use super::*;
use crate::{
    owner::Owner,
    session::store::SessionBody,
    users::{User, UserId},
};

fn data() -> SessionData {
    let now = Timestamp::from_unix(1_800_000_000);
    SessionData {
        owner: Arc::new(Owner {
            instance: "/microsoft_sso".to_owned(),
            site: "default".to_owned(),
            client_id: "client".to_owned(),
            authority: "public/contoso".to_owned(),
        }),
        user: User::new(UserId::new("adele"), "adele@contoso.example", now),
        site_staff: false,
        backend: None,
        roles: crate::roles::Roles::default(),
        proof: crate::session::proof::Proof::default(),
        answers: None,
        rechecks: 0,
        user_checked_at: now,
        sid: Some("sid".to_owned()),
        subject: None,
        created_at: now,
        idle_age: Duration::from_mins(10),
        absolute_deadline: now.plus(Duration::from_hours(1)),
        claims: json!({"name": "Adele Vance"}).as_object().expect("an object").clone(),
        id_token: None,
        tokens: None,
    }
}

fn row(data: &SessionData, version: u64, body: Bytes) -> StoredSession {
    let idle_deadline = data.idle_deadline(data.created_at);
    let (user, authority) = (data.user.id.clone(), data.owner.authority.clone());
    StoredSession::new(user, authority, idle_deadline, data.absolute_deadline, SessionBody::Sealed(body))
        .with_sid(data.sid.clone())
        .with_version(version)
}

struct Sealed {
    sealer: Sealer,
    id: SessionId,
    data: SessionData,
    body: Bytes,
}

fn sealed() -> Sealed {
    let (sealer, id, data) = (Sealer::random(), SessionId::random(), data());
    let body = seal(&sealer, &id, 3, &data).expect("sealed");
    Sealed { sealer, id, data, body }
}

#[test]
fn a_body_opens_with_its_id_row_and_version() {
    let it = sealed();
    let row = row(&it.data, 3, it.body.clone());
    assert_eq!(open(&it.sealer, &it.id, &row, &it.body), Ok(it.data));
}

#[test]
fn k11_a_body_shows_nothing_of_what_it_holds() {
    let it = sealed();
    for canary in ["adele", "contoso", "Adele", "client", "sid"] {
        let found = it.body.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{canary} stands in the body");
    }
}

#[test]
fn k14_a_body_in_another_place_opens_nothing() {
    let it = sealed();
    let good = row(&it.data, 3, it.body.clone());
    let open = |sealer: &Sealer, id: &SessionId, row: &StoredSession| open(sealer, id, row, &it.body).err();

    assert_eq!(open(&it.sealer, &it.id, &good), None);
    assert_eq!(open(&it.sealer, &SessionId::random(), &good), Some(BodyFault::NotOurs), "another session's row");
    assert_eq!(open(&Sealer::random(), &it.id, &good), Some(BodyFault::NotOurs), "another server's key");
    for version in [0, 2, 4, u64::MAX] {
        let row = good.clone().with_version(version);
        assert_eq!(open(&it.sealer, &it.id, &row), Some(BodyFault::NotOurs), "version {version}");
    }
}

#[test]
fn k14_a_row_that_says_something_else_opens_nothing() {
    let it = sealed();
    let good = row(&it.data, 3, it.body.clone());
    let later = good.absolute_deadline.plus(Duration::from_secs(1));
    for (what, row) in [
        ("user", StoredSession { user: UserId::new("eve"), ..good.clone() }),
        ("authority", StoredSession { authority: "public/fabrikam".into(), ..good.clone() }),
        ("sid", good.clone().with_sid(None)),
        ("absolute deadline", StoredSession { absolute_deadline: later, ..good.clone() }),
    ] {
        assert_eq!(open(&it.sealer, &it.id, &row, &it.body), Err(BodyFault::RowDiffers), "{what}");
    }
}

#[test]
fn k14_a_changed_body_opens_nothing() {
    let it = sealed();
    let row = row(&it.data, 3, it.body.clone());
    for index in 0..it.body.len() {
        let mut changed = it.body.to_vec();
        changed[index] ^= 1;
        assert_eq!(open(&it.sealer, &it.id, &row, &changed), Err(BodyFault::NotOurs), "byte {index}");
        assert_eq!(open(&it.sealer, &it.id, &row, &it.body[..index]), Err(BodyFault::NotOurs), "first {index} bytes");
    }
}

#[test]
fn k6_what_is_no_body_opens_nothing() {
    let it = sealed();
    let row = row(&it.data, 3, it.body.clone());
    let json = serde_json::to_vec(&it.data).expect("JSON");
    for body in [&b""[..], b"\x01", b"\x00", b"{}", &json, &vec![1; MAX_BODY + 1]] {
        assert_eq!(open(&it.sealer, &it.id, &row, body), Err(BodyFault::NotOurs), "{} bytes", body.len());
    }
}

#[test]
fn an_attempt_sealed_by_us_is_no_body() {
    let it = sealed();
    let row = row(&it.data, 3, it.body.clone());
    let json = serde_json::to_vec(&it.data).expect("JSON");
    let bound = binding(&it.id.key(), 3);
    let mut body = vec![FORMAT];
    body.extend(it.sealer.seal_bytes(Purpose::Attempt, it.id.as_bytes(), &bound, &json).expect("sealed"));
    assert_eq!(open(&it.sealer, &it.id, &row, &body), Err(BodyFault::NotOurs));
}

#[test]
fn a_session_that_is_too_long_is_not_sealed() {
    let it = sealed();
    let site = "x".repeat(MAX_BODY);
    let long = SessionData { owner: Arc::new(Owner { site, ..Owner::clone(&it.data.owner) }), ..it.data };
    assert_eq!(seal(&it.sealer, &it.id, 0, &long), Err(SealingError::TooLong));
}

/// The written form: what one version writes, the next one reads.
#[test]
fn the_format_stays() {
    let written = json!({
        "instance": "/microsoft_sso",
        "site": "default",
        "client_id": "client",
        "authority": "public/contoso",
        "user": {
            "id": "adele",
            "username": "adele@contoso.example",
            "email": null,
            "first_name": "",
            "last_name": "",
            "is_active": true,
            "staff": [],
            "superuser": [],
            "date_joined": 1_800_000_000,
            "last_login": null,
            "invitation": null,
            "account": null
        },
        "site_staff": false,
        "roles": {"tenant": null, "pinned": false, "roles": [], "groups": [], "complete": false},
        "proof": {},
        "rechecks": 0,
        "user_checked_at": 1_800_000_000,
        "sid": "sid",
        "created_at": 1_800_000_000,
        "idle_age": {"secs": 600, "nanos": 0},
        "absolute_deadline": 1_800_003_600,
        "claims": {"name": "Adele Vance"}
    });
    assert_eq!(serde_json::to_value(data()).expect("JSON"), written);
    assert_eq!(serde_json::from_value::<SessionData>(written).expect("a session"), data());
}
