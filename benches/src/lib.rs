//! What the benchmarks share: a signer of ID tokens, CPU time, and the ratio of two figures of one run.

pub mod cpu;
pub mod ratio;
pub mod signer;
