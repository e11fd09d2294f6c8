//! The variants of a project: the base compose file alone, and with each override that lies beside it.

use composeyard_compose::ProjectFiles;

/// The names the reference looks for, in its order.
const BASE_NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// Compose files that are used together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// `default`, or the middle of the override's name: `prod` for `compose.prod.yaml`.
    pub name: String,
    /// Compose files in merge order.
    pub files: Vec<String>,
}

/// All variants, the default one first. Empty when the project has no compose file.
pub fn variants(files: &ProjectFiles) -> Vec<Variant> {
    let Some(base) = base(files) else { return Vec::new() };
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let mut default = vec![base.to_owned()];
    let mut overrides = Vec::new();
    for path in files.0.keys() {
        match middle(path, stem) {
            Some("override") => default.push(path.clone()),
            Some(name) => {
                overrides.push(Variant { name: name.to_owned(), files: vec![base.to_owned(), path.clone()] });
            }
            None => {}
        }
    }
    let mut all = vec![Variant { name: "default".to_owned(), files: default }];
    all.append(&mut overrides);
    all
}

/// The compose file the project starts from: one of the default names, else the only YAML file at the top.
fn base(files: &ProjectFiles) -> Option<&str> {
    let named = BASE_NAMES.iter().copied().find(|name| files.get(name).is_some());
    named.or_else(|| {
        let mut yaml = files.0.keys().filter(|path| !path.contains('/') && is_yaml(path));
        yaml.next().map(String::as_str)
    })
}

/// `prod` of `compose.prod.yaml` beside `compose.yaml`.
fn middle<'path>(path: &'path str, stem: &str) -> Option<&'path str> {
    let rest = path.strip_prefix(stem)?.strip_prefix('.')?;
    let (name, end) = rest.rsplit_once('.')?;
    (matches!(end, "yaml" | "yml") && !name.is_empty() && !name.contains('/')).then_some(name)
}

/// True for names that hold YAML.
fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(paths: &[&str]) -> Vec<(String, Vec<String>)> {
        let files = ProjectFiles(paths.iter().map(|path| ((*path).to_owned(), String::new())).collect());
        variants(&files).into_iter().map(|variant| (variant.name, variant.files)).collect()
    }

    #[test]
    fn each_override_beside_the_base_file_is_a_variant() {
        let found =
            names(&["compose.yaml", "compose.dev.yaml", "compose.prod.yaml", "app/compose.x.yaml", ".env"]);
        let expected = [
            ("default", vec!["compose.yaml"]),
            ("dev", vec!["compose.yaml", "compose.dev.yaml"]),
            ("prod", vec!["compose.yaml", "compose.prod.yaml"]),
        ];
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(name, files)| (name.to_owned(), files.into_iter().map(str::to_owned).collect::<Vec<_>>()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_default_variant_takes_the_override_file_as_the_reference_does() {
        let found = names(&["compose.override.yaml", "compose.yaml"]);
        assert_eq!(
            found,
            [("default".to_owned(), vec!["compose.yaml".to_owned(), "compose.override.yaml".to_owned()])]
        );
    }

    #[test]
    fn any_yaml_file_serves_when_none_has_a_default_name() {
        assert_eq!(names(&["stack.yml"])[0].1, ["stack.yml"]);
        assert!(names(&["notes.txt"]).is_empty());
    }
}
