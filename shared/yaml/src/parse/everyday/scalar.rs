//! Scalars of one line.

use compact_str::CompactString;

use super::Reader;
use crate::{Span, Style};

/// A scalar as it stands in the text, and what it stands for.
pub(super) struct Scalar {
    pub(super) text: CompactString,
    pub(super) style: Style,
    pub(super) span: Span,
}

impl<'t> Reader<'t> {
    pub(super) fn scalar(&mut self) -> Option<Scalar> {
        match self.peek(0)? {
            b'"' => self.double_quoted(),
            b'\'' => self.single_quoted(),
            first => self.plain(first, |_| false),
        }
    }

    pub(super) fn flow_scalar(&mut self) -> Option<Scalar> {
        match self.peek(0)? {
            b'"' => self.double_quoted(),
            b'\'' => self.single_quoted(),
            first => self.plain(first, |byte| matches!(byte, b',' | b'[' | b']' | b'{' | b'}')),
        }
    }

    /// An unquoted scalar up to a colon, a comment, the end of the line or a byte of these.
    fn plain(&mut self, first: u8, ends: impl Fn(u8) -> bool) -> Option<Scalar> {
        let takes_more =
            |next: Option<u8>| next.is_some_and(|next| !matches!(next, b' ' | b'\n') && !ends(next));
        let starts = match first {
            b'-' => takes_more(self.peek(1)),
            first => !b"?:,[]{}#&*!|>'\"%@`".contains(&first),
        };
        if !starts || self.is_marker() {
            return None;
        }
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start;
        let mut at = start;
        while let Some(byte) = bytes.get(at).copied() {
            let is_end = match byte {
                b'\n' => true,
                b'#' => end < at,
                b':' => !takes_more(bytes.get(at + 1).copied()),
                byte => ends(byte),
            };
            if is_end {
                break;
            }
            at += 1;
            if byte != b' ' {
                end = at;
            }
        }
        self.at = end;
        Some(Scalar {
            text: CompactString::new(&self.text[start..end]),
            style: Style::Plain,
            span: Span::new(start, end),
        })
    }

    /// True at the start or the end of a document.
    fn is_marker(&self) -> bool {
        let line = &self.text[self.line..];
        self.at == self.line && (line.starts_with("---") || line.starts_with("..."))
    }

    fn single_quoted(&mut self) -> Option<Scalar> {
        let start = self.at;
        let mut text = CompactString::default();
        loop {
            let (part, quote) = self.quoted_part(b'\'', b'\'')?;
            text.push_str(part);
            self.at = quote + 1;
            if self.peek(0) != Some(b'\'') {
                break;
            }
            text.push('\'');
        }
        Some(Scalar { text, style: Style::SingleQuoted, span: Span::new(start, self.at) })
    }

    fn double_quoted(&mut self) -> Option<Scalar> {
        let start = self.at;
        let mut text = CompactString::default();
        loop {
            let (part, end) = self.quoted_part(b'"', b'\\')?;
            text.push_str(part);
            self.at = end;
            if self.peek(0) == Some(b'"') {
                break;
            }
            text.push(match self.peek(1)? {
                same @ (b'"' | b'\\' | b'/') => char::from(same),
                b'n' => '\n',
                b't' => '\t',
                _ => return None,
            });
            self.at += 1;
        }
        self.at += 1;
        Some(Scalar { text, style: Style::DoubleQuoted, span: Span::new(start, self.at) })
    }

    /// What stands between the byte at hand and the next one of two, and where that is; none when the line ends first.
    fn quoted_part(&self, one: u8, other: u8) -> Option<(&'t str, usize)> {
        let start = self.at + 1;
        let rest = &self.text.as_bytes()[start..];
        let end = start + rest.iter().position(|byte| *byte == one || *byte == other || *byte == b'\n')?;
        (self.text.as_bytes()[end] != b'\n').then(|| (&self.text[start..end], end))
    }
}
