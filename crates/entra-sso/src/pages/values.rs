//! What the templates show.

use serde::Serialize;

use crate::message::Message;

/// One way to sign in.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Button {
    pub(crate) href: String,
    pub(crate) text: String,
    pub(crate) microsoft: bool,
    /// The name in `[[provider]]`; Microsoft has none.
    pub(crate) provider: Option<String>,
}

/// The login page: messages and the buttons.
#[derive(Serialize)]
pub(crate) struct LoginPage<'a> {
    pub(crate) messages: &'a [Message],
    pub(crate) buttons: Vec<Button>,
    pub(crate) other_account: String,
    /// Where a forgotten password leads, if anywhere.
    pub(crate) forgotten: Option<String>,
}

/// The page of an error that someone has to do something about.
#[derive(Serialize)]
pub(crate) struct ErrorPage<'a> {
    pub(crate) status: u16,
    pub(crate) heading: String,
    pub(crate) explanation: String,
    pub(crate) who: Option<String>,
    pub(crate) again: Option<String>,
    pub(crate) consent: Option<String>,
    pub(crate) home: &'a str,
    pub(crate) reference: &'a str,
    /// Microsoft's own, such as `AADSTS50105`.
    pub(crate) number: Option<String>,
}

/// The question behind a GET of the sign-out address.
#[derive(Serialize)]
pub(crate) struct SignOutPage<'a> {
    pub(crate) name: Option<String>,
    /// How many other sessions the user has, when he has any: `3`, or `20+`.
    pub(crate) others: Option<String>,
    pub(crate) action: String,
    pub(crate) home: &'a str,
}
