//! Project arguments before the verb, where `docker compose` has them: `composeyard -f a.yaml -p demo rm -f`.

use std::ffi::{OsStr, OsString};

/// Each with the name it has after the verb: there, the short ones of some verbs mean something else.
const OPTIONS: [(&str, &str); 12] = [
    ("-f", "--file"),
    ("--file", "--file"),
    ("-p", "--project-name"),
    ("--project-name", "--project-name"),
    ("--env-file", "--env-file"),
    ("--profile", "--profile"),
    ("--project-directory", "--project-directory"),
    ("--host", "--host"),
    ("--time-limit", "--time-limit"),
    ("--progress", "--progress"),
    ("--parallel", "--parallel"),
    ("--ansi", "--ansi"),
];

/// Those that have no value.
const FLAGS: [&str; 3] = ["--dry-run", "--all-resources", "--compatibility"];

/// The arguments with those that stand before the verb moved behind it. Without a verb they stay as they are.
pub(super) fn moved(
    arguments: impl IntoIterator<Item = OsString>,
    is_verb: impl Fn(&OsStr) -> bool,
) -> Vec<OsString> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let Some((program, rest)) = arguments.split_first() else { return arguments };
    let mut options = Vec::new();
    let mut at = 0;
    while let Some((option, taken)) = rest.get(at..).and_then(option) {
        options.push(option);
        at += taken;
    }
    match rest.get(at..).and_then(<[OsString]>::split_first) {
        Some((verb, behind)) if !options.is_empty() && is_verb(verb) => {
            let head = [program, verb].into_iter().cloned();
            head.chain(options).chain(behind.iter().cloned()).collect()
        }
        _ => arguments,
    }
}

/// The option that the arguments begin with, as `--name=value` where it has one, and how many of them it takes.
fn option(arguments: &[OsString]) -> Option<(OsString, usize)> {
    let first = arguments.first()?.to_str()?;
    if FLAGS.contains(&first) {
        return Some((first.into(), 1));
    }
    for (given, long) in OPTIONS {
        let Some(rest) = first.strip_prefix(given) else { continue };
        let joined = |value: &OsStr| [OsStr::new(long), OsStr::new("="), value].into_iter().collect();
        let is_short = !given.starts_with("--");
        match rest.strip_prefix('=') {
            Some(value) => return Some((joined(OsStr::new(value)), 1)),
            None if rest.is_empty() => return Some((joined(arguments.get(1)?), 2)),
            None if is_short => return Some((joined(OsStr::new(rest)), 1)),
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(line: &str) -> String {
        let words = line.split(' ').map(OsString::from);
        let moved = super::moved(words, |word| ["up", "rm", "serve"].iter().any(|verb| word == *verb));
        moved.join(OsStr::new(" ")).into_string().unwrap()
    }

    #[test]
    fn options_of_the_project_move_behind_the_verb_under_their_long_names() {
        assert_eq!(moved("cy -f a.yaml -fb.yaml rm -f app"), "cy rm --file=a.yaml --file=b.yaml -f app");
        assert_eq!(
            moved("cy --profile=all --env-file e -p=demo up -d"),
            "cy up --profile=all --env-file=e --project-name=demo -d"
        );
        assert_eq!(moved("cy --dry-run --progress quiet up -d"), "cy up --dry-run --progress=quiet -d");
        assert_eq!(moved("cy --parallel -1 --ansi=never up"), "cy up --parallel=-1 --ansi=never");
        assert_eq!(moved("cy --all-resources --compatibility up"), "cy up --all-resources --compatibility");
    }

    #[test]
    fn without_a_verb_nothing_moves() {
        for line in
            ["cy", "cy folder", "cy -f a.yaml", "cy -f a.yaml nonsense", "cy -f", "cy --no-open -f a up"]
        {
            assert_eq!(moved(line), line);
        }
    }

    #[test]
    fn what_stands_behind_the_verb_is_not_touched() {
        assert_eq!(moved("cy up -f a.yaml"), "cy up -f a.yaml");
    }
}
