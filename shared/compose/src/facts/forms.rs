//! Text of a certain form: restart policies, pull policies, container names, ports.

use crate::model::Duration;

/// A form that a text must have.
#[derive(Debug)]
pub struct Form {
    /// What one calls it, with an article: `a restart policy`.
    pub name: &'static str,
    /// What it looks like, for people.
    pub looks_like: &'static str,
    /// Values to offer.
    pub words: &'static [&'static str],
    /// True when a text has the form.
    pub accepts: fn(&str) -> bool,
    /// True when the reference's schema takes a text, whatever the engine says of it later.
    pub loads: fn(&str) -> bool,
}

/// For forms that the schema of the reference says nothing about.
pub(super) const ANY: fn(&str) -> bool = |_| true;

/// For numbers that must be whole; what is no number is the engine's business.
pub(super) const WHOLE: fn(&str) -> bool =
    |text| text.parse::<f64>().map_or(true, |number| number.fract() == 0.0);

/// `every_` and one or more numbers with a unit, anywhere in a text.
fn has_interval(text: &str) -> bool {
    text.match_indices("every_").any(|(at, word)| {
        let rest = &text[at + word.len()..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && rest[digits..].starts_with(['w', 'd', 'h', 'm', 's'])
    })
}

/// `restart` of a service.
pub(super) static RESTART: Form = Form {
    name: "a restart policy",
    looks_like: "`\"no\"`, `always`, `unless-stopped`, `on-failure` or `on-failure:3`",
    words: &["no", "always", "unless-stopped", "on-failure"],
    accepts: |text| {
        matches!(text, "" | "no" | "always" | "unless-stopped" | "on-failure")
            || text.strip_prefix("on-failure:").is_some_and(|count| count.parse::<u32>().is_ok())
    },
    loads: ANY,
};

/// `pull_refresh_after` of a service.
pub(super) static PULL_AGE: Form = Form {
    name: "a duration",
    looks_like: "a number and a unit: `12h`, `7d`, `2w`",
    words: &[],
    accepts: |text| Duration::parse(text).is_ok(),
    loads: ANY,
};

/// `pull_policy` of a service.
pub(super) static PULL_POLICY: Form = Form {
    name: "a pull policy",
    looks_like: "`always`, `never`, `missing`, `build`, `daily`, `weekly` or `every_12h`",
    words: &["missing", "always", "never", "build", "daily", "weekly"],
    accepts: |text| {
        const WORDS: [&str; 8] =
            ["always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly"];
        WORDS.contains(&text)
            || text.strip_prefix("every_").is_some_and(|every| Duration::parse(every).is_ok())
    },
    loads: |text| {
        // The pattern of the schema is not anchored.
        let words = ["always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly"];
        words.iter().any(|word| text.contains(word)) || has_interval(text)
    },
};

/// `container_name` of a service.
pub(super) static CONTAINER_NAME: Form = Form {
    name: "a container name",
    looks_like: "a letter or digit, then letters, digits, `_`, `.` and `-`, two characters at least",
    words: &[],
    accepts: |text| {
        let mut bytes = text.bytes();
        text.len() >= 2
            && bytes.next().is_some_and(|b| b.is_ascii_alphanumeric())
            && bytes.all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
    },
    loads: |text| {
        // The pattern of the schema is not anchored.
        let follows = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
        text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_alphanumeric() && follows(pair[1]))
    },
};

/// `published` of a port: a number or a range.
pub(super) static PORT_OR_RANGE: Form = Form {
    name: "a port",
    looks_like: "a number from 0 to 65535, or a range such as `8000-8010`",
    words: &[],
    accepts: |text| match text.split_once('-') {
        Some((first, last)) => {
            matches!((first.parse::<u16>(), last.parse::<u16>()), (Ok(first), Ok(last)) if first <= last)
        }
        None => text.is_empty() || text.parse::<u16>().is_ok(),
    },
    loads: WHOLE,
};

/// `target` of a port.
pub(super) static PORT: Form = Form {
    name: "a container port",
    looks_like: "a number from 1 to 65535",
    words: &[],
    accepts: |text| text.parse::<u16>().is_ok_and(|port| port > 0),
    loads: WHOLE,
};

/// `protocol` of a port.
pub(super) static PROTOCOL: Form = Form {
    name: "a protocol",
    looks_like: "`tcp`, `udp` or `sctp`",
    words: &["tcp", "udp", "sctp"],
    accepts: |text| ["tcp", "udp", "sctp"].iter().any(|known| text.eq_ignore_ascii_case(known)),
    loads: ANY,
};

/// `rate` of a block device: bytes or operations a second.
pub(super) static RATE: Form = Form {
    name: "a rate",
    looks_like: "a number, or bytes such as `12mb`",
    words: &[],
    accepts: |text| crate::model::Bytes::parse(text).is_ok(),
    loads: WHOLE,
};

/// Bytes that cannot be negative or a fraction.
pub(super) static WHOLE_BYTES: Form = Form {
    name: "a size",
    looks_like: "whole bytes, or a size such as `64m`",
    words: &[],
    accepts: |text| {
        let fraction = text.contains('.') && !text.ends_with(|c: char| c.is_ascii_alphabetic());
        !fraction && crate::model::Bytes::parse(text).is_ok_and(|bytes| bytes.0 >= 0)
    },
    loads: |text| WHOLE(text) && !text.starts_with('-'),
};

/// How many devices.
pub(super) static DEVICE_COUNT: Form = Form {
    name: "a number of devices",
    looks_like: "a number or `all`",
    words: &["all"],
    accepts: |text| text == "all" || text.parse::<i64>().is_ok(),
    loads: WHOLE,
};

/// Permissions of a file in octal notation.
pub(super) static FILE_MODE: Form = Form {
    name: "file permissions",
    looks_like: "octal digits such as `\"0440\"`",
    words: &["0444", "0440", "0400"],
    accepts: |text| {
        let digits = text.strip_prefix("0o").unwrap_or(text);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    },
    loads: ANY,
};

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(form: &Form, texts: &[&str]) -> Vec<bool> {
        texts.iter().map(|text| (form.accepts)(text)).collect()
    }

    #[test]
    fn restart_policies_may_count() {
        assert_eq!(
            verdicts(&RESTART, &["no", "on-failure:3", "on-failure:x", "sometimes"]),
            [true, true, false, false]
        );
    }

    #[test]
    fn pull_policies_may_name_an_interval() {
        assert_eq!(
            verdicts(&PULL_POLICY, &["missing", "every_12h", "every_", "foo"]),
            [true, true, false, false]
        );
    }

    #[test]
    fn published_ports_may_be_ranges_in_order() {
        assert_eq!(
            verdicts(&PORT_OR_RANGE, &["80", "8000-8010", "8010-8000", "70000", "http"]),
            [true, true, false, false, false]
        );
    }
}
