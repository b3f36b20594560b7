//! The tokens of a session, which `save_access_token` keeps.

use std::fmt;

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

/// A [`TokenSet`] that can be written down and compared.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "ExposedTokens", into = "ExposedTokens")]
struct Kept(TokenSet);

impl SessionTokens {
    /// The tokens of a sign-in, if there is an access token among them.
    pub(crate) fn new(tokens: &TokenSet) -> Option<Self> {
        tokens.access_token()?;
        Some(Self { main: Kept(tokens.clone()), others: Vec::new() })
    }

    /// The access token of the sign-in, and the refresh token for all.
    pub(crate) fn main(&self) -> &TokenSet {
        &self.main.0
    }

    /// The token for these scopes, as [`Wanted`](crate::tokens::Wanted) writes them.
    pub(crate) fn other(&self, scopes: &str) -> Option<&TokenSet> {
        self.others.iter().find(|other| other.scopes == scopes).map(|other| &other.tokens.0)
    }

    /// New tokens in the place of those of the sign-in.
    pub(crate) fn renew(&mut self, tokens: TokenSet) {
        self.main = Kept(tokens);
    }

    /// A token for other scopes; its refresh token is the newest. Those that are over make room, then the one that is over
    /// first.
    pub(crate) fn add(&mut self, scopes: &str, tokens: &TokenSet, now: Timestamp) {
        let mut main = self.main.0.expose();
        main.refresh_token = tokens.expose().refresh_token.or(main.refresh_token);
        self.main = Kept(main.conceal());
        self.others.retain(|other| other.scopes != scopes && other.tokens.0.expires_at() > now);
        while self.others.len() >= MOST_OTHERS {
            let first = (0..self.others.len()).min_by_key(|&place| self.others[place].tokens.0.expires_at());
            self.others.remove(first.unwrap_or_default());
        }
        let mut alone = tokens.expose();
        (alone.refresh_token, alone.owner) = (None, None);
        self.others.push(ForApi { scopes: scopes.to_owned(), tokens: Kept(alone.conceal()) });
    }
}

impl From<ExposedTokens> for Kept {
    fn from(tokens: ExposedTokens) -> Self {
        Self(tokens.conceal())
    }
}

impl From<Kept> for ExposedTokens {
    fn from(kept: Kept) -> Self {
        kept.0.expose()
    }
}

impl PartialEq for Kept {
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
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_795_262_400);

    fn tokens(access: &str, refresh: Option<&str>, life: u64) -> TokenSet {
        let mut tokens = ExposedTokens::new(access, NOW.plus(Duration::from_secs(life)));
        tokens.refresh_token = refresh.map(str::to_owned);
        tokens.conceal()
    }

    fn refresh_token(tokens: &SessionTokens) -> Option<&str> {
        tokens.main().refresh_token().map(entra_oidc::Secret::expose)
    }

    #[test]
    fn the_newest_refresh_token_wins_and_others_are_bounded() {
        let mut kept = SessionTokens::new(&tokens("main", Some("r0"), 100)).unwrap();
        for number in 0..20_u64 {
            kept.add(&format!("api{number}"), &tokens("other", Some(&format!("r{number}")), 100 + number), NOW);
            assert_eq!(refresh_token(&kept), Some(format!("r{number}").as_str()));
        }
        assert_eq!(kept.others.len(), MOST_OTHERS);
        assert!(kept.other("api11").is_none() && kept.other("api12").is_some(), "what was over first made room");
        assert!(kept.others.iter().all(|other| other.tokens.0.refresh_token().is_none()));
        kept.add("api19", &tokens("again", None, 500), NOW);
        assert_eq!(refresh_token(&kept), Some("r19"), "none came, the old one stays");
        assert_eq!(kept.other("api19").unwrap().access_token().unwrap().expose(), "again");
        kept.add("x", &tokens("x", None, 500), NOW.plus(Duration::from_secs(130)));
        assert_eq!(kept.others.len(), 2, "what is over made room");
        assert_eq!(kept.main().access_token().unwrap().expose(), "main");
    }

    #[test]
    fn they_are_written_and_read_and_not_shown() {
        let mut kept = SessionTokens::new(&tokens("canary-a", Some("canary-r"), 1)).unwrap();
        kept.add("api", &tokens("canary-o", None, 2), NOW);
        let read: SessionTokens = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
        assert!(read == kept);
        assert!(!format!("{kept:?}").contains("canary"), "Z1");
    }
}
