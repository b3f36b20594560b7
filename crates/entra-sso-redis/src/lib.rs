//! Sessions of [`entra_sso`] in Redis.

#![forbid(unsafe_code)]
