//! The `entra-sso` command.
//!
//! One file for each subcommand; [`command_line`] says what can be typed, [`environment`] is the only reader of the
//! process's environment, and every [`Failure`] is one line on stderr and exit code 2.

#![forbid(unsafe_code)]

mod check;
mod command_line;
#[cfg(feature = "demo")]
mod demo;
mod docs;
#[cfg(feature = "demo")]
mod emulator;
mod environment;
mod failure;
#[cfg(feature = "demo")]
mod listen;
#[cfg(feature = "demo")]
mod local_microsoft;
#[cfg(feature = "demo")]
mod logging;
#[cfg(feature = "demo")]
mod stop;
mod stores;
#[cfg(feature = "demo")]
mod unguessable;
mod users;

use std::process::ExitCode;

use crate::{
    command_line::{Command, CommandLine},
    environment::Environment,
    failure::Failure,
};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(failure) => {
            for line in failure.lines() {
                eprintln!("entra-sso: {line}");
            }
            ExitCode::from(failure::EXIT_CODE)
        }
    }
}

async fn run() -> Result<ExitCode, Failure> {
    let Some(command) = CommandLine::read()? else { return Ok(ExitCode::SUCCESS) };
    let environment = Environment::of_process()?;
    match command {
        Command::Check(arguments) => check::run(&arguments, &environment).await,
        Command::Docs(arguments) => Ok(docs::run(&arguments)),
        Command::Users(arguments) => users::run(&arguments, &environment).await,
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => demo::run(arguments, &environment).await,
        #[cfg(feature = "demo")]
        Command::Emulator(arguments) => emulator::run(arguments, &environment).await,
    }
}
