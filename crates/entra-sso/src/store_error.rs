//! store_error
