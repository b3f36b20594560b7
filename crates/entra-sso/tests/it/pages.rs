//! What users read, through whole requests.

mod denied;
mod hostile;
mod told;
