//! The same promises on PostgreSQL.

mod contract;
mod loss;
mod open;
