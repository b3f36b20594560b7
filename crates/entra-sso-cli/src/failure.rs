//! Why a command ends: one line for each problem, which names the setting or the flag, and the cure.

use std::fmt;

use entra_sso::errors::SsoError;

/// The exit code of everything that the caller can put right.
pub(crate) const EXIT_CODE: u8 = 2;

/// Lines for stderr, nearly always one. Control characters are gone, so that each stays one line whatever it quotes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure(Vec<String>);

impl Failure {
    pub(crate) fn new(line: impl fmt::Display) -> Failure {
        Failure(vec![one_line(&line)])
    }

    /// One line for each problem, and never none.
    pub(crate) fn lines(&self) -> &[String] {
        &self.0
    }
}

impl From<SsoError> for Failure {
    fn from(error: SsoError) -> Failure {
        let problems: Vec<String> =
            error.findings().iter().filter(|finding| finding.is_error()).map(one_line).collect();
        if problems.is_empty() { Failure::new(error) } else { Failure(problems) }
    }
}

fn one_line(text: &impl fmt::Display) -> String {
    let text = text.to_string();
    text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn a_failure_is_one_line() {
        let failure = Failure::new("first\n  second\r\n\tthird\u{7}");
        assert_eq!(failure.lines(), ["first second third"]);
    }
}
