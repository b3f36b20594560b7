//! The real command, run as a process with an environment of its own; `browser` drives it with a real Chromium.

mod browser;
mod check;
mod command_line;
mod demo;
mod docs;
mod emulator;
mod plain_client;
mod process;
mod stores;
mod users;
