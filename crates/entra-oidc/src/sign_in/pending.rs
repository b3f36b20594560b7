use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    clock::Timestamp,
    sign_in::{
        response_mode::ResponseMode,
        seed::{CodeVerifier, Nonce, Seed},
        state::State,
    },
};

/// What the answer must satisfy. Not secret, but nobody may change it while the user is at Microsoft: seal it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Expected {
    /// The redirect URI of the request; the token endpoint wants the same one.
    pub redirect_uri: Url,
    /// After this moment no answer is accepted.
    pub deadline: Timestamp,
    /// How the answer must come.
    #[serde(default, skip_serializing_if = "ResponseMode::is_query")]
    pub response_mode: ResponseMode,
    /// How many seconds ago the user may have authenticated at most; the token must prove it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u64>,
    /// The authentication context (such as `c1`) that the token must contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acrs: Option<String>,
}

impl Expected {
    /// An answer to `redirect_uri` in its query until `deadline`, nothing else asked.
    #[must_use]
    pub const fn new(redirect_uri: Url, deadline: Timestamp) -> Self {
        Self { redirect_uri, deadline, response_mode: ResponseMode::Query, max_age: None, acrs: None }
    }
}

/// A sign-in that has begun. Not `Clone`, and consumed by
/// [`EntraClient::complete`](crate::client::EntraClient::complete): an attempt ends once.
pub struct PendingSignIn {
    seed: Seed,
    state: State,
    expected: Expected,
}

impl PendingSignIn {
    /// The attempt again, from its parts: the seed from the browser, the rest from where it was sealed.
    #[must_use]
    pub const fn resume(seed: Seed, state: State, expected: Expected) -> Self {
        Self { seed, state, expected }
    }

    /// What nonce and verifier are derived from.
    #[must_use]
    pub const fn seed(&self) -> &Seed {
        &self.seed
    }

    /// What the answer must bring back.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// What the answer must satisfy.
    #[must_use]
    pub const fn expected(&self) -> &Expected {
        &self.expected
    }

    /// The nonce that the ID token must contain.
    #[must_use]
    pub fn nonce(&self) -> Nonce {
        self.seed.nonce()
    }

    /// The verifier that redeems the code.
    #[must_use]
    pub fn code_verifier(&self) -> CodeVerifier {
        self.seed.code_verifier()
    }
}

impl fmt::Debug for PendingSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingSignIn").field("expected", &self.expected).finish_non_exhaustive()
    }
}
