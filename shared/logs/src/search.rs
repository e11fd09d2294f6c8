//! Text search that ignores case.

use std::ops::Range;

/// A text that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle {
    /// Lower case.
    text: Vec<char>,
    ascii: Option<Vec<u8>>,
}

impl Needle {
    /// None for an empty text, which would be everywhere.
    pub fn new(text: &str) -> Option<Self> {
        let lower: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
        let ascii = text.is_ascii().then(|| text.to_ascii_lowercase().into_bytes());
        (!lower.is_empty()).then_some(Self { text: lower, ascii })
    }

    /// Whether it occurs.
    pub fn is_in(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    /// Byte ranges of all occurrences that do not overlap.
    pub fn all(&self, text: &str) -> Vec<Range<usize>> {
        let (mut found, mut from) = (Vec::new(), 0);
        while let Some(range) = self.find(text, from) {
            from = range.end;
            found.push(range);
        }
        found
    }

    /// The first occurrence at or after a byte.
    fn find(&self, text: &str, from: usize) -> Option<Range<usize>> {
        if let Some(needle) = &self.ascii {
            let bytes = text.as_bytes().get(from..)?;
            let at = bytes.windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle))?;
            return Some(from + at..from + at + needle.len());
        }
        let rest = text.get(from..)?;
        rest.char_indices().find_map(|(at, _)| {
            let length = self.starts(&rest[at..])?;
            Some(from + at..from + at + length)
        })
    }

    /// How many bytes of the text's beginning are the needle.
    fn starts(&self, text: &str) -> Option<usize> {
        let mut wanted = self.text.iter();
        for (at, c) in text.char_indices() {
            if wanted.as_slice().is_empty() {
                return Some(at);
            }
            for lower in c.to_lowercase() {
                if wanted.next() != Some(&lower) {
                    return None;
                }
            }
        }
        wanted.as_slice().is_empty().then_some(text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found<'a>(needle: &str, text: &'a str) -> Vec<&'a str> {
        Needle::new(needle).unwrap().all(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(found("error", "Error: ERROR, no err"), ["Error", "ERROR"]);
        assert_eq!(found("ÄRGER", "viel ärger"), ["ärger"]);
    }

    #[test]
    fn occurrences_do_not_overlap() {
        assert_eq!(found("aa", "aaaaa"), ["aa", "aa"]);
    }

    #[test]
    fn an_empty_text_is_not_looked_for() {
        assert_eq!(Needle::new(""), None);
    }

    proptest! {
        #[test]
        fn every_part_of_a_text_is_found_in_it(text in "\\PC{1,30}", at in 0..30_usize, length in 1..10_usize) {
            let part: String = text.chars().skip(at).take(length).collect();
            if let Some(needle) = Needle::new(&part) {
                prop_assert!(needle.is_in(&text), "{part:?} in {text:?}");
                for range in needle.all(&text) {
                    prop_assert!(text.get(range).is_some());
                }
            }
        }
    }
}
