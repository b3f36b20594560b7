//! The tokens of a session, which `save_access_token` keeps.

use std::{fmt, time::Duration};

use entra_oidc::{ExposedTokens, Timestamp, TokenSet};
use serde::{Deserialize, Serialize};

/// For how many other APIs a session keeps a token at a time.
pub(crate) const MOST_OTHERS: usize = 8;

/// What the sign-in brought, and tokens for other APIs beside it. Written inside the session's sealed body only.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SessionTokens {
    main: Kept,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<ForApi>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct ForApi {
    scopes: String,
    tokens: Kept,
}

/// Tokens, and since when they are here.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    tokens: Written,
    received_at: Timestamp,
}

/// A [`TokenSet`] that can be written down and compared.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "ExposedTokens", into = "ExposedTokens")]
struct Written(TokenSet);

impl SessionTokens {
    /// The tokens of a sign-in, if there is an access token among them.
    pub(crate) fn new(tokens: &TokenSet, now: Timestamp) -> Option<Self> {
        tokens.access_token()?;
        Some(Self { main: Kept::new(tokens.clone(), now), others: Vec::new() })
    }

    /// The access token of the sign-in, and the refresh token for all.
    pub(crate) fn main(&self) -> &Kept {
        &self.main
    }

    /// The token for these scopes, as [`Wanted`](crate::refreshes::wanted::Wanted) writes them.
    pub(crate) fn other(&self, scopes: &str) -> Option<&Kept> {
        self.others.iter().find(|other| other.scopes == scopes).map(|other| &other.tokens)
    }

    /// New tokens in the place of those of the sign-in.
    pub(crate) fn renew(&mut self, tokens: TokenSet, now: Timestamp) {
        self.main = Kept::new(tokens, now);
    }

    /// A token for other scopes; its refresh token is the newest. Those that are over make room, then the one that is over
    /// first.
    pub(crate) fn add(&mut self, scopes: &str, tokens: &TokenSet, now: Timestamp) {
        if let Some(newest) = tokens.refresh_token() {
            let mut main = self.main.tokens().expose();
            main.refresh_token = Some(newest.expose().to_owned());
            self.main.tokens = Written(main.conceal());
        }
        self.others.retain(|other| other.scopes != scopes && other.expires_at() > now);
        while self.others.len() >= MOST_OTHERS {
            let first = (0..self.others.len()).min_by_key(|&place| self.others[place].expires_at());
            self.others.remove(first.unwrap_or_default());
        }
        let mut alone = tokens.expose();
        (alone.refresh_token, alone.owner) = (None, None);
        self.others.push(ForApi { scopes: scopes.to_owned(), tokens: Kept::new(alone.conceal(), now) });
    }
}

impl Kept {
    fn new(tokens: TokenSet, received_at: Timestamp) -> Self {
        Self { tokens: Written(tokens), received_at }
    }

    pub(crate) fn tokens(&self) -> &TokenSet {
        &self.tokens.0
    }

    /// Since when they are here.
    pub(crate) const fn received_at(&self) -> Timestamp {
        self.received_at
    }

    /// How long the access token was good for when it came.
    pub(crate) fn life(&self) -> Duration {
        self.tokens().expires_at().since(self.received_at)
    }
}

impl ForApi {
    fn expires_at(&self) -> Timestamp {
        self.tokens.tokens().expires_at()
    }
}

impl From<ExposedTokens> for Written {
    fn from(tokens: ExposedTokens) -> Self {
        Self(tokens.conceal())
    }
}

impl From<Written> for ExposedTokens {
    fn from(written: Written) -> Self {
        written.0.expose()
    }
}

impl PartialEq for Written {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose() == other.0.expose()
    }
}

impl fmt::Debug for SessionTokens {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SessionTokens").field("others", &self.others.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_795_262_400);

    fn tokens(access: &str, refresh: Option<&str>, life: u64) -> TokenSet {
        let mut tokens = ExposedTokens::new(access, NOW.plus(Duration::from_secs(life)));
        tokens.refresh_token = refresh.map(str::to_owned);
        tokens.conceal()
    }

    fn refresh_token(tokens: &SessionTokens) -> Option<&str> {
        tokens.main().tokens().refresh_token().map(entra_oidc::Secret::expose)
    }

    #[test]
    fn the_newest_refresh_token_wins_and_others_are_bounded() {
        let mut kept = SessionTokens::new(&tokens("main", Some("r0"), 100), NOW).unwrap();
        for number in 0..20_u64 {
            kept.add(&format!("api{number}"), &tokens("other", Some(&format!("r{number}")), 100 + number), NOW);
            assert_eq!(refresh_token(&kept), Some(format!("r{number}").as_str()));
        }
        assert_eq!(kept.others.len(), MOST_OTHERS);
        assert!(kept.other("api11").is_none() && kept.other("api12").is_some(), "what was over first made room");
        assert!(kept.others.iter().all(|other| other.tokens.tokens().refresh_token().is_none()));
        kept.add("api19", &tokens("again", None, 500), NOW);
        assert_eq!(refresh_token(&kept), Some("r19"), "none came, the old one stays");
        assert_eq!(kept.other("api19").unwrap().tokens().access_token().unwrap().expose(), "again");
        kept.add("x", &tokens("x", None, 500), NOW.plus(Duration::from_secs(130)));
        assert_eq!(kept.others.len(), 2, "what is over made room");
        assert_eq!(kept.main().tokens().access_token().unwrap().expose(), "main");
    }

    #[test]
    fn they_are_written_and_read_and_not_shown() {
        let mut kept = SessionTokens::new(&tokens("canary-a", Some("canary-r"), 1), NOW).unwrap();
        kept.add("api", &tokens("canary-o", None, 2), NOW);
        let read: SessionTokens = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
        assert!(read == kept);
        assert!(!format!("{kept:?}").contains("canary"), "Z1");
    }
}
