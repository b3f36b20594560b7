//! What the benchmarks share: a signer of ID tokens, and the ratio of two figures of one run.

pub mod ratio;
pub mod signer;
