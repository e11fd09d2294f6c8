//! Plain scalars to data, as the reference's YAML reader types them.

use std::borrow::Cow;

use super::tree::Data;

/// What an unquoted scalar stands for. Only `true` and `false` are booleans; `0440`, `0o440`, `0x1F` and `0b1` are
/// integers and `_` in them is ignored; dates, numbers beyond all bounds and everything else are text, for which there is
/// none.
pub(crate) fn typed(text: &str) -> Option<Data> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Data::Null),
        "true" | "True" | "TRUE" => return Some(Data::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Data::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Some(Data::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some(Data::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return Some(Data::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    let digits = if text.contains('_') { text.replace('_', "").into() } else { Cow::Borrowed(text) };
    let fits = |number: &f64| number.is_finite() && is_decimal(&digits);
    let float = || digits.parse().ok().filter(fits).map(Data::Float);
    integer(&digits).or_else(float)
}

/// True for the words that mean yes where no schema asks for a boolean: in variables, and in what is not cast.
pub(super) fn says_true(word: &str) -> bool {
    matches!(word, "1" | "t" | "T" | "true" | "True" | "TRUE")
}

fn integer(text: &str) -> Option<Data> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()?;
    let value = if negative { -value } else { value };
    let huge = || u64::try_from(value).ok().map(Data::Huge);
    i64::try_from(value).ok().map(Data::Int).or_else(huge)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (number, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    let number_fits = match number.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && all_digits(fraction),
        Some((whole, fraction)) => all_digits(whole) && all_digits(fraction),
        None => !number.is_empty() && all_digits(number),
    };
    exponent_fits && number_fits
}

#[cfg(test)]
mod tests {
    use super::{Data, typed};

    fn plain(text: &str) -> Data {
        typed(text).unwrap_or_else(|| Data::Text(text.into()))
    }

    #[test]
    fn only_yaml_1_2_words_are_booleans() {
        assert_eq!(plain("true"), Data::Bool(true));
        assert_eq!(plain("yes"), Data::Text("yes".into()));
        assert_eq!(plain("on"), Data::Text("on".into()));
    }

    #[test]
    fn integers_may_be_octal_hexadecimal_or_binary() {
        for (text, value) in
            [("0440", 288), ("0o440", 288), ("0x1F", 31), ("0b101", 5), ("1_000", 1000), ("-7", -7)]
        {
            assert_eq!(plain(text), Data::Int(value), "{text}");
        }
    }

    #[test]
    fn numbers_with_a_point_or_exponent_are_floats_and_the_rest_is_text() {
        assert_eq!(plain("1.10"), Data::Float(1.1));
        assert_eq!(plain("1e3"), Data::Float(1000.0));
        assert_eq!(plain("089"), Data::Float(89.0));
        assert_eq!(plain("18446744073709551615"), Data::Huge(u64::MAX));
        assert_eq!(plain("18446744073709551616"), Data::Float(18_446_744_073_709_551_616.0));
        for text in ["1e400", "8080:80", "2024-01-01", "1.2.3", "512m", "-", "+x", "0x", "10:20:30"] {
            assert_eq!(plain(text), Data::Text(text.into()));
        }
    }
}
