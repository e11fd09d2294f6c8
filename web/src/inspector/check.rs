//! What is wrong with a value before it becomes an edit. Values with `${…}` are left to the check of the whole text.

/// What is wrong with a port in short form, if anything.
pub(super) fn port(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return Some("Write a port, such as 8080:80.".to_owned());
    }
    if text.contains("${") {
        return None;
    }
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    if !matches!(protocol, "tcp" | "udp" | "sctp") {
        return Some(format!("{protocol} is not a protocol. Use tcp, udp or sctp."));
    }
    // An address of version 6 has colons of its own, within brackets.
    let ports = ports.rsplit_once("]:").map_or(ports, |(_, ports)| ports);
    let mut parts: Vec<&str> = ports.split(':').collect();
    if parts.len() == 3 {
        parts.remove(0);
    }
    let wrong = match parts.as_slice() {
        [target] => range(target),
        ["", target] => range(target),
        [published, target] => range(published).or_else(|| range(target)),
        _ => Some(text),
    };
    wrong.map(|part| format!("{part} is not a port. Use numbers from 1 to 65535, such as 8080:80."))
}

/// The part that is not a port or a range of ports, if it is not.
fn range(text: &str) -> Option<&str> {
    let number = |text: &str| text.parse::<u16>().is_ok_and(|port| port > 0);
    let fine = match text.split_once('-') {
        Some((from, to)) => number(from) && number(to),
        None => number(text),
    };
    (!fine).then_some(text)
}

/// What is wrong with the name of a variable, if anything.
pub(super) fn variable(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("Write a name.".to_owned());
    }
    let bad = name.chars().find(|c| c.is_whitespace() || *c == '=');
    bad.map(|_| "A name has no spaces and no equals sign.".to_owned())
}

/// What is wrong with the key of a network or volume, if anything.
pub(super) fn key(name: &str) -> Option<String> {
    let fine = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    (!fine).then(|| "Use letters, digits, dots, hyphens and underscores.".to_owned())
}

/// What is wrong with a path in a container, if anything.
pub(super) fn target(path: &str) -> Option<String> {
    (!path.starts_with('/')).then(|| "A path in the container starts with a slash.".to_owned())
}

/// What is wrong with an image reference, if anything.
pub(super) fn image(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return Some("Write an image, such as nginx:1.27-alpine.".to_owned());
    }
    let fine = text.contains("${") || !text.contains(char::is_whitespace);
    (!fine).then(|| "An image's name has no spaces.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_short_form_of_a_port_passes() {
        for text in [
            "80",
            "8080:80",
            "127.0.0.1:8080:80/udp",
            "[::1]:80:80",
            "3000-3005:3000-3005",
            "127.0.0.1::80",
            "${P}:80",
        ] {
            assert_eq!(port(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_port_is_named() {
        for (text, part) in
            [("80a:80", "80a"), ("0:80", "0"), ("80:70000", "70000"), ("80/http", "http"), ("", "Write")]
        {
            assert!(port(text).is_some_and(|problem| problem.starts_with(part)), "{text}");
        }
    }
}
