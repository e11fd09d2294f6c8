//! Template projects: what their card says, and how one becomes a project of its own.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{ProjectFiles, ProjectName, default_files, settings};

/// The variables by which the reference knows its files and profiles.
const COMPOSE_FILE: &str = "COMPOSE_FILE";
const COMPOSE_PROFILES: &str = "COMPOSE_PROFILES";

/// What `stack.json` says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Folder and project name.
    pub name: ProjectName,
    /// For people.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// What one learns from it.
    #[serde(default)]
    pub teaches: Vec<String>,
    /// What the machine must have: free ports, memory.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Its services, all variants together.
    #[serde(default)]
    pub services: Vec<CardService>,
    /// Every file of the project.
    pub files: Vec<String>,
    /// Files that hold nothing but a secret and are made when the project is.
    #[serde(default)]
    pub secret_files: Vec<String>,
    /// Which compose files and profiles belong together, the usual choice first. Never empty.
    pub variants: Vec<Variant>,
}

/// A service on a card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CardService {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub summary: String,
}

/// A way to run a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, Deserialize)]
#[serde(default)]
pub struct Variant {
    /// `default`, `prod`, …
    pub name: String,
    /// What is different; may be empty.
    pub summary: String,
    /// Compose files in merge order.
    pub files: Vec<String>,
    /// Active profiles.
    pub profiles: Vec<String>,
    /// Variables that have no default here and get a random value when the project is made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub generate: Vec<String>,
    /// Codes of the findings that are left in on purpose.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
}

impl Card {
    /// The variant of this name; the first one for none.
    pub fn variant(&self, name: Option<&str>) -> Option<&Variant> {
        match name {
            None => self.variants.first(),
            Some(name) => self.variants.iter().find(|variant| variant.name == name),
        }
    }
}

/// Gives a fresh copy of a template the secrets that `variant` needs; `secret` makes a new one at each call. What is
/// there stays.
pub fn add_secrets(
    files: &mut ProjectFiles,
    card: &Card,
    variant: &Variant,
    secret: &mut dyn FnMut() -> String,
) {
    for path in &card.secret_files {
        files.0.entry(path.clone()).or_insert_with(&mut *secret);
    }
    let missing: Vec<&String> = {
        let known = settings::values(files);
        variant.generate.iter().filter(|name| known.get(*name).is_none_or(String::is_empty)).collect()
    };
    set_all(files, &missing.into_iter().map(|name| (name.as_str(), secret())).collect());
}

/// True when a `kept` copy is the template as it was made, so that a `fresh` one in another variant can take its place:
/// that one may have come to an `.env` by its secrets.
#[must_use]
pub fn is_untouched(kept: &ProjectFiles, fresh: &ProjectFiles) -> bool {
    let made = |path: &str| path != settings::FILE || kept.get(path).is_some();
    kept.0.iter().eq(fresh.0.iter().filter(|(path, _)| made(path)))
}

/// Makes `variant` the one that every tool takes which reads `.env`, `docker compose` among them.
pub fn choose(files: &mut ProjectFiles, variant: &Variant) {
    if let Some(text) = with_note(files, &variant.name) {
        files.0.insert(settings::FILE.to_owned(), text);
    }
    let mut chosen = BTreeMap::from([(COMPOSE_FILE, variant.files.join(":"))]);
    if !variant.profiles.is_empty() || settings::values(files).contains_key(COMPOSE_PROFILES) {
        chosen.insert(COMPOSE_PROFILES, variant.profiles.join(","));
    }
    set_all(files, &chosen);
}

/// `.env` with a comment that names the variant; none where the user wrote down another choice without one.
fn with_note(files: &ProjectFiles, variant: &str) -> Option<String> {
    const START: &str = "# Variant ";
    const END: &str = ": what runs unless -f or --profile says otherwise.";
    let text = files.get(settings::FILE).unwrap_or_default();
    let note = format!("{START}{variant}{END}");
    match text.lines().find(|line| line.starts_with(START) && line.ends_with(END)) {
        Some(old) => Some(text.replacen(old, &note, 1)),
        None if variant.is_empty() || settings::values(files).contains_key(COMPOSE_FILE) => None,
        None if text.is_empty() || text.ends_with('\n') => Some(format!("{text}{note}\n")),
        None => Some(format!("{text}\n{note}\n")),
    }
}

/// The files of a project that is in use as `variant`, for somebody who is only told to run them: `.env` names the
/// compose files and profiles, unless they are what is taken anyway.
#[must_use]
pub fn recorded(files: &ProjectFiles, variant: &Variant) -> ProjectFiles {
    let mut files = files.clone();
    let known = settings::values(&files);
    let is_silent = !known.contains_key(COMPOSE_FILE) && !known.contains_key(COMPOSE_PROFILES);
    let is_usual =
        variant.profiles.is_empty() && variant.files == default_files(|name| files.get(name).is_some());
    if !(is_silent && is_usual || variant.files.is_empty()) {
        choose(&mut files, variant);
    }
    files
}

fn set_all(files: &mut ProjectFiles, values: &BTreeMap<&str, String>) {
    for (name, value) in values {
        let text = files.get(settings::FILE).unwrap_or_default();
        if let Some(text) = composeyard_yaml::edit::apply(text, &[settings::set(text, name, value)]) {
            files.0.insert(settings::FILE.to_owned(), text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card() -> Card {
        serde_json::from_str(
            r#"{"name": "shop", "title": "", "summary": "", "files": ["compose.yaml"], "secretFiles": ["secrets/db.txt"],
            "variants": [
              {"name": "dev", "files": ["compose.yaml"]},
              {"name": "prod", "files": ["compose.yaml", "compose.prod.yaml"], "profiles": ["db"], "generate": ["KEY"]}
            ]}"#,
        )
        .unwrap()
    }

    fn made(variant: &str, env: &str) -> (ProjectFiles, u32) {
        let (card, mut count) = (card(), 0);
        let mut files = ProjectFiles([(".env".to_owned(), env.to_owned())].into());
        add_secrets(&mut files, &card, card.variant(Some(variant)).unwrap(), &mut || {
            count += 1;
            format!("s{count}")
        });
        (files, count)
    }

    #[test]
    fn a_variant_gets_the_secrets_it_needs_each_a_new_one() {
        let (files, count) = made("prod", "A=1\n");
        assert_eq!(count, 2);
        assert_eq!((files.get("secrets/db.txt"), files.get(".env")), (Some("s1"), Some("A=1\nKEY=s2\n")));
        assert_eq!(made("dev", "A=1\n").0.get(".env"), Some("A=1\n"));
    }

    #[test]
    fn a_secret_that_is_there_stays() {
        assert_eq!(made("prod", "KEY=mine\n").0.get(".env"), Some("KEY=mine\n"));
    }

    #[test]
    fn a_copy_is_untouched_until_one_of_its_files_is_another() {
        let project = |files: &[(&str, &str)]| {
            ProjectFiles(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
        };
        let fresh = project(&[(".env", "KEY=s1\n"), ("README.md", ""), ("compose.yaml", "a")]);
        for untouched in [fresh.clone(), project(&[("README.md", ""), ("compose.yaml", "a")])] {
            assert!(is_untouched(&untouched, &fresh), "{untouched:?}");
        }
        for touched in [
            &[("README.md", ""), ("compose.yaml", "b")][..],
            &[("compose.yaml", "a")],
            &[("README.md", ""), ("compose.yaml", "a"), ("mine", "")],
            &[(".env", "KEY=mine\n"), ("README.md", ""), ("compose.yaml", "a")],
        ] {
            assert!(!is_untouched(&project(touched), &fresh), "{touched:?}");
        }
    }

    #[test]
    fn the_chosen_variant_stands_where_other_tools_look() {
        let mut files = ProjectFiles::default();
        choose(&mut files, &card().variants[1]);
        assert_eq!(
            files.get(".env"),
            Some(
                "# Variant prod: what runs unless -f or --profile says otherwise.\nCOMPOSE_FILE=compose.yaml:compose.prod.yaml\nCOMPOSE_PROFILES=db\n"
            )
        );
    }

    #[test]
    fn what_is_handed_on_says_which_variant_it_is_unless_every_tool_takes_it_anyway() {
        let project = |env: Option<&str>| {
            let env = env.map(|text| (".env", text)).into_iter();
            let files = env.chain([("compose.yaml", ""), ("compose.prod.yaml", "")]);
            ProjectFiles(files.map(|(name, text)| (name.to_owned(), text.to_owned())).collect())
        };
        let [dev, prod] = &card().variants[..] else { panic!("two variants") };
        for env in [None, Some("A=1\n")] {
            assert_eq!(recorded(&project(env), dev), project(env));
        }
        let handed = recorded(&project(Some("A=1")), prod);
        assert!(handed.get(".env").unwrap().starts_with("A=1\n# Variant prod: "), "{handed:?}");
        assert_eq!(recorded(&handed, prod), handed);
        let back = recorded(&handed, dev);
        let lines: Vec<&str> = back.get(".env").unwrap().lines().skip(1).collect();
        assert!(lines[0].starts_with("# Variant dev: "), "{lines:?}");
        assert_eq!(lines[1..], ["COMPOSE_FILE=compose.yaml", "COMPOSE_PROFILES=''"]);
    }
}
