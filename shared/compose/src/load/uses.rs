//! The variables that a project uses, and what it says of each. Compose specification, 12-interpolation.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Loaded,
    template::{Variable, variables},
    tree::{Data, Value},
};

/// A variable as a project uses it. When it is used several times, what the last use says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Use {
    /// Its name.
    pub name: String,
    /// What takes its place when it is not set, as written: `${NAME:-default}`.
    pub default: String,
    /// What takes its place when it is set, as written: `${NAME:+presence}`.
    pub presence: String,
    /// The load fails without it: `${NAME:?}`.
    pub required: bool,
}

/// The variables of a project that was loaded with [`super::LoadRequest::no_interpolate`], by name.
pub fn uses(loaded: &Loaded) -> BTreeMap<String, Use> {
    let mut found = BTreeMap::new();
    if let Some(model) = &loaded.origins.model {
        collect(model, &mut found);
    }
    found
}

pub(super) fn collect(value: &Value, found: &mut BTreeMap<String, Use>) {
    match &value.data {
        Data::Text(text) => {
            for variable in variables(text) {
                found.insert(variable.name.to_owned(), Use::of(variable));
            }
        }
        Data::List(list) => list.iter().for_each(|item| collect(item, found)),
        Data::Map(map) => map.values().for_each(|value| collect(value, found)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Huge(_) | Data::Float(_) => {}
    }
}

impl Use {
    fn of(variable: Variable<'_>) -> Self {
        let operator = variable.operator.trim_start_matches(':');
        let argument = |of: &str| if operator == of { variable.argument.to_owned() } else { String::new() };
        Self {
            name: variable.name.to_owned(),
            default: argument("-"),
            presence: argument("+"),
            required: operator == "?",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::uses;
    use crate::{LoadRequest, ProjectFiles, load};

    #[test]
    fn defaults_are_told_as_written_with_the_variables_in_them() {
        let text =
            "services: {a: {image: \"a:${TAG:-$LATEST}\", user: \"${USER:?who}\", tty: \"${TTY+true}\"}}";
        let files = ProjectFiles([("compose.yaml".to_owned(), text.to_owned())].into());
        let request = LoadRequest { no_interpolate: true, ..LoadRequest::default() };
        let told: Vec<String> = uses(&load(&files, &request))
            .into_values()
            .map(|it| format!("{} [{}] [{}] {}", it.name, it.default, it.presence, it.required))
            .collect();
        assert_eq!(
            told,
            ["LATEST [] [] false", "TAG [$LATEST] [] false", "TTY [] [true] false", "USER [] [] true"]
        );
    }
}
