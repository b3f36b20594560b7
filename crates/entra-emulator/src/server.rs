//! Listening, and what happens to every request before and after its endpoint.

mod listen;
mod observe;
mod wire;

pub(crate) use self::listen::{Listening, listen};
