//! What an application tells of what happens in it: log lines, spans, audit events, metrics (F-81), and of all that no secret.
//!
//! `notes` hears everything, `wire` sees what goes to Microsoft and comes back, `tour` goes once through everything.

mod audit;
mod canaries;
mod flood;
mod listener;
mod metrics;
mod notes;
mod requests;
mod tour;
mod wire;

pub(crate) use self::notes::{Log, listen_on_every_thread};
