//! Small pieces of English that messages are made of.

/// `A service`, `An address pool`.
pub(crate) fn article(noun: &str) -> String {
    let vowel = noun.starts_with(|c: char| "aeiouAEIOU".contains(c));
    format!("{} {noun}", if vowel { "An" } else { "A" })
}

/// `a`, `a and b`, `a, b and c`, joined with another word if need be.
pub(crate) fn list(items: &[String], joint: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} {joint} {last}", rest.join(", ")),
    }
}
