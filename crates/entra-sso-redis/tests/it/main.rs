//! The store in Redis, against a Redis of this process.
