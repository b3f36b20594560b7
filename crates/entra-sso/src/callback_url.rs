//! callback_url
