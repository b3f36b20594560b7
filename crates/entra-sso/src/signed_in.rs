//! signed_in
