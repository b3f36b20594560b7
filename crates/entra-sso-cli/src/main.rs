//! The `entra-sso` command.
fn main() {}
