use url::Url;

use crate::{
    clock::Timestamp,
    sign_in::{pending::Expected, response_mode::ResponseMode, seed::Seed, state::State},
};

/// What Microsoft's page asks of the user (`OpenID` Connect Core section 3.1.2.1).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Prompt {
    /// To authenticate again.
    Login,
    /// To choose an account.
    SelectAccount,
    /// To consent again.
    Consent,
    /// Nothing: an error when something would have to be asked.
    None,
}

impl Prompt {
    /// The value of the parameter.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::SelectAccount => "select_account",
            Self::Consent => "consent",
            Self::None => "none",
        }
    }
}

/// How one sign-in is asked for.
#[derive(Clone, Debug)]
#[must_use]
pub struct SignInOptions {
    pub(super) expected: Expected,
    pub(super) seed: Option<Seed>,
    pub(super) state: Option<State>,
    pub(super) login_hint: Option<String>,
    pub(super) domain_hint: Option<String>,
    pub(super) ui_locales: Option<String>,
    pub(super) prompt: Option<Prompt>,
    pub(super) claims: Option<String>,
    pub(super) scopes: Vec<String>,
    pub(super) extra: Vec<(String, String)>,
}

/// What the protocol sets itself, and what has a method of its own because its answer is checked.
const PROTOCOL: [&str; 18] = [
    "acr_values",
    "claims",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code_challenge",
    "code_challenge_method",
    "max_age",
    "nonce",
    "redirect_uri",
    "request",
    "request_uri",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

impl SignInOptions {
    /// A sign-in that comes back to `redirect_uri`, which must be registered to the letter, before `deadline`.
    pub const fn new(redirect_uri: Url, deadline: Timestamp) -> Self {
        Self {
            expected: Expected::new(redirect_uri, deadline),
            seed: None,
            state: None,
            login_hint: None,
            domain_hint: None,
            ui_locales: None,
            prompt: None,
            claims: None,
            scopes: Vec::new(),
            extra: Vec::new(),
        }
    }

    /// How the answer comes back. Default: in the query.
    pub const fn response_mode(mut self, mode: ResponseMode) -> Self {
        self.expected.response_mode = mode;
        self
    }

    /// A seed that exists already. Default: a new one.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = Some(seed);
        self
    }

    /// A state that exists already. Default: a random one.
    pub fn state(mut self, state: State) -> Self {
        self.state = Some(state);
        self
    }

    /// Whom the page may assume: an address, or the claim `login_hint` of an earlier token.
    pub fn login_hint(mut self, hint: impl Into<String>) -> Self {
        self.login_hint = Some(hint.into());
        self
    }

    /// Where the page may send the user on: a domain, `organizations` or `consumers`.
    pub fn domain_hint(mut self, hint: impl Into<String>) -> Self {
        self.domain_hint = Some(hint.into());
        self
    }

    /// Languages of the page, best first, separated by blanks (BCP 47).
    pub fn ui_locales(mut self, locales: impl Into<String>) -> Self {
        self.ui_locales = Some(locales.into());
        self
    }

    /// What the page asks of the user. Default: what Microsoft thinks right.
    pub const fn prompt(mut self, prompt: Prompt) -> Self {
        self.prompt = Some(prompt);
        self
    }

    /// How many seconds ago the user may have authenticated at most. The token's `auth_time` must prove it.
    pub const fn max_age(mut self, seconds: u64) -> Self {
        self.expected.max_age = Some(seconds);
        self
    }

    /// An authentication context, such as `c1`. The token's `acrs` must contain it.
    pub fn acrs(mut self, context: impl Into<String>) -> Self {
        self.expected.acrs = Some(context.into());
        self
    }

    /// A claims request (JSON object), such as the challenge of an
    /// [error](crate::error::SignInError::claims).
    pub fn claims(mut self, json: impl Into<String>) -> Self {
        self.claims = Some(json.into());
        self
    }

    /// Further scopes for this sign-in. v1 endpoints are asked for their resource and for no scopes.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes.extend(scopes.into_iter().map(Into::into));
        self
    }

    /// Another parameter, from code or settings and never from a request. Parameters of the protocol are refused.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra.push((name.into(), value.into()));
        self
    }

    /// Whether [`extra`](SignInOptions::extra) may have this name: not what the protocol sets itself, nor what has a
    /// method of its own because its answer is checked.
    #[must_use]
    pub fn may_be_extra(name: &str) -> bool {
        !name.is_empty() && !PROTOCOL.iter().any(|taken| taken.eq_ignore_ascii_case(name))
    }

    /// What the answer must satisfy, to be sealed into a state.
    #[must_use]
    pub const fn expected(&self) -> &Expected {
        &self.expected
    }
}
