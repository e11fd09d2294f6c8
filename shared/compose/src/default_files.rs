//! The files of a project when none is named: a main one and an override. Compose specification, 03-compose-file.

/// In the order they are looked for.
const MAIN: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// In the order they are looked for; each goes with every main file.
const OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// Of the names in a folder, those that are taken, in merge order; none where no main file is there.
pub fn default_files(is_there: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let find = |names: &[&'static str]| names.iter().copied().find(|name| is_there(name));
    find(&MAIN).map(|main| std::iter::once(main).chain(find(&OVERRIDES)).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_main_file_goes_with_the_first_override_whatever_they_are_called() {
        let of = |there: &[&str]| default_files(|name| there.contains(&name));
        assert_eq!(of(&["compose.yml", "compose.yaml"]), ["compose.yaml"]);
        assert_eq!(
            of(&["compose.yaml", "docker-compose.override.yml", "compose.override.yml"]),
            ["compose.yaml", "compose.override.yml"]
        );
        assert_eq!(
            of(&["docker-compose.yml", "compose.override.yaml"]),
            ["docker-compose.yml", "compose.override.yaml"]
        );
        assert!(of(&["compose.override.yaml"]).is_empty(), "an override alone is no project");
    }
}
