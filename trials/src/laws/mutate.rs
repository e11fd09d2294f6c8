//! Real files with parts cut, doubled, moved and replaced.

use super::Corpus;
use crate::random::Random;

/// What means something to a reader of YAML or Compose.
pub(super) const WORDS: [&str; 64] = [
    ":",
    ": ",
    "- ",
    "-",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "  ",
    "#",
    " #x",
    "&a ",
    "*a",
    "*a ",
    "!reset ",
    "!override ",
    "!!str ",
    "!",
    "<<: ",
    "<<: *a",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "'",
    "\"",
    "|\n",
    ">\n",
    "|-",
    "|+2\n",
    "? ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "~",
    "null",
    "true",
    "yes",
    "0",
    "-1",
    "080",
    "1e3",
    "0x10",
    "80:80",
    "1-65535",
    "${A}",
    "${A:-b}",
    "${A:?b}",
    "$",
    "$$",
    "${",
    "\u{feff}",
    "\u{0}",
    "é",
    "🐳",
    "\u{2028}",
    "\u{85}",
    "services:\n",
    "extends: app",
    "include: [compose.yaml]\n",
    "depends_on: [app]",
];

/// A file of the corpus after a few mutations.
pub(super) fn any_file(random: &mut Random, corpus: &Corpus) -> String {
    let mut text = pick(random, corpus).to_owned();
    for _ in 0..random.below(6) {
        mutate(&mut text, random, corpus);
    }
    text
}

pub(super) fn pick<'a>(random: &mut Random, corpus: &'a Corpus) -> &'a str {
    corpus.texts.get(random.below(corpus.texts.len())).map_or("", String::as_str)
}

/// Changes a text at one place.
pub(super) fn mutate(text: &mut String, random: &mut Random, corpus: &Corpus) {
    let at = place(text, random.below(text.len() + 1));
    match random.below(10) {
        0 => {
            let end = place(text, at + random.below(20));
            text.replace_range(at..end, "");
        }
        1 => text.truncate(at),
        2..=4 => text.insert_str(at, random.pick(&WORDS).unwrap_or_default()),
        5 => {
            let end = place(text, at + 1);
            text.replace_range(at..end, random.pick(&WORDS).unwrap_or_default());
        }
        6 => lines(
            text,
            |lines, random| {
                let line = random.below(lines.len());
                lines.insert(line, lines[line]);
            },
            random,
        ),
        7 => lines(
            text,
            |lines, random| {
                let (a, b) = (random.below(lines.len()), random.below(lines.len()));
                lines.swap(a, b);
            },
            random,
        ),
        8 => lines(
            text,
            |lines, random| {
                let line = random.below(lines.len());
                lines[line] = lines[line].strip_prefix("  ").unwrap_or(lines[line]);
            },
            random,
        ),
        _ => {
            let other = pick(random, corpus);
            let start = place(other, random.below(other.len() + 1));
            let end = place(other, start + random.below(120));
            text.insert_str(at, &other[start..end]);
        }
    }
}

/// The nearest end of a character at or before a byte.
fn place(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn lines(text: &mut String, change: impl Fn(&mut Vec<&str>, &mut Random), random: &mut Random) {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    if !lines.is_empty() {
        change(&mut lines, random);
        *text = lines.concat();
    }
}
