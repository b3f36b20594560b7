//! Several processes of one application, their stores, and what goes wrong with them.
//!
//! Every test starts real processes of the example, with a local Microsoft whose refresh tokens are good for one use. Figures
//! are printed in lines that begin with `figure: `.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bad_network;
mod cluster;
mod journey;
mod load;
mod process;
mod refresh;
mod rolling;
mod secure_callback;
mod sign_out;
mod start;
mod stop;
mod stopwatch;
mod store_killed;
