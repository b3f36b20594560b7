//! Refusals with Microsoft's numbers, and how they are told.

mod refusal;
mod table;
mod trace;

pub(crate) use self::refusal::{Family, Refusal};
pub(crate) use self::trace::{Trace, error_uri};
