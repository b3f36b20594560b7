//! Sign in with Microsoft beside axum-login.
fn main() {}
