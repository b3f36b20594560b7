//! require
