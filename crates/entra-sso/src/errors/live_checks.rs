//! live.…: what is looked at while it runs.

/// A live check's place in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LiveEntry {
    /// The id, such as `live.discovery`.
    pub id: &'static str,
    /// What is looked at.
    pub meaning: &'static str,
    /// What to do when it has failed, unless the line knows more.
    pub remedy: &'static str,
}

/// Every live check, in the order of the report.
#[must_use]
pub fn live_entries() -> Vec<&'static LiveEntry> {
    LiveCheck::ALL.iter().map(|check| check.entry()).collect()
}

/// The enum and its part of the register are made from one list.
macro_rules! live_checks {
    ($($name:ident $id:literal: $meaning:literal, $remedy:literal;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum LiveCheck {
            $(#[doc = $meaning] $name,)+
        }

        impl LiveCheck {
            pub(crate) const ALL: &[LiveCheck] = &[$(LiveCheck::$name,)+];

            pub(crate) fn entry(self) -> &'static LiveEntry {
                match self {
                    $(LiveCheck::$name => {
                        static ENTRY: LiveEntry = LiveEntry { id: $id, meaning: $meaning, remedy: $remedy };
                        &ENTRY
                    })+
                }
            }
        }
    };
}

live_checks! {
    RedirectUri "live.redirect_uri": "The redirect URI to register, when the settings decide it.",
        "Set `public_url`, so that one address is used whatever a request names.";
    PostLogout "live.post_logout": "The address to register that a sign-out comes back to, when the settings decide it.",
        "Set `public_url`, so that one address is used whatever a request names.";
    FrontChannelLogout "live.front_channel_logout": "The address to register that is called, in a frame, when a user signs out there, when the settings decide it.",
        "Set `public_url`, so that one address is used whatever a request names.";
    BackChannelLogout "live.back_channel_logout": "The address to register where a provider tells of a sign-out, when the settings decide it.",
        "Set `public_url`, so that one address is used whatever a request names.";
    Discovery "live.discovery": "The metadata can be fetched, and it is what this authority has to publish.",
        "Check that this machine reaches the authority on port 443, also through the proxy; check tenant, cloud and host.";
    Keys "live.keys": "The signing keys can be fetched, and some of them are usable.",
        "Check that this machine reaches the authority on port 443, also through the proxy, and what answers at the key address.";
    Clock "live.clock": "The authority's clock (the header `Date`) and this machine's differ by less than `clock_skew`.",
        "Set this machine's clock, best by NTP.";
    Credential "live.credential": "The token endpoint takes the credential, tried with `client_credentials` where one organisation is the authority.",
        "Check the credential and the registration; the AADSTS number says which of the two.";
    CredentialExpiry "live.credential_expiry": "The credential does not expire within 30 days.",
        "Register a new secret or certificate now and change over to it; a list `credential` holds both for a while.";
    Users "live.users": "The user store answers.",
        "Check the store's address, and its log.";
    Sessions "live.sessions": "The session store answers.",
        "Check the store's address, and its log.";
    CallbackCache "live.callback_cache": "The store of used sign-ins answers, where it is another one than the sessions'.",
        "Check the address of the store that `callback_cache_name` chooses, and its log.";
    Cookies "live.cookies": "How the session cookie is set.",
        "Serve https and name it in `public_url`.";
    AdminConsent "live.admin_consent": "Where an administrator consents to the application for his whole tenant.",
        "Nothing to do.";
}
