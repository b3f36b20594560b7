//! The examples, run against a local Microsoft: see `tests/it`.
