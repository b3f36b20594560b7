//! Listening, and what happens to every request before and after its endpoint.

#[cfg(feature = "https")]
mod certificate;
mod listen;
mod observe;
#[cfg(feature = "https")]
mod tls;
mod wire;

#[cfg(feature = "https")]
pub(crate) use self::certificate::ServerCertificate;
pub(crate) use self::listen::{Listening, Transport, listen};
