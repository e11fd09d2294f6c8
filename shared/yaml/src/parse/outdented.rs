//! Quoted text that goes on further left than YAML allows. The reference's reader takes it, as others do; the event
//! parser gets the text with blanks before such lines, which fold away, and its places are moved back.

use std::borrow::Cow;

use crate::Document;

use super::{Stop, attempt, events::find_indicator};

/// Texts with more of them are refused: each is an attempt of its own.
const MOST: usize = 32;

/// Blanks put into a text.
#[derive(Default)]
pub(super) struct Padding {
    /// Where in the text, and how many; in order.
    places: Vec<(usize, usize)>,
    /// Where each ends in the padded text, and how many there are up to it.
    ends: Vec<(usize, usize)>,
}

impl Padding {
    /// The text with its blanks.
    pub(super) fn fill<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        if self.places.is_empty() {
            return text.into();
        }
        let mut filled = String::with_capacity(text.len());
        let (mut from, mut total) = (0, 0);
        self.ends.clear();
        for (at, count) in &self.places {
            filled.push_str(&text[from..*at]);
            filled.extend(std::iter::repeat_n(' ', *count));
            from = *at;
            total += count;
            self.ends.push((filled.len(), total));
        }
        filled.push_str(&text[from..]);
        filled.into()
    }

    /// The place in the text of one in the padded text.
    pub(super) fn original(&self, at: usize) -> usize {
        let before = self.ends.partition_point(|(end, _)| *end <= at);
        at - before.checked_sub(1).map_or(0, |last| self.ends[last].1)
    }

    /// Moves the lines of the quoted text that opens here to the right of the quote; none when it never closes.
    fn indent(&mut self, text: &str, open: usize) -> Option<()> {
        let bytes = text.as_bytes();
        let quote = *bytes.get(open)?;
        let column = open - text[..open].rfind('\n').map_or(0, |end| end + 1);
        let mut at = open + 1;
        loop {
            at += bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\\' | b'"' | b'\''))?;
            let next = bytes.get(at + 1);
            match bytes[at] {
                b'\\' if quote == b'"' && next.is_some_and(|next| *next != b'\n') => at += 1,
                b'\'' if quote == b'\'' && next == Some(&b'\'') => at += 1,
                byte if byte == quote => return Some(()),
                b'\n' if is_marker(&text[at + 1..]) => return None,
                b'\n' => self.places.push((at + 1, column + 1)),
                _ => {}
            }
            at += 1;
        }
    }
}

/// Reads a text whose first quoted text of this kind makes the event parser stop at the end of what it read, `read`;
/// none when that is not all that is wrong.
pub(super) fn read(text: &str, mut read: usize) -> Option<Vec<Document>> {
    let mut padding = Padding::default();
    for _ in 0..MOST {
        let open = find_indicator(text, read, &['"', '\''])?;
        padding.indent(text, open)?;
        match attempt(text, &mut padding) {
            (documents, None) => return Some(documents),
            (_, Some(Stop { outdented: Some(next), .. })) if next > open => read = next,
            _ => return None,
        }
    }
    None
}

/// True when a line starts or ends a document, even inside quotes.
fn is_marker(line: &str) -> bool {
    ["---", "..."].iter().any(|marker| {
        line.strip_prefix(marker).is_some_and(|after| !after.starts_with(|c: char| !c.is_whitespace()))
    })
}
