//! What is bound to a statement; nothing is ever written into its text.

use std::borrow::Cow;

/// One value.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    Text(Option<Cow<'a, str>>),
    Number(Option<i64>),
    Flag(Option<bool>),
    Bytes(Option<&'a [u8]>),
}

impl<'a> Value<'a> {
    /// Text for showing. PostgreSQL's text has no NUL character: it is left out, in every database.
    pub(crate) fn text(text: &'a str) -> Self {
        Self::Text(Some(without_nul(Cow::Borrowed(text))))
    }

    /// Text for showing, or none.
    pub(crate) fn optional(text: Option<&'a str>) -> Self {
        text.map_or(Self::Text(None), Self::text)
    }

    /// Text that was made for the statement.
    pub(crate) fn owned(text: String) -> Self {
        Self::Text(Some(without_nul(Cow::Owned(text))))
    }

    /// Text that is what it is: with a NUL character it is no text of any row.
    pub(crate) fn exact(text: &'a str) -> Self {
        Self::Text((!text.contains('\0')).then_some(Cow::Borrowed(text)))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Some(bytes))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(Some(flag))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

impl From<Option<bool>> for Value<'_> {
    fn from(flag: Option<bool>) -> Self {
        Self::Flag(flag)
    }
}

fn without_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { text }
}
