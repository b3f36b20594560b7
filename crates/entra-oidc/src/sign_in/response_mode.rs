use serde::{Deserialize, Serialize};

/// How the answer comes back (OAuth 2.0 Multiple Response Types section 2.1, OAuth 2.0 Form Post Response Mode).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of a GET. Cookies of `SameSite=Lax` come with it.
    #[default]
    Query,
    /// As the body of a POST from Microsoft's page, so the code is in no address. Only cookies of `SameSite=None` come
    /// with it.
    FormPost,
}

impl ResponseMode {
    /// The value of the parameter.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }

    /// For leaving the default out of what is sealed.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
    pub(super) fn is_query(&self) -> bool {
        *self == Self::Query
    }
}
