//! Several processes of one application, their stores, and what goes wrong with them.
//!
//! Every test starts real processes of the example, with a local Microsoft whose refresh tokens are good for one use. Figures
//! are printed in lines that begin with `figure: `.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cluster;
mod journey;
mod load;
mod process;
mod secure_callback;
mod stopwatch;
