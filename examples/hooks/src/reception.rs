//! The hooks.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::header::COOKIE;
use entra_sso::{
    HookError, Login, SignInHooks, SigningIn,
    hooks::SignInFailure,
    oidc::GraphCall,
    users::{User, UserId},
};

/// Looks at everybody who signs in. Cloning it shares what it remembers.
#[derive(Clone, Debug, Default)]
pub struct Reception {
    birth_dates: Arc<Mutex<HashMap<UserId, String>>>,
}

impl Reception {
    /// A reception that remembers nobody yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// `1988-04-01`, when this user has come in since the application was started.
    #[must_use]
    pub fn birth_date(&self, user: &UserId) -> Option<String> {
        self.birth_dates.lock().unwrap_or_else(PoisonError::into_inner).get(user).cloned()
    }

    fn remember(&self, user: &UserId, birth_date: &str) {
        let mut birth_dates = self.birth_dates.lock().unwrap_or_else(PoisonError::into_inner);
        birth_dates.insert(user.clone(), birth_date.to_owned());
    }
}

impl SignInHooks for Reception {
    async fn pre_login(&self, user: &mut User, signing_in: &SigningIn<'_>) -> Result<Login, HookError> {
        if !has_read_the_rules(signing_in) {
            return Ok(Login::Redirect("/welcome".to_owned()));
        }
        let graph = signing_in.graph().ok_or("this authority has no Microsoft Graph")?;
        let token = signing_in.tokens().access_token().ok_or("Microsoft sent no access token")?;
        let call = GraphCall::get("me").select(["givenName", "surname", "mail", "birthday"]);
        let me = graph.call(token, &call).await?.json()?;
        // Graph sends null for what it does not know, and sometimes nothing at all.
        let text = |name: &str| me.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty());

        let Some(birth_date) = text("birthday").and_then(|moment| moment.get(..10)) else {
            return Err(HookError::denied("Your profile has no date of birth. Ask the personnel office to add it."));
        };
        if let Some(name) = text("givenName") {
            name.clone_into(&mut user.first_name);
        }
        if let Some(name) = text("surname") {
            name.clone_into(&mut user.last_name);
        }
        if let Some(mail) = text("mail") {
            user.email = Some(mail.to_lowercase());
        }
        self.remember(&user.id, birth_date);
        Ok(Login::Continue)
    }

    async fn failed(&self, failure: &SignInFailure) {
        println!("reception: somebody was turned away, {}", failure.reference);
    }
}

/// The hook sees the request that brought Microsoft's answer, with the browser's cookies for this site.
fn has_read_the_rules(signing_in: &SigningIn<'_>) -> bool {
    let cookies = signing_in.request().headers.get_all(COOKIE);
    let mut cookies = cookies.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split("; "));
    cookies.any(|cookie| cookie == "rules=read")
}
