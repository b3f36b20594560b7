//! The same promises on PostgreSQL.

mod contract;
mod open;
