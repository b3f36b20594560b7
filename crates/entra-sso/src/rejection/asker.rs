//! Who asked, for an answer that is made when the request itself is gone.

use std::sync::Arc;

use http::{Request, request::Parts};

use super::audience::Audience;
use crate::{asked::Asked, visit::Visit};

/// The visit of a request, and in which form a guard wants it answered.
#[derive(Clone)]
pub(crate) struct Asker {
    visit: Option<Arc<Visit>>,
    said: Option<Audience>,
}

impl Asker {
    pub(crate) fn of(visit: Arc<Visit>, parts: &Parts) -> Asker {
        Asker { said: parts.extensions.get::<Audience>().copied(), visit: Some(visit) }
    }

    /// Nobody: there is no request, as in an application's tests of its handlers.
    #[cfg(feature = "testing")]
    pub(crate) fn nobody() -> Asker {
        Asker { visit: None, said: None }
    }

    pub(crate) fn visit(&self) -> Option<&Arc<Visit>> {
        self.visit.as_ref()
    }

    /// As if it were the request.
    pub(crate) fn parts(&self) -> Parts {
        let asked = self.visit.as_ref().and_then(|visit| visit.asked());
        let mut parts = asked.map_or_else(|| Request::new(()).into_parts().0, Asked::parts);
        if let Some(said) = self.said {
            parts.extensions.insert(said);
        }
        if let Some(visit) = &self.visit {
            parts.extensions.insert(visit.clone());
        }
        parts
    }
}
