//! A court for tokens of any authority: its metadata, its keys, one sign-in that waits.

use std::{sync::Arc, time::Duration};

use entra_oidc::{
    AllowedTenants, Authority, Claims, Expected, IdTokenAnswer, IdTokenVerifier, KeySet, PendingSignIn, Seed,
    SignInErrorKind as Kind, State, Timestamp,
};
use serde_json::Value;

use crate::{
    microsoft::{guid, redirect_uri},
    signer::{CLIENT, Forge},
};

pub(crate) struct Court {
    verifier: IdTokenVerifier,
    keys: KeySet,
    key_ids: Vec<String>,
    pending: PendingSignIn,
    now: Timestamp,
}

impl Court {
    /// The judge of one authority that publishes these documents.
    pub(crate) fn new(authority: Authority, document: &str, keys: &Value) -> Self {
        let now = Timestamp::from_unix(1_790_000_000);
        let metadata = authority.accept_metadata(document.as_bytes()).unwrap();
        let expected = Expected::new(redirect_uri(), now.plus(Duration::from_mins(10)));
        Self {
            verifier: IdTokenVerifier::new(
                authority,
                Arc::new(metadata),
                guid(CLIENT).into(),
                AllowedTenants::Any,
                Duration::from_mins(5),
            ),
            keys: KeySet::parse(keys.to_string().as_bytes(), now).unwrap(),
            key_ids: keys["keys"]
                .as_array()
                .unwrap()
                .iter()
                .map(|key| key["kid"].as_str().unwrap().to_owned())
                .collect(),
            pending: PendingSignIn::resume(Seed::from_bytes([7; 32]), State::random(), expected),
            now,
        }
    }

    /// A valid token, made by one of the forms of [`Forge`] and signed with the first published key.
    pub(crate) fn forge(&self, form: fn(i64, &str) -> Forge) -> Forge {
        self.signed_with(form, 0)
    }

    /// Likewise, signed with the published key at this place.
    pub(crate) fn signed_with(&self, form: fn(i64, &str) -> Forge, key: usize) -> Forge {
        form(self.now.unix(), self.pending.nonce().expose()).header("kid", Value::from(self.key_ids[key].as_str()))
    }

    /// Account and claims, or why not.
    pub(crate) fn judge(&self, forge: &Forge) -> Result<(String, Claims), Kind> {
        let answer = IdTokenAnswer::to_sign_in(&self.pending);
        self.verifier
            .verify(&forge.token(), &self.keys, &answer, self.now)
            .map(|token| (token.account().to_string(), token.claims().clone()))
            .map_err(|error| error.kind())
    }

    /// Each of the forged tokens is refused for its reason; what they were made from is not.
    pub(crate) fn refuses(&self, good: &Forge, rows: Vec<(&str, Forge, Kind)>) {
        assert!(self.judge(good).is_ok(), "the court itself is wrong: {:?}", self.judge(good).err());
        for (name, forge, kind) in rows {
            assert_eq!(self.judge(&forge).err(), Some(kind), "{name}");
        }
    }
}
