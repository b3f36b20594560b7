//! Sessions and marks, on every database that keeps them.

mod contract;
mod crowd;
mod dump;
mod keys;
mod size;
mod sweep;
mod tampering;
