//! A mapping under construction, and values in the forms that people write.

use serde_json::{Map, Value};

use crate::model::Duration;

/// Keys in the order in which people write them.
#[derive(Debug, Default)]
pub(super) struct Sheet(Map<String, Value>);

impl Sheet {
    /// Adds a key, unless its value is what stands there when nothing is written: null, false, zero or empty.
    pub(super) fn put(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        let says_nothing = match &value {
            Value::Null => true,
            Value::Bool(flag) => !flag,
            Value::Number(number) => number.as_f64() == Some(0.0),
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::Object(map) => map.is_empty(),
        };
        if !says_nothing {
            self.keep(key, value);
        }
    }

    /// Adds a key in any case.
    pub(super) fn keep(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All values, to be changed in place.
    pub(super) fn entries_mut(&mut self) -> impl Iterator<Item = (&String, &mut Value)> {
        self.0.iter_mut()
    }
}

impl From<Sheet> for Value {
    fn from(sheet: Sheet) -> Self {
        Self::Object(sheet.0)
    }
}

/// A mapping of texts.
pub(super) fn pairs<'a>(entries: impl IntoIterator<Item = (&'a String, &'a String)>) -> Value {
    entries.into_iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect()
}

/// A list; a single entry stands alone.
pub(super) fn one_or_more(list: &[String]) -> Value {
    if let [only] = list { only.as_str().into() } else { list.into() }
}

/// A command: one line where no word needs quotes.
pub(super) fn words(list: &[String]) -> Value {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@,+%".contains(c);
    let simple = |word: &String| !word.is_empty() && word.chars().all(plain);
    if !list.is_empty() && list.iter().all(simple) { list.join(" ").into() } else { list.into() }
}

/// Bytes with the largest unit that says them in a whole number; nothing for zero.
pub(super) fn size(bytes: i64) -> Value {
    if bytes == 0 {
        return Value::Null;
    }
    let units = [(1 << 30, 'G'), (1 << 20, 'M'), (1 << 10, 'K')];
    match units.iter().find(|(unit, _)| bytes > 0 && bytes % unit == 0) {
        Some((unit, letter)) => format!("{}{letter}", bytes / unit).into(),
        None => bytes.to_string().into(),
    }
}

/// Nanoseconds as `1m30s`; nothing for zero.
pub(super) fn time(nanos: i64) -> Value {
    if nanos == 0 { Value::Null } else { Duration(nanos).to_string().into() }
}

/// The labels that are not Compose's and not the image's.
pub(super) fn own_labels<'a>(
    labels: &'a std::collections::BTreeMap<String, String>,
    inherited: &'a std::collections::BTreeMap<String, String>,
) -> Value {
    const TOOLS: [&str; 2] = ["com.docker.compose.", "desktop.docker.io/"];
    let own = |(key, value): &(&String, &String)| {
        !TOOLS.iter().any(|tool| key.starts_with(tool)) && inherited.get(*key) != Some(*value)
    };
    pairs(labels.iter().filter(own))
}

/// Doubles each `$`, so that the loader takes none for a variable.
pub(super) fn double_dollars(value: &mut Value) {
    match value {
        Value::String(text) if text.contains('$') => *text = text.replace('$', "$$"),
        Value::Array(list) => list.iter_mut().for_each(double_dollars),
        Value::Object(map) => map.values_mut().for_each(double_dollars),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn list(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_command_is_one_line_only_when_it_splits_into_the_same_words() {
        assert_eq!(words(&list(&["redis-server", "--save", "60"])), json!("redis-server --save 60"));
        assert_eq!(words(&list(&["sh", "-c", "a b"])), json!(["sh", "-c", "a b"]));
        assert_eq!(words(&list(&["echo", ""])), json!(["echo", ""]));
        assert_eq!(words(&[]), json!([]));
    }

    #[test]
    fn sizes_lose_no_byte() {
        assert_eq!(size(1 << 30), json!("1G"));
        assert_eq!(size(1536 << 20), json!("1536M"));
        assert_eq!(size(1001), json!("1001"));
        assert_eq!(size(-1), json!("-1"));
    }
}
