//! The refreshes that run now, in this process: which token of a session is wanted, and what its one call brings.

pub(crate) mod access_token;
pub(crate) mod failure;
pub(crate) mod wanted;

use self::{access_token::AccessToken, failure::Failure, wanted::Wanted};
use crate::in_flight::InFlight;

/// One call for each session at a time; everybody who waits for it gets a copy of its outcome.
pub(crate) type Refreshes = InFlight<Wanted, Result<AccessToken, Failure>>;
