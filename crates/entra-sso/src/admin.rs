//! Pages on which staff look after users: [`EntraSso::admin`] (feature `admin`).
//!
//! | path | method | what | who |
//! |---|---|---|---|
//! | `/` | GET | list and search | staff |
//! | `/users/{id}/` | GET | one user: account, permissions, sessions | staff |
//! | `/users/{id}/picture` | GET | the picture | staff |
//! | `/users/{id}/end_session`, `/end_sessions` | GET, POST | ends one session, or all | staff; of a superuser: superusers |
//! | `/users/{id}/activate`, `/deactivate`, `/give_staff`, `/take_staff`, `/give_superuser`, `/take_superuser`, `/delete` | GET, POST | asks; does it | superusers |
//! | `/prepare/` | GET, POST | the form; a user who has not come yet | superusers |
//! | `/findings/` | GET, POST | what the checks found; looks again | staff |
//!
//! 1. Who asks is read from the user store for each request: a session's own copy decides nothing here.
//! 2. A GET changes nothing. A POST comes from our own origin, and ends in a 303 with a message.
//! 3. The last active superuser stays one; the store decides that in one step.
//! 4. Each change, and each refused one, is an audit event with ids only.

mod action;
mod change;
mod desk;
mod findings;
mod form;
mod list;
mod moment;
mod pages;
mod permission;
mod permit;
mod picture;
mod place;
mod prepare;
mod texts;
mod user;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{MethodRouter, get},
};

use self::pages::AdminPages;
use crate::entra_sso::EntraSso;

/// None of the forms is larger.
const LARGEST_BODY: usize = 16 * 1024;

/// What each request to the admin finds.
struct Admin {
    sso: EntraSso,
    pages: AdminPages,
    /// Where the router stands in the one that it is merged into.
    path: String,
}

impl EntraSso {
    /// Pages on which staff look after users, at `path`; merge them into any router, beside [`EntraSso::routes`].
    ///
    /// Staff may look at everything, and end sessions of users who are no superusers. Superusers may do the rest:
    /// activate, give permissions, prepare, delete. Everybody else is refused, and who is not signed in is sent to sign in.
    ///
    /// `path` lies outside the setting `prefix`, or else nobody is led back to it after a sign-in. In a nested router the
    /// links follow the path that the browser sees. With `enabled = false` there are no pages.
    ///
    /// The store of users has to be one that can be looked through:
    /// [`EntraSsoBuilder::managed_users`](crate::EntraSsoBuilder::managed_users).
    ///
    /// ```
    /// # use axum::Router;
    /// # fn application(sso: &entra_sso::EntraSso) -> Router {
    /// Router::new().merge(sso.routes()).merge(sso.admin("/admin")).layer(sso.layer())
    /// # }
    /// ```
    ///
    /// # Panics
    /// When `path` is not empty and does not begin with `/`, or has a `{` in it.
    pub fn admin<S: Clone + Send + Sync + 'static>(&self, path: &str) -> Router<S> {
        if !self.settings().enabled {
            return Router::new();
        }
        let path = path.trim_end_matches('/');
        let is_path = path.is_empty() || path.starts_with('/');
        assert!(is_path && !path.contains(['{', '*']), "expected a path such as \"/admin\", got {path:?}");
        let admin = Admin { sso: self.clone(), pages: AdminPages::new(), path: path.to_owned() };
        router(Arc::new(admin))
    }
}

fn router<S: Clone + Send + Sync + 'static>(admin: Arc<Admin>) -> Router<S> {
    let mut router = Router::new();
    for (door, methods) in doors() {
        let path = format!("{}{door}", admin.path);
        router = router.route(&format!("{path}/"), methods.clone());
        if !path.is_empty() {
            router = router.route(&path, methods);
        }
    }
    router.layer(DefaultBodyLimit::max(LARGEST_BODY)).layer(admin.sso.layer()).with_state(admin)
}

fn doors() -> [(&'static str, MethodRouter<Arc<Admin>>); 6] {
    [
        ("", get(list::show)),
        ("/users/{id}", get(user::show)),
        ("/users/{id}/picture", get(picture::show)),
        ("/users/{id}/{action}", get(change::ask).post(change::carry_out)),
        ("/prepare", get(prepare::show).post(prepare::prepare)),
        ("/findings", get(findings::show).post(findings::look)),
    ]
}
