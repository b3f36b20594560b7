//! Integration tests of `local-servers`.

mod postgres;
