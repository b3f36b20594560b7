mod authority;
mod b2c;
mod external_id;
mod identifier;
mod key_cache;
mod published;
pub(crate) mod recorded;
mod v1;
