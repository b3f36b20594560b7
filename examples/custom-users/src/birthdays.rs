//! What only the club wants to know.

use entra_sso::{
    SignInHooks, SigningIn,
    oidc::{Graph, GraphCall, TokenSet},
    users::User,
};

use super::Members;

/// Asks Graph when a member was born, and writes it into the club's table.
///
/// It does so when the member is signed in already: a club whose Graph is away for a minute still opens its door.
#[derive(Clone, Debug)]
pub struct Birthdays {
    members: Members,
}

impl Birthdays {
    /// For these members.
    #[must_use]
    pub fn of(members: &Members) -> Self {
        Self { members: members.clone() }
    }
}

impl SignInHooks for Birthdays {
    async fn signed_in(&self, user: &User, signing_in: &SigningIn<'_>) {
        let Some(graph) = signing_in.graph() else { return };
        if let Some(date) = birthday(graph, signing_in.tokens()).await
            && let Err(error) = self.members.set_birthday(&user.id, &date).await
        {
            eprintln!("the birthday of member {} was not written down: {error}", user.id);
        }
    }
}

/// `1988-04-01` of Graph's `1988-04-01T00:00:00Z`; a year below 1800 is how Graph says that it does not know.
async fn birthday(graph: &Graph, tokens: &TokenSet) -> Option<String> {
    let me = graph.call(tokens.access_token()?, &GraphCall::get("me").select(["birthday"])).await.ok()?;
    let moment = me.json().ok()?.remove("birthday")?;
    let date = moment.as_str()?.get(..10)?;
    let year: u16 = date.get(..4)?.parse().ok()?;
    (year >= 1800).then(|| date.to_owned())
}
