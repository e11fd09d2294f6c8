//! `config --variables`: what a project asks of its environment.

use std::collections::BTreeMap;
use std::fmt::Write;

use composeyard_compose::Loaded;
use composeyard_compose::load::{Use, uses};
use serde::Serialize;
use serde_json::ser::PrettyFormatter;

use super::Format;

/// A variable, its keys as the reference spells them.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Told<'a> {
    name: &'a str,
    default_value: &'a str,
    presence_value: &'a str,
    required: bool,
}

impl<'a> From<&'a Use> for Told<'a> {
    fn from(used: &'a Use) -> Self {
        Self {
            name: &used.name,
            default_value: &used.default,
            presence_value: &used.presence,
            required: used.required,
        }
    }
}

/// The variables by name: a table, or what a program reads.
pub(super) fn print(loaded: &Loaded, format: Option<Format>) -> String {
    let uses = uses(loaded);
    let told: BTreeMap<&str, Told<'_>> =
        uses.iter().map(|(name, used)| (name.as_str(), used.into())).collect();
    match format {
        None => table(told.values()),
        Some(Format::Json) => json(&told),
        Some(Format::Yaml) => yaml(&told),
    }
}

/// Columns of 20 characters at least, three blanks between them.
fn table<'a>(told: impl Iterator<Item = &'a Told<'a>>) -> String {
    let mut rows = vec![["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"].map(str::to_owned)];
    rows.extend(told.map(|variable| {
        let required = variable.required.to_string();
        [
            variable.name.to_owned(),
            required,
            variable.default_value.to_owned(),
            variable.presence_value.to_owned(),
        ]
    }));
    let width = |column: usize| {
        let longest = rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        (longest + 3).max(20)
    };
    let [name, required, default] = [width(0), width(1), width(2)];
    rows.iter().map(|[a, b, c, d]| format!("{a:name$}{b:required$}{c:default$}{d}\n")).collect()
}

fn json(told: &BTreeMap<&str, Told<'_>>) -> String {
    let mut out = Vec::new();
    let formatter = PrettyFormatter::with_indent(b"    ");
    // Writing texts and flags to memory has no way to fail.
    let _ = told.serialize(&mut serde_json::Serializer::with_formatter(&mut out, formatter));
    String::from_utf8(out).unwrap_or_default()
}

/// Its texts as JSON, which YAML reads too.
fn yaml(told: &BTreeMap<&str, Told<'_>>) -> String {
    let mut out = String::new();
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    for (name, variable) in told {
        // Writing to a String does not fail.
        let _ = write!(
            out,
            "{name}:\n    name: {name}\n    defaultvalue: {}\n    presencevalue: {}\n    required: {}\n",
            quoted(variable.default_value),
            quoted(variable.presence_value),
            variable.required
        );
    }
    out
}
