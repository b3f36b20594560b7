//! next_url
