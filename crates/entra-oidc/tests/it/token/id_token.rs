//! The T cases, as far as they belong to the code flow, one row each. `jsonwebtoken` judges every token as well: what we
//! accept it accepts, and what it can see (form, algorithm, signature, times, audience, issuer) it refuses with us.
//!
//! T12: nothing signs anybody in from an access token; there is no such function, and T11 shows that one does not pass
//! as an ID token. T17: in `openid/user_info.rs`. T21: beside the key list, in `jose/key_set/tests.rs`. T22: claims
//! can only be reached through `VerifiedIdToken`.

mod answer;
mod claims;
mod header;
mod issuer;
mod judge;
mod signature;

use serde_json::json;

use crate::{
    signer::{CLIENT, OID, Signer, TENANT, issuer},
    token::id_token::judge::{Judge, oracle_accepts},
};

#[test]
fn what_microsoft_issues_is_accepted_by_both() {
    let judge = Judge::of_tenant();
    let valid = || judge.valid();
    let now = judge.now;
    for (name, forge) in [
        ("as it is", valid()),
        ("typ absent", valid().without_header("typ")),
        ("x5t and rh in the header", valid().header("x5t", json!("work")).header("rh", json!("0.A"))),
        ("a key without an issuer", valid().header("kid", json!("plain"))),
        ("T24: exp + 299 s", valid().claim("exp", json!(now - 299))),
        ("T24: nbf - 300 s", valid().claim("nbf", json!(now + 300))),
        ("T24: iat - 300 s", valid().claim("iat", json!(now + 300))),
        ("T24: iat a day ago", valid().claim("iat", json!(now - 86_700))),
        ("T6: exp after 2038", valid().claim("exp", json!(4_102_444_800_i64))),
        ("T3: jwk of a stranger is not looked at", valid().header("jwk", Signer::stranger().jwk("work"))),
        ("T3: jku is not looked at", valid().header("jku", json!("https://evil.test/keys"))),
        ("T14: claims in the header are not looked at", valid().header("sub", json!("evil")).header("aud", json!("x"))),
        ("T7: azp is ours", valid().claim("azp", json!(CLIENT))),
        ("sub of 255 characters", valid().claim("sub", json!("s".repeat(255)))),
    ] {
        let token = forge.token();
        let verified = judge.verify(&token).unwrap_or_else(|kind| panic!("{name}: {kind:?}"));
        assert_eq!(verified.account().to_string(), format!("entra:{TENANT}/{OID}"), "{name}");
        assert!(oracle_accepts(&token, &issuer(TENANT)), "the oracle refuses {name}");
    }
    // The oracle compares letters, we compare GUIDs.
    assert!(judge.verify(&valid().claim("aud", json!(CLIENT.to_uppercase())).token()).is_ok());
    assert!(judge.verify(&valid().without("nbf").token()).is_ok());
}
