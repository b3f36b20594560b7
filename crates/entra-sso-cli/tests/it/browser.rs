//! The demo in a real Chromium: Debian's packages `chromium` and `chromium-driver`, which `scripts/test` installs.

mod accessibility;
mod admin;
mod axe;
mod chromium;
mod cookies;
mod error_pages;
mod history;
mod keyboard;
mod look;
mod media;
mod picker;
mod refusals;
mod requests;
mod screenshots;
mod secure_callback;
mod sign_in;
mod sign_out;
mod sign_out_elsewhere;
mod tabs;
mod tls;
mod user_flows;
