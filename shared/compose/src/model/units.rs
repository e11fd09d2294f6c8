//! Durations and byte sizes, as Go reads and prints them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a size or duration is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnitError(pub String);

/// A duration in nanoseconds. Compose specification, "Specifying durations".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(pub i64);

/// A size in bytes. Compose specification, "Specifying byte values".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub i64);

impl Bytes {
    /// For `skip_serializing_if`.
    pub const fn is_zero(&self) -> bool {
        self.0 == 0
    }

    /// `512m`, `1.5gb`, `1024`: number and unit `b k m g t p`, powers of 1024.
    ///
    /// # Errors
    /// `invalid size` or `invalid suffix`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        if let Ok(plain) = text.parse::<i64>() {
            return Ok(Self(plain));
        }
        let split = text.rfind(|c: char| c.is_ascii_digit() || c == '.').map_or(0, |at| at + 1);
        let (number, suffix) = text.split_at(split);
        let invalid = || UnitError(format!("invalid size: '{text}'"));
        let value: f64 = number.parse().map_err(|_| invalid())?;
        if value < 0.0 {
            return Err(invalid());
        }
        let suffix = suffix.strip_prefix(' ').unwrap_or(suffix).to_ascii_lowercase();
        let power = match suffix.as_str() {
            "" | "b" => 0,
            "k" | "kb" | "kib" => 1,
            "m" | "mb" | "mib" => 2,
            "g" | "gb" | "gib" => 3,
            "t" | "tb" | "tib" => 4,
            "p" | "pb" | "pib" => 5,
            _ => return Err(UnitError(format!("invalid suffix: '{suffix}'"))),
        };
        Ok(Self((value * 1024_f64.powi(power)) as i64))
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

const UNITS: [(&str, u64); 10] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
    ("w", 604_800_000_000_000),
];

/// `12.5` in units of `unit` nanoseconds; none when it is no number or does not fit.
fn nanos(number: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
    // Eighteen digits are more than a unit can tell apart.
    let fraction = &fraction[..fraction.len().min(18)];
    let part = fraction.parse::<u64>().unwrap_or_default() as f64;
    let scale = 10_f64.powi(fraction.len() as i32);
    whole.checked_mul(unit)?.checked_add((part * (unit as f64 / scale)) as u64)
}

impl Duration {
    /// `1m30s`, `1.5h`, `2d`, `1w`, `0`.
    ///
    /// # Errors
    /// `missing unit`, `unknown unit` or `invalid duration`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let invalid = || UnitError(format!("invalid duration {text:?}"));
        let (negative, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total = 0_u64;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let (number, after) = rest.split_at(digits);
            let letters = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
            let (unit, after) = after.split_at(letters);
            rest = after;
            if number.is_empty() {
                return Err(invalid());
            }
            if unit.is_empty() {
                return Err(UnitError(format!("missing unit in duration {text:?}")));
            }
            let known = UNITS.iter().find(|(name, _)| *name == unit);
            let (_, size) =
                known.ok_or_else(|| UnitError(format!("unknown unit {unit:?} in duration {text:?}")))?;
            let part = nanos(number, *size).ok_or_else(invalid)?;
            total = total.checked_add(part).ok_or_else(invalid)?;
        }
        let signed = if negative { -i128::from(total) } else { i128::from(total) };
        i64::try_from(signed).map(Self).map_err(|_| invalid())
    }
}

impl fmt::Display for Duration {
    /// As Go's `time.Duration` prints: `1m30s`, `1.5ms`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let nanos = self.0.unsigned_abs();
        let fraction = |f: &mut fmt::Formatter<'_>, whole: u64, part: u64, width: usize, unit: &str| {
            let digits = format!("{part:0width$}");
            match digits.trim_end_matches('0') {
                "" => write!(f, "{whole}{unit}"),
                digits => write!(f, "{whole}.{digits}{unit}"),
            }
        };
        match nanos {
            0..1_000 => write!(f, "{nanos}ns"),
            1_000..1_000_000 => fraction(f, nanos / 1_000, nanos % 1_000, 3, "µs"),
            1_000_000..1_000_000_000 => fraction(f, nanos / 1_000_000, nanos % 1_000_000, 6, "ms"),
            _ => {
                let seconds = nanos / 1_000_000_000;
                if seconds >= 3600 {
                    write!(f, "{}h", seconds / 3600)?;
                }
                if seconds >= 60 {
                    write!(f, "{}m", seconds / 60 % 60)?;
                }
                fraction(f, seconds % 60, nanos % 1_000_000_000, 9, "s")
            }
        }
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Self::parse(&text).map_err(de::Error::custom),
            serde_json::Value::Number(number) => Ok(Self(number.as_i64().unwrap_or(0))),
            other => Err(de::Error::custom(format!("invalid size: {other}"))),
        }
    }
}
