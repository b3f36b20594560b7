//! Microsoft's and other people's clients, unmodified, over https. They come from their registries in the versions that
//! `foreign_clients/requirements.txt` and `package-lock.json` pin; a test whose client cannot be had fails.

mod azure_identity;
mod installation;
mod msal_node;
mod msal_python;
mod social_auth;
mod stage;
