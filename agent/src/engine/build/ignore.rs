//! `.dockerignore`, by the rules of Docker's own implementation (Go `filepath.Match` with `**`): the last pattern
//! that matches a path or one of its parents decides.

/// One parsed file. Pure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ignore {
    patterns: Vec<Pattern>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    text: String,
    /// `!`: takes paths in again.
    exception: bool,
}

impl Ignore {
    /// Reads the file's text.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let patterns = text.lines().filter(|line| !line.starts_with('#')).filter_map(pattern).collect();
        Self { patterns }
    }

    /// Adds exceptions for files that the builder itself needs.
    pub(super) fn keep(&mut self, path: &str) {
        self.patterns.push(Pattern { text: path.to_owned(), exception: true });
    }

    /// True when a path (`a/b.txt`, relative to the context) stays out.
    pub(super) fn excludes(&self, path: &str) -> bool {
        let mut excluded = false;
        for pattern in &self.patterns {
            if matches_path_or_parent(&pattern.text, path) {
                excluded = !pattern.exception;
            }
        }
        excluded
    }

    /// True when an excluded folder may still hold something that an exception takes in again.
    pub(super) fn may_keep_below(&self, folder: &str) -> bool {
        let prefix = format!("{folder}/");
        let below = |pattern: &Pattern| format!("{}/", pattern.text).starts_with(&prefix);
        self.patterns.iter().any(|pattern| pattern.exception && below(pattern))
    }
}

fn pattern(line: &str) -> Option<Pattern> {
    let line = line.trim();
    let (exception, line) = match line.strip_prefix('!') {
        Some(rest) => (true, rest.trim()),
        None => (false, line),
    };
    if line.is_empty() {
        return None;
    }
    let text = clean(line);
    Some(Pattern { text, exception })
}

/// Go's `filepath.Clean`, then without the leading `/`.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if path.starts_with('/') => {}
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

fn matches_path_or_parent(pattern: &str, path: &str) -> bool {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.into_iter().any(|end| matches(pattern.as_bytes(), &path.as_bytes()[..end]))
}

/// `*` and `?` stop at `/`; `**` does not; `[a-z]` and `\` as in Go.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => path.is_empty(),
        [b'*', b'*', rest @ ..] => {
            let rest = rest.strip_prefix(b"/").unwrap_or(rest);
            if rest.is_empty() {
                return true;
            }
            // `(.*/)?`: nothing, or everything up to some slash.
            let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
            [0].into_iter().chain(slashes).any(|from| matches(rest, &path[from..]))
        }
        [b'*', rest @ ..] => {
            let longest = path.iter().position(|byte| *byte == b'/').unwrap_or(path.len());
            (0..=longest).any(|taken| matches(rest, &path[taken..]))
        }
        [b'?', rest @ ..] => match path {
            [first, after @ ..] if *first != b'/' => {
                // One character, not one byte.
                let more = after.iter().take_while(|byte| **byte & 0xc0 == 0x80).count();
                matches(rest, &after[more..])
            }
            _ => false,
        },
        [b'[', rest @ ..] => match (class(rest), path) {
            (Some((accepts, rest)), [first, after @ ..]) => {
                *first != b'/' && accepts(*first) && matches(rest, after)
            }
            _ => false,
        },
        [b'\\', literal, rest @ ..] | [literal, rest @ ..] => match path {
            [first, after @ ..] => first == literal && matches(rest, after),
            [] => false,
        },
    }
}

/// A character class after its `[`: what it accepts, and what follows its `]`. None when it never ends.
fn class(pattern: &[u8]) -> Option<(impl Fn(u8) -> bool, &[u8])> {
    let (negated, mut rest) = match pattern {
        [b'^', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let mut ranges: Vec<(u8, u8)> = Vec::new();
    loop {
        let low;
        (low, rest) = match rest {
            [b']', after @ ..] if !ranges.is_empty() => {
                let accepts = move |byte: u8| {
                    ranges.iter().any(|(low, high)| (*low..=*high).contains(&byte)) != negated
                };
                return Some((accepts, after));
            }
            [b'\\', literal, after @ ..] | [literal, after @ ..] => (*literal, after),
            [] => return None,
        };
        let mut high = low;
        if let [b'-', end, after @ ..] = rest
            && *end != b']'
        {
            (high, rest) = (*end, after);
        }
        ranges.push((low, high));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, out: &[&str], kept: &[&str]) {
        let ignore = Ignore::parse(file);
        for path in out {
            assert!(ignore.excludes(path), "{path} should stay out");
        }
        for path in kept {
            assert!(!ignore.excludes(path), "{path} should go in");
        }
    }

    #[test]
    fn a_name_stands_for_the_root_only_and_all_below_it() {
        check("node_modules", &["node_modules", "node_modules/a/b"], &["web/node_modules", "node_modules2"]);
        check("/dist/", &["dist", "dist/x"], &["a/dist"]);
    }

    #[test]
    fn one_star_stops_at_a_slash_and_two_do_not() {
        check("*.log", &["a.log"], &["b/a.log"]);
        check("**/*.log", &["a.log", "b/a.log", "b/c/a.log"], &["a.logs"]);
        check("*/temp*", &["x/temp", "x/temporary.txt"], &["temp", "x/y/temp"]);
        check("docs/**", &["docs/a", "docs/a/b"], &["docs2/a"]);
        check("**/build/**/x", &["build/x", "a/build/b/c/x"], &["a/build/y"]);
        check("**", &["a", "a/b"], &[]);
    }

    #[test]
    fn question_marks_classes_and_escapes_are_gos() {
        check("temp?", &["temp1", "tempé"], &["temp", "temp12", "temp/"]);
        check("f[a-c].txt", &["fa.txt", "fc.txt"], &["fd.txt"]);
        check("f[^a].txt", &["fb.txt"], &["fa.txt"]);
        check("a\\*b", &["a*b"], &["axb"]);
        check("open[", &[], &["open["]);
    }

    #[test]
    fn the_last_match_wins() {
        check("*.md\n!README.md", &["a.md"], &["README.md"]);
        check("!README.md\n*.md", &["README.md"], &[]);
        check("secret\n!secret/public", &["secret", "secret/key"], &["secret/public", "secret/public/a"]);
    }

    #[test]
    fn comments_blanks_and_dots_are_cleaned() {
        check("# a\n\n  ./b/../c  \n", &["c"], &["a", "b", "# a"]);
    }

    #[test]
    fn an_excluded_folder_is_entered_only_for_an_exception_in_it() {
        let ignore = Ignore::parse("a\nb\n!a/keep");
        assert!(ignore.may_keep_below("a"));
        assert!(!ignore.may_keep_below("b"));
    }
}
