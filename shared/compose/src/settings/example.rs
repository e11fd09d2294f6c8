//! `.env.example`: variables with the comments above them.

/// A variable with what the file says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) about: String,
}

/// A comment belongs to all variables below it up to the next blank line. `#NAME=` is a variable too: one without a
/// default.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut about: Vec<&str> = Vec::new();
    let mut below = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            about.clear();
            below = false;
        } else if let Some(name) = variable(line) {
            entries.push(Entry { name: name.to_owned(), about: about.join(" ") });
            below = true;
        } else if let Some(comment) = line.strip_prefix('#') {
            if std::mem::take(&mut below) {
                about.clear();
            }
            about.push(comment.trim());
        }
    }
    entries
}

/// `NAME` of `NAME=value` and `#NAME=value`.
fn variable(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix('#').unwrap_or(line).split_once('=')?;
    let fits = !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_speaks_of_the_lines_below_it_until_a_blank_one() {
        let text =
            "# All of it.\n\n# Ports,\n# two.\nA=1\nB=2\n# Another.\nC=3\n\nD=4\n# e = 5 is prose\n#E=\n";
        let found: Vec<_> = entries(text).into_iter().map(|entry| (entry.name, entry.about)).collect();
        let expected = [
            ("A", "Ports, two."),
            ("B", "Ports, two."),
            ("C", "Another."),
            ("D", ""),
            ("E", "e = 5 is prose"),
        ];
        assert_eq!(found, expected.map(|(name, about)| (name.to_owned(), about.to_owned())));
    }
}
