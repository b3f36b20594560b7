//! Sessions and marks, on every database that keeps them.

mod contract;
