//! A request at the token endpoint, and who its client says it is.

use crate::aadsts::Refusal;
use crate::authority::Segment;
use crate::call::Call;
use crate::directory::{App, Directory};
use crate::endpoint::Endpoint;
use crate::jws::Jws;
use crate::place::Place;

/// Clocks may differ by so much, in seconds.
const SKEW: i64 = 300;

/// A client that has not proved itself yet.
pub(super) struct Claimed<'a> {
    pub(super) call: &'a Call<'a>,
    pub(super) directory: &'a Directory,
    pub(super) segment: &'a Segment,
    pub(super) app: &'a App,
}

impl Claimed<'_> {
    /// Whether a URL is a token endpoint of the tenant that is asked, v2 or v1.
    pub(super) fn is_own_endpoint(&self, text: &str) -> bool {
        let Ok(url) = url::Url::parse(text) else { return false };
        let origin = url.origin().ascii_serialization();
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        if self.call.service.hosts.base(host).is_none_or(|base| base != origin) {
            return false;
        }
        let segments: Vec<&str> = url.path().trim_matches('/').split('/').collect();
        let Some((endpoint, place)) = Place::of(&segments, None) else { return false };
        endpoint == Endpoint::Token
            && Segment::resolve(self.directory, self.call.service.cloud, &place)
                .is_some_and(|segment| segment == *self.segment)
    }

    /// An assertion's `exp` must lie ahead and `nbf` behind, as far as clocks agree.
    pub(super) fn is_in_time(&self, jws: &Jws<'_>) -> Result<(), Refusal> {
        let now = self.call.now();
        let time = |name| jws.time(name).map_err(|()| Refusal::of(50027).about(name));
        let expires = time("exp")?.ok_or_else(|| Refusal::of(700_024).about("exp"))?;
        if now >= expires.saturating_add(SKEW) {
            return Err(Refusal::of(700_024).about("exp"));
        }
        for name in ["nbf", "iat"] {
            if time(name)?.is_some_and(|start| start > now.saturating_add(SKEW)) {
                return Err(Refusal::of(700_024).about(name));
            }
        }
        Ok(())
    }
}
