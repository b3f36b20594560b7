//! `entra-sso docs`: the reference pages that the code prints.

use std::process::ExitCode;

use crate::command_line::{DocsArguments, DocsPage};

pub(crate) fn run(arguments: &DocsArguments) -> ExitCode {
    let page = match arguments.page {
        DocsPage::Settings => entra_sso::settings::markdown(),
        DocsPage::Errors => entra_sso::errors::markdown(),
        DocsPage::Metrics => entra_sso::metrics::markdown(),
    };
    print!("{page}");
    ExitCode::SUCCESS
}
