//! What a terminal would show of a line: text with colours. Only SGR sequences count (ECMA-48, `ESC [ … m`); other
//! sequences are left out, and characters that would hide or reorder text are made visible.
//!
//! A line is read on its own: a colour that is not ended does not reach into the next line.

use std::fmt::Write as _;
use std::ops::Range;

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// One of the sixteen that a theme names: 0 to 7, bright 8 to 15.
    Named(u8),
    /// Any other.
    Rgb(u8, u8, u8),
}

/// How text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Of the text.
    pub color: Option<Color>,
    /// Behind it.
    pub background: Option<Color>,
    /// SGR 1.
    pub bold: bool,
    /// SGR 2.
    pub dim: bool,
    /// SGR 3.
    pub italic: bool,
    /// SGR 4.
    pub underline: bool,
    /// SGR 7.
    pub inverse: bool,
    /// SGR 9.
    pub strike: bool,
}

/// A line without its sequences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Styled {
    /// What is to be read.
    pub text: String,
    /// Byte ranges of the text with a style other than the default, in order.
    pub spans: Vec<(Range<usize>, Style)>,
}

/// A sequence with more characters than this is not one: it is shown.
const MAX_SEQUENCE: usize = 256;

/// Reads a line. Bytes that are not UTF-8 become U+FFFD.
pub fn parse(line: &[u8]) -> Styled {
    let line = String::from_utf8_lossy(line);
    let mut styled = Styled::default();
    let (mut style, mut start) = (Style::default(), 0);
    let mut rest = &*line;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if let Some((sequence, next)) = escape(c, after) {
            if let Some(parameters) = sequence {
                styled.close(start, style);
                start = styled.text.len();
                style = apply(style, parameters);
            }
            rest = next;
        } else {
            show(c, &mut styled.text);
            rest = after;
        }
    }
    styled.close(start, style);
    styled
}

/// Only the text of a line, borrowed when there is nothing to leave out.
pub fn plain(line: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(line) {
        Ok(text)
            if text.chars().all(|c| c == '\t' || (c >= ' ' && c != '\x7f' && !is_hidden(c) && !is_c1(c))) =>
        {
            text.into()
        }
        _ => parse(line).text.into(),
    }
}

impl Styled {
    fn close(&mut self, start: usize, style: Style) {
        let end = self.text.len();
        if start < end && style != Style::default() {
            self.spans.push((start..end, style));
        }
    }
}

/// What follows an introducer: the parameters when it is SGR, and the text after it. None when it is no sequence or
/// does not end; then its characters are shown.
fn escape(c: char, after: &str) -> Option<(Option<&str>, &str)> {
    if c == '\u{9b}' {
        return control_sequence(after);
    }
    if c != '\x1b' {
        return None;
    }
    let kind = after.chars().next()?;
    let body = &after[kind.len_utf8()..];
    match kind {
        '[' => control_sequence(body),
        ']' | 'P' | 'X' | '^' | '_' => Some((None, string_end(body)?)),
        // Character sets and the like: intermediates, then one final character.
        ' '..='/' => {
            let end = body.find(|c: char| !(' '..='/').contains(&c))?;
            let last = body[end..].chars().next().filter(|c| ('0'..='~').contains(c))?;
            Some((None, &body[end + last.len_utf8()..]))
        }
        '0'..='~' => Some((None, body)),
        _ => None,
    }
}

fn control_sequence(body: &str) -> Option<(Option<&str>, &str)> {
    let end = body.find(|c: char| !(' '..='?').contains(&c)).filter(|&end| end <= MAX_SEQUENCE)?;
    let last = body[end..].chars().next().filter(|c| ('@'..='~').contains(c))?;
    Some(((last == 'm').then_some(&body[..end]), &body[end + 1..]))
}

/// After BEL or ST.
fn string_end(body: &str) -> Option<&str> {
    let end = body.find(['\x07', '\u{9c}', '\x1b'])?;
    let rest = &body[end..];
    rest.strip_prefix("\x1b\\").or_else(|| rest.strip_prefix(['\x07', '\u{9c}']))
}

fn apply(mut style: Style, parameters: &str) -> Style {
    let mut codes =
        parameters.split([';', ':']).map(|p| if p.is_empty() { Some(0) } else { p.parse::<u8>().ok() });
    while let Some(code) = codes.next() {
        match code {
            Some(0) => style = Style::default(),
            Some(1) => style.bold = true,
            Some(2) => style.dim = true,
            Some(3) => style.italic = true,
            Some(4) => style.underline = true,
            Some(7) => style.inverse = true,
            Some(9) => style.strike = true,
            Some(22) => (style.bold, style.dim) = (false, false),
            Some(23) => style.italic = false,
            Some(24) => style.underline = false,
            Some(27) => style.inverse = false,
            Some(29) => style.strike = false,
            Some(n @ 30..=37) => style.color = Some(Color::Named(n - 30)),
            Some(38) => style.color = extended(&mut codes).or(style.color),
            Some(39) => style.color = None,
            Some(n @ 40..=47) => style.background = Some(Color::Named(n - 40)),
            Some(48) => style.background = extended(&mut codes).or(style.background),
            Some(49) => style.background = None,
            Some(n @ 90..=97) => style.color = Some(Color::Named(n - 90 + 8)),
            Some(n @ 100..=107) => style.background = Some(Color::Named(n - 100 + 8)),
            _ => {}
        }
    }
    style
}

/// `5;n` of the palette, `2;r;g;b`.
fn extended(codes: &mut impl Iterator<Item = Option<u8>>) -> Option<Color> {
    match codes.next()?? {
        5 => Some(palette(codes.next()??)),
        2 => Some(Color::Rgb(codes.next()??, codes.next()??, codes.next()??)),
        _ => None,
    }
}

/// xterm's 256 colours: sixteen named, a cube of six steps, 24 greys.
fn palette(n: u8) -> Color {
    let step = |level: u8| if level == 0 { 0 } else { 55 + 40 * level };
    match n {
        0..=15 => Color::Named(n),
        16..=231 => {
            let n = n - 16;
            Color::Rgb(step(n / 36), step(n / 6 % 6), step(n % 6))
        }
        232..=255 => {
            let grey = 8 + 10 * (n - 232);
            Color::Rgb(grey, grey, grey)
        }
    }
}

fn is_c1(c: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&c)
}

/// Characters that reorder, hide or break text: bidi controls, zero width, line separators.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn show(c: char, text: &mut String) {
    match c {
        '\t' => text.push(c),
        '\0'..='\x1f' => {
            text.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        '\x7f' => text.push('\u{2421}'),
        c if is_c1(c) || is_hidden(c) => {
            // Writing to a string does not fail.
            let _ = write!(text, "<U+{:04X}>", u32::from(c));
        }
        c => text.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(line: &str) -> Vec<(String, Style)> {
        let styled = parse(line.as_bytes());
        styled.spans.into_iter().map(|(range, style)| (styled.text[range].to_owned(), style)).collect()
    }

    #[test]
    fn colours_become_spans_over_the_stripped_text() {
        let styled = parse(b"a \x1b[31;1mred\x1b[0m z");
        assert_eq!(styled.text, "a red z");
        let red = Style { color: Some(Color::Named(1)), bold: true, ..Style::default() };
        assert_eq!(styled.spans, [(2..5, red)]);
    }

    #[test]
    fn large_palettes_are_read_in_both_spellings() {
        for line in ["\x1b[38;2;1;2;3mx", "\x1b[38:2:1:2:3mx"] {
            assert_eq!(shown(line)[0].1.color, Some(Color::Rgb(1, 2, 3)), "{line:?}");
        }
        assert_eq!(shown("\x1b[48;5;196mx")[0].1.background, Some(Color::Rgb(255, 0, 0)));
        assert_eq!(shown("\x1b[38;5;9mx")[0].1.color, Some(Color::Named(9)));
    }

    #[test]
    fn other_sequences_are_left_out() {
        let line = b"\x1b[2K\x1b[1;1Ha\x1b]8;;http://x\x07link\x1b]8;;\x1b\\\x1b(Bb\x1b=c";
        assert_eq!(parse(line), Styled { text: "alinkbc".into(), spans: vec![] });
    }

    #[test]
    fn a_sequence_without_an_end_hides_nothing() {
        assert_eq!(parse(b"\x1b]0;title and the rest").text, "\u{241b}]0;title and the rest");
        assert_eq!(parse(b"\x1b[31").text, "\u{241b}[31");
    }

    #[test]
    fn characters_that_hide_or_reorder_are_visible() {
        assert_eq!(
            parse("a\u{202e}b\0c\u{200b}d\re\tf".as_bytes()).text,
            "a<U+202E>b\u{2400}c<U+200B>d\u{240d}e\tf"
        );
    }

    #[test]
    fn markup_is_only_text() {
        assert_eq!(parse(b"<script>alert(1)</script>").text, "<script>alert(1)</script>");
    }

    proptest! {
        #[test]
        fn any_bytes_give_visible_text_and_ordered_spans(line in prop::collection::vec(any::<u8>(), 0..200)) {
            let styled = parse(&line);
            prop_assert!(styled.text.chars().all(|c| c == '\t' || !c.is_control()));
            let mut end = 0;
            for (range, _) in &styled.spans {
                prop_assert!(range.start >= end && styled.text.get(range.clone()).is_some());
                end = range.end;
            }
            prop_assert_eq!(plain(&line), styled.text);
        }

        #[test]
        fn sequences_in_between_do_not_change_the_text(words in prop::collection::vec(("[a-z]{0,5}", 0..110_u8), 0..20)) {
            let line: String = words.iter().map(|(w, code)| format!("{w}\x1b[{code}m")).collect();
            let text: String = words.iter().map(|(w, _)| w.as_str()).collect();
            prop_assert_eq!(parse(line.as_bytes()).text, text);
        }
    }
}
