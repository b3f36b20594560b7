//! The texts of the admin, in the language of the request.

use std::sync::Arc;

use minijinja::{Error, ErrorKind, Value, value::Kwargs};

use crate::catalogue::Catalogue;

/// The catalogue of the request; names of the admin's own texts begin with `admin_`.
pub(super) struct Texts(Arc<Catalogue>);

impl Texts {
    pub(super) fn of(catalogue: &Arc<Catalogue>) -> Texts {
        Texts(catalogue.clone())
    }

    /// The text `admin_{name}`; each `{value}` in it is replaced.
    pub(super) fn say(&self, name: &str, values: &[(&str, &str)]) -> String {
        self.0.text(&format!("admin_{name}"), values)
    }

    pub(super) fn catalogue(&self) -> &Catalogue {
        &self.0
    }

    /// For templates: `{{ text("admin_total", count=3) }}`.
    pub(super) fn function(&self) -> Value {
        let catalogue = self.0.clone();
        Value::from_function(move |name: &str, values: Kwargs| -> Result<String, Error> {
            let mut given = Vec::new();
            for argument in values.args() {
                given.push((argument, values.get::<Value>(argument)?.to_string()));
            }
            let given: Vec<(&str, &str)> = given.iter().map(|(argument, value)| (*argument, value.as_str())).collect();
            let unknown = || Error::new(ErrorKind::InvalidOperation, format!("there is no text {name:?}"));
            catalogue.find(name, &given).ok_or_else(unknown)
        })
    }
}
