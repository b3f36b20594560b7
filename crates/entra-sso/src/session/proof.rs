//! What a session has proved beyond who its user is.

use std::time::Duration;

use entra_oidc::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A session remembers this many authentication contexts.
const MOST_CONTEXTS: usize = 20;
/// For this long after a sign-in, clocks may differ.
const ARRIVING: Duration = Duration::from_mins(1);

/// When the user authenticated, and in which authentication contexts, as ID tokens proved it.
///
/// A step-up asks for one thing, and the token that answers need not speak of what an earlier one proved. So a new
/// session of the same user takes over what the one before it knew; otherwise two guards could send a browser to and fro.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proof {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authenticated_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    contexts: Vec<Context>,
}

/// An authentication context counts for as long as the session whose token proved it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Context {
    name: String,
    until: Timestamp,
}

impl Proof {
    /// What a token proves (`auth_time`, `acrs`) for a session that ends at `until`. Authentication contexts are of a
    /// `directory` of Microsoft's; elsewhere `acrs` is a claim like any other, which anybody may have filled in (I8).
    pub(crate) fn of(claims: &Map<String, Value>, directory: bool, until: Timestamp) -> Proof {
        let names: Vec<&str> = match claims.get("acrs").filter(|_| directory) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().map(Value::as_str).collect::<Option<_>>().unwrap_or_default(),
            _ => Vec::new(),
        };
        let contexts = names.into_iter().take(MOST_CONTEXTS);
        Proof {
            authenticated_at: claims.get("auth_time").and_then(Value::as_i64).map(Timestamp::from_unix),
            contexts: contexts.map(|name| Context { name: name.to_owned(), until }).collect(),
        }
    }

    /// The same with what an earlier session of the same user proved and what still counts of it.
    pub(crate) fn after(mut self, earlier: &Proof, now: Timestamp) -> Proof {
        self.authenticated_at = self.authenticated_at.max(earlier.authenticated_at);
        let still =
            earlier.contexts.iter().filter(|context| now < context.until && !self.has_context(&context.name, now));
        let still: Vec<Context> = still.take(MOST_CONTEXTS.saturating_sub(self.contexts.len())).cloned().collect();
        self.contexts.extend(still);
        self
    }

    /// Whether the user was authenticated in this context.
    pub(crate) fn has_context(&self, name: &str, now: Timestamp) -> bool {
        self.contexts.iter().any(|context| context.name == name && now < context.until)
    }

    /// Whether the user authenticated at most `age` ago. In the first minute of a session, which began at `began`, clocks
    /// may differ by `skew`, as when its token was judged: who comes from a sign-in must not be sent there again.
    pub(crate) fn is_within(&self, age: Duration, began: Timestamp, skew: Duration, now: Timestamp) -> bool {
        let Some(at) = self.authenticated_at.filter(|at| *at <= now.plus(skew)) else { return false };
        let arriving = now.since(began) <= ARRIVING;
        now.since(at) <= if arriving { age.saturating_add(skew) } else { age }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
    const SKEW: Duration = Duration::from_mins(5);

    fn proof(claims: Value) -> Proof {
        let Value::Object(claims) = claims else { unreachable!("an object") };
        Proof::of(&claims, true, NOW.plus(Duration::from_hours(1)))
    }

    fn ago(seconds: i64) -> Proof {
        proof(json!({ "auth_time": NOW.unix() - seconds }))
    }

    #[test]
    fn an_authentication_is_recent_by_its_own_moment() {
        let long_ago = Timestamp::from_unix(NOW.unix() - 3000);
        let just_now = Timestamp::from_unix(NOW.unix() - 60);
        for (proof, began, is) in [
            (ago(0), long_ago, true),
            (ago(600), long_ago, true),
            (ago(601), long_ago, false),
            (ago(601), just_now, true),
            (ago(900), just_now, true),
            (ago(901), just_now, false),
            (ago(-300), long_ago, true),
            (ago(-301), long_ago, false),
            (proof(json!({})), just_now, false),
            (proof(json!({ "auth_time": NOW.unix().to_string() })), just_now, false),
            (proof(json!({ "iat": NOW.unix() })), just_now, false),
        ] {
            assert_eq!(proof.is_within(Duration::from_mins(10), began, SKEW, NOW), is, "{proof:?} {began:?}");
        }
    }

    #[test]
    fn a_context_is_held_or_not() {
        for (acrs, held) in [
            (json!(["c1", "c2"]), true),
            (json!("c1"), true),
            (json!(["c11"]), false),
            (json!("c1 c2"), false),
            (json!(["C1"]), false),
            (json!([1, "c1"]), false),
            (json!({ "c1": true }), false),
            (json!(null), false),
        ] {
            assert_eq!(proof(json!({ "acrs": acrs })).has_context("c1", NOW), held, "{acrs}");
        }
    }

    #[test]
    fn what_was_proved_before_counts_until_it_would_have_ended() {
        let first = proof(json!({ "acrs": ["c1"], "auth_time": NOW.unix() - 100 }));
        let later = NOW.plus(Duration::from_mins(30));
        let until = later.plus(Duration::from_hours(1));
        let second = Proof::of(json!({ "acrs": ["c2"] }).as_object().unwrap(), true, until).after(&first, later);
        assert!(second.has_context("c1", later) && second.has_context("c2", later));
        assert_eq!(second.authenticated_at, first.authenticated_at);
        let past_the_first = NOW.plus(Duration::from_hours(1));
        assert!(!second.has_context("c1", past_the_first) && second.has_context("c2", past_the_first));
        let third = Proof::default().after(&second, past_the_first);
        assert!(!third.has_context("c1", past_the_first), "nothing is prolonged");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let many: Vec<String> = (0..1000).map(|n| format!("c{n}")).collect();
        let proof = proof(json!({ "acrs": many }));
        assert_eq!(proof.clone().after(&proof, NOW).contexts.len(), MOST_CONTEXTS);
    }
}
