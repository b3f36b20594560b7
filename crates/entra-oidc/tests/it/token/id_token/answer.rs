use aws_lc_rs::digest;
use entra_oidc::{AllowedTenants, IdTokenAnswer, PendingSignIn, Seed, SignInErrorKind as Kind, State, TokenOwner};
use serde_json::{Value, json};

use crate::{
    signer::{Forge, OTHER_TENANT, Signer, encoded},
    token::id_token::judge::Judge,
};

#[test]
fn t16_hashes_must_fit_when_they_are_there() {
    let judge = Judge::of_tenant();
    let half = |text: &str| encoded(&digest::digest(&digest::SHA256, text.as_bytes()).as_ref()[..16]);
    let verify = |forge: Forge| {
        let answer = IdTokenAnswer::to_sign_in(&judge.pending).with_access_token("the-access-token");
        judge.verify_answer(&forge.token(), &answer).map(|_| ())
    };
    assert_eq!(verify(judge.valid()), Ok(()), "T16: Entra's token endpoint sends none");
    assert_eq!(verify(judge.valid().claim("at_hash", json!(half("the-access-token")))), Ok(()), "T16: as B2C");
    for (name, value) in [
        ("another token's", json!(half("another"))),
        ("whole", json!(encoded(digest::digest(&digest::SHA256, b"the-access-token")))),
        ("empty", json!("")),
        ("null", Value::Null),
        ("array", json!([half("the-access-token")])),
    ] {
        assert_eq!(verify(judge.valid().claim("at_hash", value)), Err(Kind::IdTokenHash), "T16: at_hash {name}");
    }
}

#[test]
fn t23_a_refreshed_token_is_of_the_same_user() {
    let judge = Judge::of_tenant();
    let first = judge.verify(&judge.valid().claim("auth_time", json!(judge.now - 60)).token()).unwrap();
    let owner: TokenOwner = first.owner();
    let refreshed = || judge.valid().without("nonce");
    let rows: Vec<(&str, Forge, Result<(), Kind>)> = vec![
        ("the same", refreshed(), Ok(())),
        ("the same auth_time", refreshed().claim("auth_time", json!(judge.now - 60)), Ok(())),
        ("sub", refreshed().claim("sub", json!("another")), Err(Kind::AnotherUser)),
        ("oid", refreshed().claim("oid", json!(OTHER_TENANT)), Err(Kind::AnotherUser)),
        ("auth_time", refreshed().claim("auth_time", json!(judge.now)), Err(Kind::AnotherUser)),
        ("aud", refreshed().claim("aud", json!(OTHER_TENANT)), Err(Kind::IdTokenAudience)),
        ("iss", refreshed().of_tenant(OTHER_TENANT), Err(Kind::IdTokenIssuer)),
        ("expired", refreshed().claim("exp", json!(judge.now - 301)), Err(Kind::IdTokenTime)),
        ("a stranger's signature", refreshed().signed_by(Signer::stranger()), Err(Kind::IdTokenSignature)),
    ];
    for (name, forge, expected) in rows {
        let outcome = judge.verify_answer(&forge.token(), &IdTokenAnswer::to_refresh(&owner)).map(|_| ());
        assert_eq!(outcome, expected, "T23: {name}");
    }

    let any = Judge::new(crate::microsoft::common(), "common", AllowedTenants::Any);
    let moved = any.valid().without("nonce").of_tenant(OTHER_TENANT).token();
    let outcome = any.verify_answer(&moved, &IdTokenAnswer::to_refresh(&owner)).map(|_| ());
    assert_eq!(outcome, Err(Kind::AnotherUser), "T23: iss at common");
}

#[test]
fn t24_max_age_and_contexts_are_checked_when_they_were_asked_for() {
    let judge = Judge::of_tenant();
    let mut expected = judge.pending.expected().clone();
    expected.max_age = Some(600);
    expected.acrs = Some("c1".to_owned());
    let pending = PendingSignIn::resume(Seed::from_bytes([7; 32]), State::random(), expected);
    let now = judge.now;
    let with = |auth_time: i64, acrs: Value| judge.valid().claim("auth_time", json!(auth_time)).claim("acrs", acrs);
    for (name, forge, outcome) in [
        ("both", with(now - 600, json!(["c1", "c2"])), Ok(())),
        ("acrs as one string", with(now, json!("c1")), Ok(())),
        ("auth_time at the edge", with(now - 900, json!(["c1"])), Ok(())),
        ("auth_time beyond it", with(now - 901, json!(["c1"])), Err(Kind::IdTokenAuthTime)),
        ("auth_time in the future", with(now + 301, json!(["c1"])), Err(Kind::IdTokenAuthTime)),
        ("auth_time missing", judge.valid().claim("acrs", json!(["c1"])), Err(Kind::IdTokenAuthTime)),
        ("auth_time as string", with(now, json!(["c1"])).claim("auth_time", json!("1")), Err(Kind::IdTokenClaims)),
        ("acrs missing", judge.valid().claim("auth_time", json!(now)), Err(Kind::IdTokenAuthContext)),
        ("acrs of another context", with(now, json!(["c2"])), Err(Kind::IdTokenAuthContext)),
        ("acrs longer", with(now, json!(["c11"])), Err(Kind::IdTokenAuthContext)),
        ("acrs empty", with(now, json!([])), Err(Kind::IdTokenAuthContext)),
        ("acrs of another type", with(now, json!({ "c1": true })), Err(Kind::IdTokenClaims)),
    ] {
        let answer = IdTokenAnswer::to_sign_in(&pending);
        assert_eq!(judge.verify_answer(&forge.token(), &answer).map(|_| ()), outcome, "T24: {name}");
    }
    assert!(judge.verify(&judge.valid().token()).is_ok(), "not asked for, not checked");
}
