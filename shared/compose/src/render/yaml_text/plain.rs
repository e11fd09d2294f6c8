//! What may stand without quotes: what no reader, old or new, takes for anything but text.

use crate::load::scalar;

/// True for most of what is written, at a glance: letters, digits and what joins them, which every reader takes as text.
pub(super) fn is_word(text: &str) -> bool {
    match text.as_bytes() {
        // What may begin a number, or a word for true, false or nothing.
        [b'.', b'/', ..] | [b'-', b'a'..=b'z' | b'A'..=b'Z', ..] => are_joined(text.as_bytes()),
        [b'0'..=b'9' | b'-' | b'.', ..] | [] => false,
        [b'n' | b'N' | b'y' | b'Y' | b'o' | b'O' | b't' | b'T' | b'f' | b'F', rest @ ..]
            if rest.len() < 5 =>
        {
            false
        }
        bytes => are_joined(bytes),
    }
}

/// Letters, digits and what joins them everywhere.
const LETTER: u8 = 1;
/// What joins them when a letter follows.
const JOINT: u8 = 2;

/// What each byte is; none of both for the rest.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        let letter = byte as u8;
        if letter.is_ascii_alphanumeric() || matches!(letter, b'/' | b'_' | b'-' | b'.') {
            kinds[byte] = LETTER;
        } else if matches!(letter, b':' | b' ') {
            kinds[byte] = JOINT;
        }
        byte += 1;
    }
    kinds
};

/// True for letters, with single colons and blanks between them.
fn are_joined(bytes: &[u8]) -> bool {
    let mut before = JOINT;
    for byte in bytes {
        let kind = KINDS[usize::from(*byte)];
        if kind == 0 || kind & before & JOINT != 0 {
            return false;
        }
        before = kind;
    }
    before == LETTER
}

/// True when a plain scalar of this text would be read as text, by old readers too.
pub(super) fn is_text(text: &str) -> bool {
    const OLD: [&str; 14] =
        ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off"];
    scalar::typed(text).is_none()
        && text != "<<"
        && !OLD.contains(&text)
        && !matches!(text, "Off" | "OFF")
        && !is_base_60(text)
        && !is_timestamp(text)
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`
fn is_base_60(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut count = 0;
    let sixties = parts.all(|part| {
        count += 1;
        match part.as_bytes() {
            [one] => one.is_ascii_digit(),
            [ten, one] => (b'0'..=b'5').contains(ten) && one.is_ascii_digit(),
            _ => false,
        }
    });
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && digits(fraction)
        && count > 0
        && sixties
}

/// `2006-1-2`, alone or with a time.
fn is_timestamp(text: &str) -> bool {
    let number = |text: &str, most: u32| -> Option<u32> {
        let fits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|number| fits && *number <= most)
    };
    let Some((year, rest)) = text.split_once('-').filter(|(year, _)| year.len() == 4) else { return false };
    let Some((month, rest)) = rest.split_once('-') else { return false };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, time) = rest.split_at(end);
    let is_date = year.bytes().all(|b| b.is_ascii_digit())
        && number(month, 12).is_some_and(|month| month > 0)
        && number(day, 31).is_some_and(|day| day > 0);
    is_date && (time.is_empty() || is_time(time, number))
}

fn is_time(text: &str, number: impl Fn(&str, u32) -> Option<u32>) -> bool {
    let Some(clock) = text.strip_prefix(['T', 't', ' ']) else { return false };
    let zoned = !text.starts_with(' ');
    let end = clock.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(end);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let [hour, minute, second] = parts[..] else { return false };
    let has_zone = zone == "Z" || (zone.len() == 6 && zone.starts_with(['+', '-']));
    number(hour, 23).is_some()
        && number(minute, 59).is_some()
        && number(second, 59).is_some()
        && fraction.bytes().all(|b| b.is_ascii_digit())
        && if zoned { has_zone } else { zone.is_empty() }
}

/// What the characters of a text allow.
pub(super) struct Traits {
    pub(super) plain: bool,
    pub(super) single_quoted: bool,
    pub(super) block: bool,
}

impl Traits {
    pub(super) fn of(text: &str) -> Self {
        // Numbers, versions and dates: nothing in them needs a closer look.
        if !text.starts_with(['-', '.']) && are_joined(text.as_bytes()) {
            return Self { plain: true, single_quoted: true, block: true };
        }
        Self::of_each(text)
    }

    fn of_each(text: &str) -> Self {
        let first = text.chars().next();
        let last = text.chars().next_back();
        let blank = |c: Option<char>| matches!(c, None | Some(' ' | '\t'));
        let edge = |c: Option<char>| c.is_some_and(|c| c == ' ' || is_break(c));
        let mut indicators = text.starts_with("---") || text.starts_with("...");
        let (mut breaks, mut break_space, mut space_break) = (false, false, false);
        let (mut tabs, mut special) = (false, false);
        let mut previous = None;
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            let next = characters.peek().copied();
            indicators |= match (previous, c) {
                (
                    None,
                    '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
                    | '`',
                ) => true,
                (None, '?' | ':' | '-') | (Some(_), ':') => blank_or_end(next),
                (Some(before), '#') => blank(Some(before)) || is_break(before),
                _ => false,
            };
            tabs |= c == '\t';
            special |= c != '\t' && !is_printable(c);
            breaks |= is_break(c);
            break_space |= c == ' ' && previous.is_some_and(is_break);
            space_break |= is_break(c) && previous == Some(' ');
            previous = Some(c);
        }
        let quotable = !break_space && !space_break && !tabs && !special;
        Self {
            plain: quotable && !breaks && !indicators && !edge(first) && !edge(last),
            single_quoted: quotable,
            block: !space_break && !special && last != Some(' ') && !text.is_empty(),
        }
    }
}

fn blank_or_end(next: Option<char>) -> bool {
    next.is_none_or(|c| c == ' ' || c == '\t')
}

pub(super) const fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What the writer prints as it is; characters beyond the basic plane are not among it.
pub(super) const fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_looks_like_a_word_at_a_glance_is_one_at_a_closer_look(text in "[-a-zA-Z0-9 :#/._]{1,9}") {
            let (at_once, each) = (Traits::of(&text), Traits::of_each(&text));
            prop_assert_eq!((at_once.plain, at_once.single_quoted, at_once.block), (each.plain, each.single_quoted, each.block));
            prop_assert!(!is_word(&text) || is_text(&text) && Traits::of_each(&text).plain);
        }
    }
}
