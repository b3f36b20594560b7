//! Managed identities as a virtual machine (IMDS) and App Service give them out.

mod app_service;
mod exchange;
mod request;
mod token;
mod virtual_machine;

pub(crate) use self::app_service::{answer as app_service, environment};
pub(crate) use self::exchange::audience_name;
pub(crate) use self::virtual_machine::answer as virtual_machine;
