#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

#[cfg(feature = "admin")]
mod admin;
mod admission;
mod asked;
mod audit;
mod authentication_backend;
mod budget;
mod builder;
mod callback_url;
mod catalogue;
pub mod checks;
mod context;
mod cookies;
mod csrf;
mod entra_sso;
pub mod errors;
pub mod hooks;
mod in_flight;
mod journey;
mod layer;
mod line_budget;
mod message;
mod messages;
pub mod metrics;
mod next_url;
mod owner;
mod pages;
mod paths;
mod peer;
mod pending;
mod people;
mod profile;
mod provider;
mod refreshes;
mod refusal;
mod rejection;
mod request_span;
pub mod require;
mod roles;
mod routes;
mod sealing;
pub mod session;
mod set_back;
pub mod settings;
mod sign_in;
mod signed_in;
mod site;
mod standing;
mod step_up;
mod store_error;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tokens;
pub mod users;
mod visit;

pub use entra_oidc as oidc;

/// The code of `docs/roles-and-guards.md` compiles.
#[cfg(all(doctest, feature = "testing"))]
#[doc = include_str!("../../../docs/roles-and-guards.md")]
mod roles_and_guards {}

pub use self::{
    authentication_backend::AuthenticationBackend,
    builder::EntraSsoBuilder,
    catalogue::Catalogue,
    entra_sso::EntraSso,
    errors::SsoError,
    hooks::{HookError, Login, SignInHooks, SigningIn},
    layer::{SsoLayer, SsoService},
    message::{Level, Message},
    messages::Messages,
    pages::PagePolicy,
    rejection::Rejection,
    roles::Roles,
    settings::Settings,
    signed_in::{SessionFacts, SignedIn},
    step_up::StepUp,
    store_error::{StoreError, StoreErrorKind},
};

/// The Rust in the page about users compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/users.md")]
mod page_about_users {}

/// The Rust in the page about pages compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/pages.md")]
mod page_about_pages {}

/// The Rust in the page about operations compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/operations.md")]
mod page_about_operations {}
