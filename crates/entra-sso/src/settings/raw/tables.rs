//! Tables in a list: `[[name]]` in TOML, a JSON list of objects in the environment.

use super::{Problem, Raw, expected, kind_of};

impl Raw {
    /// The tables, at least one. What is wrong is said without the text, which may hold a secret.
    pub(in super::super) fn tables(self) -> Result<Vec<toml::Table>, Problem> {
        let items = match self {
            Raw::Toml(toml::Value::Array(items)) => items,
            Raw::Toml(other) => return Err(expected("a list of tables, each under two brackets", kind_of(&other))),
            Raw::Text(text) if text.trim().is_empty() => return Err(Problem::Empty(super::OR_REMOVE_IT)),
            Raw::Text(text) => serde_json::from_str(&text)
                .map_err(|_| Problem::Invalid("expected a JSON list of objects without null".to_owned()))?,
        };
        if items.is_empty() {
            return Err(Problem::Empty("give it at least one table, or remove it altogether"));
        }
        let table = |item| match item {
            toml::Value::Table(table) => Ok(table),
            other => Err(expected("a list of tables", format!("a list with {}", kind_of(&other)))),
        };
        items.into_iter().map(table).collect()
    }
}
