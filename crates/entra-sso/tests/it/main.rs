//! Integration tests of `entra-sso`.
//!
//! `app` starts an application and its Microsoft; the other files are named after what they ask of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod admin;
mod app;
mod authorities;
mod back_channel_logout;
mod callback;
mod checks;
mod coming_from_django;
mod documents;
mod doors;
mod exhaustion;
mod faults;
mod floors;
mod front_channel_logout;
mod identity;
mod instances;
mod openid_provider;
mod pages;
mod providers;
mod require;
mod secrets;
mod secure_callback;
mod session;
mod sessions_in_requests;
mod settings;
mod sign_in;
mod sign_out;
mod sites;
mod stores;
mod tabs;
mod threat_model;
mod tokens;
mod told;
mod user_flows;
mod users;
