use crate::in_flight::InFlight;

use super::{access_token::AccessToken, failure::Failure, wanted::Wanted};

/// The refreshes that run now, in this process.
pub(crate) type Refreshes = InFlight<Wanted, Result<AccessToken, Failure>>;
