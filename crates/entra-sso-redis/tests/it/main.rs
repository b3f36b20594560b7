//! Integration tests of `entra-sso-redis`, on a Redis of their own.

mod application;
mod contract;
mod expiry;
mod failover;
mod hostile;
mod keys;
mod loss;
mod made;
mod opening;
mod raw;
mod refusals;
mod round_trips;
mod sealed;
mod secrets;
mod size;
