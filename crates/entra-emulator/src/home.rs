//! The emulator's own first page.

use crate::answer::Answer;
use crate::call::Call;
use crate::pages;

/// `/`: what this is, where its endpoints are, who is in its directory.
pub(crate) fn answer(call: &Call<'_>) -> Answer {
    pages::home(call, &call.service.directory.read())
}
