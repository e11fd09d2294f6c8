//! The variables of a project as a form: which `${…}` its files use, what they default to, what `.env` says.

mod example;
mod secret;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use composeyard_yaml::Kind;

pub use self::{
    secret::{SECRET_BYTES, is_secret, secret_text},
    write::{remove, set},
};
use crate::{ProjectFiles, load};

/// The file that values are written to. Compose specification, 12-interpolation.
pub const FILE: &str = ".env";
/// The file that says what the variables are for.
pub const EXAMPLE: &str = ".env.example";

/// One variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// `HTTP_PORT`
    pub name: String,
    /// What the files fall back on; none when they name nothing.
    pub default: Option<String>,
    /// True when some file refuses to load without it (`${NAME:?…}`).
    pub required: bool,
    /// True when its name says that it is a password, a token or a key.
    pub secret: bool,
    /// The comment above it in `.env.example`; may be empty.
    pub about: String,
    /// What `.env` says.
    pub value: Option<String>,
}

impl Setting {
    /// True when the project does not load before this has a value.
    pub fn is_missing(&self) -> bool {
        self.required && self.value.as_deref().unwrap_or_default().is_empty()
    }
}

/// What `.env` says.
pub fn values(files: &ProjectFiles) -> BTreeMap<String, String> {
    load::dotenv_values(files.get(FILE).unwrap_or_default())
}

/// The variables that the compose files `used` name, in the order of `.env.example`, then of the files.
pub fn settings(files: &ProjectFiles, used: &[String]) -> Vec<Setting> {
    let values = values(files);
    let example = example::entries(files.get(EXAMPLE).unwrap_or_default());
    let mut found: Vec<Setting> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    let used: BTreeSet<&String> = used.iter().collect();
    for text in used.into_iter().filter_map(|path| files.get(path)) {
        for mention in mentions(text) {
            let index = *at.entry(mention.name.clone()).or_insert_with(|| {
                found.push(Setting { name: mention.name.clone(), ..Setting::default() });
                found.len() - 1
            });
            let setting = &mut found[index];
            setting.required |= mention.required;
            setting.default = setting.default.take().or(mention.default);
        }
    }
    for setting in &mut found {
        setting.secret = is_secret(&setting.name);
        setting.value = values.get(&setting.name).cloned();
        if let Some(entry) = example.iter().find(|entry| entry.name == setting.name) {
            setting.about.clone_from(&entry.about);
        }
    }
    let place = |name: &str| example.iter().position(|entry| entry.name == name).unwrap_or(usize::MAX);
    found.sort_by_key(|setting| place(&setting.name));
    found
}

/// A variable where it is used.
struct Mention {
    name: String,
    default: Option<String>,
    required: bool,
}

/// Every variable in a file's values; comments and keys do not count.
fn mentions(text: &str) -> Vec<Mention> {
    let (documents, _) = composeyard_yaml::parse(text);
    let mut mentions = Vec::new();
    for (_, node) in documents.iter().flat_map(composeyard_yaml::Document::nodes) {
        let Kind::Scalar(value) = &node.kind else { continue };
        for variable in load::template_variables(value) {
            // A default that is made of variables is nothing to show as one value.
            let default = variable.operator.ends_with('-') && !variable.argument.contains('$');
            mentions.push(Mention {
                name: variable.name.to_owned(),
                default: default.then(|| variable.argument.to_owned()),
                required: variable.operator.ends_with('?'),
            });
        }
    }
    mentions
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPOSE: &str = r#"
services:
  # ${COMMENT:-not a variable}
  app:
    image: app:${TAG:-1.0}
    ports: ["${PORT:-80}:80"]
    environment:
      URL: http://u:${DB_PASSWORD:?set it}@db/${DB:-${TAG}}
      COSTS: $$5
"#;
    const EXAMPLE_TEXT: &str = "# Copy to .env\n\n# The port.\nPORT=80\n\n# Any text.\n#DB_PASSWORD=\n";

    fn found(env: &str) -> Vec<Setting> {
        let files = [("compose.yaml", COMPOSE), (EXAMPLE, EXAMPLE_TEXT), (FILE, env)];
        let files = ProjectFiles(files.map(|(path, text)| (path.to_owned(), text.to_owned())).into());
        settings(&files, &["compose.yaml".to_owned()])
    }

    #[test]
    fn every_variable_of_a_value_is_a_setting_in_the_order_of_the_example() {
        let names: Vec<String> = found("").into_iter().map(|setting| setting.name).collect();
        assert_eq!(names, ["PORT", "DB_PASSWORD", "TAG", "DB"]);
    }

    #[test]
    fn a_setting_knows_its_default_its_value_and_what_it_is_for() {
        let settings = found("PORT=8080\n");
        let port = &settings[0];
        assert_eq!(
            (port.default.as_deref(), port.value.as_deref(), port.about.as_str()),
            (Some("80"), Some("8080"), "The port.")
        );
        assert_eq!(settings[3].default, None, "{settings:?}");
    }

    #[test]
    fn a_required_secret_is_missing_until_it_has_a_value() {
        let missing = |env: &str| found(env).iter().filter(|it| it.is_missing()).count();
        assert!(found("")[1].secret);
        assert_eq!((missing(""), missing("DB_PASSWORD=\n"), missing("DB_PASSWORD=x\n")), (1, 1, 0));
    }
}
