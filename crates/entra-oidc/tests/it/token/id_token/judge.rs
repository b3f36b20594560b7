use std::{sync::Arc, time::Duration};

use entra_oidc::{
    AllowedTenants, Authority, Clock, Expected, IdTokenAnswer, IdTokenVerifier, KeySet, PendingSignIn, Seed,
    SignInErrorKind as Kind, State, Timestamp, VerifiedIdToken,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

use crate::{
    microsoft::{guid, metadata, redirect_uri},
    signer::{CLIENT, Forge, Signer, TENANT, issuer, key_list},
};

/// What `jsonwebtoken` has to say to a forged token.
#[derive(Copy, Clone, PartialEq)]
pub(super) enum Oracle {
    Refuses,
    /// The rule is Microsoft's or OpenID Connect's, and a JWT library does not know it.
    Blind,
}

/// What is changed in a valid token.
pub(super) type Change<'a> = &'a dyn Fn(Forge) -> Forge;

pub(super) struct Judge {
    pub(super) now: i64,
    keys: KeySet,
    pub(super) pending: PendingSignIn,
    verifier: IdTokenVerifier,
}

impl Judge {
    pub(super) fn new(authority: Authority, segment: &str, allowed: AllowedTenants) -> Self {
        let now = Clock::system().now();
        let metadata = authority.accept_metadata(metadata(segment).to_string().as_bytes()).unwrap();
        let expected = Expected::new(redirect_uri(), now.plus(Duration::from_mins(10)));
        Self {
            now: now.unix(),
            keys: KeySet::parse(key_list().to_string().as_bytes(), now).unwrap(),
            pending: PendingSignIn::resume(Seed::from_bytes([7; 32]), State::random(), expected),
            verifier: IdTokenVerifier::new(
                authority,
                Arc::new(metadata),
                guid(CLIENT).into(),
                allowed,
                Duration::from_mins(5),
            ),
        }
    }

    pub(super) fn of_tenant() -> Self {
        Self::new(crate::microsoft::tenant(), TENANT, AllowedTenants::Pinned)
    }

    pub(super) fn valid(&self) -> Forge {
        Forge::valid(self.now, self.pending.nonce().expose())
    }

    pub(super) fn verify(&self, token: &str) -> Result<VerifiedIdToken, Kind> {
        self.verify_answer(token, &IdTokenAnswer::to_sign_in(&self.pending))
    }

    pub(super) fn verify_answer(&self, token: &str, answer: &IdTokenAnswer<'_>) -> Result<VerifiedIdToken, Kind> {
        let now = Timestamp::from_unix(self.now);
        self.verifier.verify(token, &self.keys, answer, now).map_err(|error| {
            let text = error.to_string();
            assert!(text.len() < 700 && !text.contains(['\r', '\n']), "{text}");
            error.kind()
        })
    }
}

pub(super) fn oracle_accepts(token: &str, issuer: &str) -> bool {
    let key = DecodingKey::from_rsa_raw_components(&Signer::published().modulus(), &Signer::published().exponent());
    let mut validation = Validation::new(Algorithm::RS256);
    validation.leeway = 300;
    validation.validate_nbf = true;
    validation.set_audience(&[CLIENT]);
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    jsonwebtoken::decode::<Value>(token, &key, &validation).is_ok()
}

pub(super) fn refuse_all(judge: &Judge, rows: Vec<(&str, String, Kind, Oracle)>) {
    assert!(judge.verify(&judge.valid().token()).is_ok(), "the judge itself is wrong");
    for (name, token, kind, oracle) in rows {
        assert_eq!(judge.verify(&token).map(|_| ()), Err(kind), "{name}");
        if oracle == Oracle::Refuses {
            assert!(!oracle_accepts(&token, &issuer(TENANT)), "the oracle accepts {name}");
        }
    }
}
