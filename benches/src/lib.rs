//! What the benchmarks share: an application in its own process, the page that they ask for, connections to it, a signer of ID tokens, CPU time, the
//! middle of several figures, and the ratio of two of one run.

pub mod application;
pub mod connections;
pub mod cpu;
pub mod median;
pub mod page;
pub mod ratio;
pub mod signer;
pub mod store;
