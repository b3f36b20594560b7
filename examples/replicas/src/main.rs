//! Several processes of one application.

#![forbid(unsafe_code)]

fn main() {}
