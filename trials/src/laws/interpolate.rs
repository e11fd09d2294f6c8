//! A text without variables stays as it is, and doubling its dollars takes all meaning from them.

use composeyard_compose::{LoadRequest, load};

use super::{Corpus, mutate::WORDS};
use crate::{project, random::Random, request};

const PARTS: [&str; 24] = [
    "$",
    "$$",
    "${",
    "}",
    "${A}",
    "$A",
    "${A:-",
    "${A-",
    "${A:+",
    "${A+",
    "${A:?",
    "${B?",
    "A",
    "_1",
    "x",
    " ",
    ":",
    "-",
    "{",
    "\"",
    "\n",
    "é",
    "${NONE}",
    "${SET:-${EMPTY:+x}}",
];

pub(super) fn input(random: &mut Random, _: &Corpus) -> String {
    let mut text = String::new();
    for _ in 0..random.below(12) {
        let parts: &[&str] = if random.below(6) == 0 { &WORDS } else { &PARTS };
        text.push_str(random.pick(parts).unwrap_or_default());
    }
    text.replace('\0', "")
}

pub(super) fn holds(text: &str, _: &mut Random) -> Result<(), String> {
    filled(text, false);
    let doubled = text.replace('$', "$$");
    for (written, no_interpolate) in [(doubled.as_str(), false), (text, true)] {
        match filled(written, no_interpolate) {
            Some(value) if value == text => {}
            other => return Err(format!("{written:?} came to {other:?}")),
        }
    }
    Ok(())
}

/// What a variable of a service comes to.
fn filled(text: &str, no_interpolate: bool) -> Option<String> {
    // A JSON string is YAML in double quotes.
    let quoted = serde_json::Value::from(text).to_string();
    let files = project(format!("services: {{app: {{image: x, environment: {{V: {quoted}}}}}}}\n"));
    let mut request = LoadRequest { no_interpolate, ..request() };
    for (name, value) in [("SET", "set"), ("EMPTY", ""), ("A", "$A ${B}")] {
        request.environment.insert(name.to_owned(), value.to_owned());
    }
    let project = load(&files, &request).project?;
    project.services.values().next()?.environment.get("V")?.clone()
}
