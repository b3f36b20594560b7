//! The emulator from outside: through its `Browser`, and as raw HTTP.

mod admin;
mod authorize;
mod b2c;
mod browser;
mod clouds;
mod directory;
mod discovery;
mod emulator;
mod external_id;
mod faults;
mod flow;
mod foreign_clients;
mod graph;
mod https;
mod journal;
mod keys;
mod logout;
mod pages;
mod personal;
mod signer;
mod stand;
mod token;
mod v1;
