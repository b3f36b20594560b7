//! What the benchmarks share: an application in its own process, connections to it, a signer of ID tokens, CPU time, and the
//! ratio of two figures of one run.

pub mod application;
pub mod connections;
pub mod cpu;
pub mod ratio;
pub mod signer;
pub mod store;
