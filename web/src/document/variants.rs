//! The variants of a project: those that its template names, and the base compose file alone and with each override
//! that lies beside it.

use composeyard_compose::{ProjectFiles, stacks::Variant};
use composeyard_protocol::Selection;

/// The names the reference looks for, in its order.
const BASE_NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// All variants, the default one first. Empty when the project has no compose file.
///
/// `given` are those of the template: as long as their files exist they win over what the names of the files suggest.
pub fn variants(files: &ProjectFiles, given: &[Variant]) -> Vec<Variant> {
    let complete = |variant: &&Variant| variant.files.iter().all(|file| files.get(file).is_some());
    let mut all: Vec<Variant> = given.iter().filter(complete).cloned().collect();
    for variant in by_name(files) {
        let last = variant.files.last();
        if !all.iter().any(|known| last.is_some_and(|last| known.files.contains(last))) {
            all.push(variant);
        }
    }
    all
}

/// The variant in use: the one with these files and profiles, else the first with these files.
pub fn in_use(variants: &[Variant], selection: &Selection) -> Option<usize> {
    let same_files = |variant: &Variant| variant.files == selection.files;
    let same = |variant: &Variant| same_files(variant) && variant.profiles == selection.profiles;
    variants.iter().position(same).or_else(|| variants.iter().position(same_files))
}

/// What the names of the files suggest.
fn by_name(files: &ProjectFiles) -> Vec<Variant> {
    let Some(base) = base(files) else { return Vec::new() };
    let variant = |name: &str, files| Variant { name: name.to_owned(), files, ..Variant::default() };
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let mut default = vec![base.to_owned()];
    let mut overrides = Vec::new();
    for path in files.0.keys() {
        match middle(path, stem) {
            Some("override") => default.push(path.clone()),
            Some(name) => overrides.push(variant(name, vec![base.to_owned(), path.clone()])),
            None => {}
        }
    }
    let mut all = vec![variant("default", default)];
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

    fn files(paths: &[&str]) -> ProjectFiles {
        ProjectFiles(paths.iter().map(|path| ((*path).to_owned(), String::new())).collect())
    }

    fn variant(name: &str, files: &[&str], profiles: &[&str]) -> Variant {
        let owned = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
        Variant {
            name: name.to_owned(),
            files: owned(files),
            profiles: owned(profiles),
            ..Variant::default()
        }
    }

    #[test]
    fn each_override_beside_the_base_file_is_a_variant() {
        let paths = ["compose.yaml", "compose.dev.yaml", "compose.prod.yaml", "app/compose.x.yaml", ".env"];
        let expected = [
            variant("default", &["compose.yaml"], &[]),
            variant("dev", &["compose.yaml", "compose.dev.yaml"], &[]),
            variant("prod", &["compose.yaml", "compose.prod.yaml"], &[]),
        ];
        assert_eq!(variants(&files(&paths), &[]), expected);
    }

    #[test]
    fn the_default_variant_takes_the_override_file_as_the_reference_does() {
        let found = variants(&files(&["compose.override.yaml", "compose.yaml"]), &[]);
        assert_eq!(found, [variant("default", &["compose.yaml", "compose.override.yaml"], &[])]);
    }

    #[test]
    fn any_yaml_file_serves_when_none_has_a_default_name() {
        assert_eq!(variants(&files(&["stack.yml"]), &[])[0].files, ["stack.yml"]);
        assert!(variants(&files(&["notes.txt"]), &[]).is_empty());
    }

    #[test]
    fn a_template_says_which_files_belong_together_as_long_as_they_are_there() {
        let given =
            [variant("basic", &["compose.yaml"], &[]), variant("swarm", &["compose.swarm.yaml"], &[])];
        assert_eq!(variants(&files(&["compose.yaml", "compose.swarm.yaml"]), &given), given);
        assert_eq!(variants(&files(&["compose.yaml"]), &given), given[..1]);
        let own = files(&["compose.yaml", "compose.swarm.yaml", "compose.mine.yaml"]);
        let mine = variant("mine", &["compose.yaml", "compose.mine.yaml"], &[]);
        assert_eq!(variants(&own, &given)[2], mine, "an override of the user's own is a variant too");
    }

    #[test]
    fn the_variant_in_use_has_the_profiles_too_where_one_does() {
        let known = [variant("a", &["x"], &[]), variant("b", &["x"], &["p"]), variant("c", &["y"], &[])];
        let at = |files: &[&str], profiles: &[&str]| {
            let variant = variant("", files, profiles);
            in_use(&known, &Selection { files: variant.files, profiles: variant.profiles })
        };
        assert_eq!(
            [at(&["x"], &["p"]), at(&["x"], &["q"]), at(&["y"], &[]), at(&["z"], &[])],
            [Some(1), Some(0), Some(2), None]
        );
    }
}
