//! Users in SQLite.

mod meta;
mod open;
mod queries;
mod row;
mod users;

pub use self::{
    open::{OpenError, OpenErrorKind},
    users::SqliteUsers,
};
