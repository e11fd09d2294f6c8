//! Takes typed fields out of a mapping; what does not fit is reported at its place and left out.

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::{
    load::{
        findings::Findings,
        interpolate::Cast,
        path::Path,
        tree::{Data, Map, Value},
    },
    model::{Bytes, Duration, Extra},
};

/// The fields of one mapping.
pub(super) struct Fields<'a> {
    map: Option<&'a Map>,
    pub(super) path: Path<'a>,
    pub(super) findings: &'a mut Findings,
}

impl<'a> Fields<'a> {
    /// The fields of a value; none, with a finding, when it is no mapping. Null has no fields.
    pub(super) fn of(value: &'a Value, path: Path<'a>, findings: &'a mut Findings) -> Self {
        if value.map().is_none() && !value.is_null() {
            wrong_kind(value, "a mapping", &path, findings);
        }
        Self { map: value.map(), path, findings }
    }

    /// A field that is there and not null.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.map?.get(key).filter(|value| !value.is_null())
    }

    /// Reads one field with a reader for its kind.
    fn read<T>(&mut self, key: &str, read: fn(&Value) -> Result<T, Misfit>) -> Option<T> {
        let value = self.get(key)?;
        let path = self.path.key(key);
        read(value).map_err(|misfit| misfit.report(value, &path, self.findings)).ok()
    }

    pub(super) fn text(&mut self, key: &str) -> String {
        self.read(key, text).unwrap_or_default()
    }

    /// A text that may be missing.
    pub(super) fn optional_text(&mut self, key: &str) -> Option<String> {
        self.read(key, text)
    }

    /// Any scalar, as text.
    pub(super) fn scalar(&mut self, key: &str) -> String {
        self.read(key, |value| value.scalar().ok_or(Misfit::Kind("text"))).unwrap_or_default()
    }

    pub(super) fn flag(&mut self, key: &str) -> bool {
        self.flag_option(key).unwrap_or_default()
    }

    pub(super) fn flag_option(&mut self, key: &str) -> Option<bool> {
        self.read(key, flag)
    }

    pub(super) fn int(&mut self, key: &str) -> i64 {
        self.int_option(key).unwrap_or_default()
    }

    /// A limit of a process, as [`limit`] reads it.
    pub(super) fn limit(&mut self, key: &str) -> i64 {
        self.read(key, limit).unwrap_or_default()
    }

    pub(super) fn int_option(&mut self, key: &str) -> Option<i64> {
        self.read(key, int)
    }

    pub(super) fn unsigned(&mut self, key: &str) -> Option<u64> {
        self.read(key, |value| {
            let number = match value.data {
                Data::Text(_) => return Err(Misfit::Kind("a number")),
                Data::Huge(number) => return Ok(number),
                // As the reference: what 64 bits cannot hold is the highest of them alone.
                Data::Float(number) if number >= u64::MAX as f64 => return Ok(1 << 63),
                Data::Float(number) if number > 0.0 => return Ok(number as u64),
                _ => int(value)?,
            };
            u64::try_from(number).map_err(|_| Misfit::Number(format!("{number} must not be negative")))
        })
    }

    pub(super) fn float(&mut self, key: &str) -> f64 {
        self.read(key, float).unwrap_or_default()
    }

    pub(super) fn bytes(&mut self, key: &str) -> Bytes {
        self.read(key, bytes).unwrap_or_default()
    }

    /// A size that is not written with a fraction.
    pub(super) fn whole_bytes(&mut self, key: &str) -> Bytes {
        let read = |value: &Value| match value.data {
            Data::Float(number) if number.fract() != 0.0 => {
                Err(Misfit::Size(format!("{number} is not a whole number of bytes")))
            }
            _ => bytes(value),
        };
        self.read(key, read).unwrap_or_default()
    }

    pub(super) fn duration(&mut self, key: &str) -> Option<Duration> {
        self.read(key, duration)
    }

    /// A list of texts; a single text stands for a list of it.
    pub(super) fn texts(&mut self, key: &str) -> Vec<String> {
        self.items(key, text)
    }

    fn items<T>(&mut self, key: &str, read: fn(&Value) -> Result<T, Misfit>) -> Vec<T> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let list = match &value.data {
            Data::List(list) => list.as_slice(),
            Data::Map(_) => {
                wrong_kind(value, "a list", &self.path.key(key), self.findings);
                return Vec::new();
            }
            _ => std::slice::from_ref(value),
        };
        let path = self.path.key(key);
        let mut items = Vec::with_capacity(list.len());
        for (index, item) in list.iter().enumerate() {
            match read(item) {
                Ok(item) => items.push(item),
                Err(misfit) => misfit.report(item, &path.item(index), self.findings),
            }
        }
        items
    }

    /// A mapping of texts and whole numbers; null is empty.
    pub(super) fn options(&mut self, key: &str) -> BTreeMap<String, String> {
        self.entries(key, |value, path, findings| {
            if value.is_null() {
                return Some(String::new());
            }
            text(value).map_err(|misfit| misfit.report(value, &path, findings)).ok()
        })
    }

    /// A mapping of texts; numbers and booleans are printed, null is empty.
    pub(super) fn labels(&mut self, key: &str) -> BTreeMap<String, String> {
        self.variables(key).into_iter().map(|(key, value)| (key, value.unwrap_or_default())).collect()
    }

    /// A mapping of texts in which null stays null.
    pub(super) fn variables(&mut self, key: &str) -> BTreeMap<String, Option<String>> {
        let Some(value) = self.get(key) else { return BTreeMap::new() };
        let path = self.path.key(key);
        let map = match &value.data {
            Data::Map(map) => map,
            Data::List(list) => return pairs(list),
            _ => {
                wrong_kind(value, "a list or a mapping", &path, self.findings);
                return BTreeMap::new();
            }
        };
        let bound = |(key, value): (&CompactString, &Value)| {
            let text = scalar_or_null(value, &path.key(key), self.findings);
            (key.as_str().to_owned(), text)
        };
        map.iter().map(bound).collect()
    }

    /// Binds each item of a list.
    pub(super) fn each<T>(
        &mut self,
        key: &str,
        bind: impl Fn(&Value, Path<'_>, &mut Findings) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let path = self.path.key(key);
        let Data::List(list) = &value.data else {
            wrong_kind(value, "a list", &path, self.findings);
            return Vec::new();
        };
        // Items are large: a list that grows would take room for four of them.
        let mut items = Vec::with_capacity(list.len());
        for (index, item) in list.iter().enumerate() {
            items.extend(bind(item, path.item(index), self.findings));
        }
        items
    }

    /// Binds each value of a mapping, null included.
    pub(super) fn entries<T>(
        &mut self,
        key: &str,
        bind: impl Fn(&Value, Path<'_>, &mut Findings) -> Option<T>,
    ) -> BTreeMap<String, T> {
        let Some(value) = self.get(key) else { return BTreeMap::new() };
        let path = self.path.key(key);
        let Data::Map(map) = &value.data else {
            wrong_kind(value, "a mapping", &path, self.findings);
            return BTreeMap::new();
        };
        let bind_entry = |(key, value): (&CompactString, &Value)| {
            let bound = bind(value, path.key(key), self.findings);
            bound.map(|bound| (key.as_str().to_owned(), bound))
        };
        map.iter().filter_map(bind_entry).collect()
    }

    /// Binds a nested mapping.
    pub(super) fn nested<T>(&mut self, key: &str, bind: impl Fn(Fields<'_>) -> T) -> Option<T> {
        let value = self.get(key)?;
        let path = self.path.key(key);
        Some(bind(Fields::of(value, path, self.findings)))
    }

    /// Kept as data.
    pub(super) fn json(&self, key: &str) -> Option<serde_json::Value> {
        self.get(key).map(Value::to_json)
    }

    /// The `x-…` fields, as data.
    pub(super) fn extra(&self) -> Extra {
        let entries = self.map.into_iter().flatten();
        let extensions = entries.filter(|(key, _)| key.starts_with("x-"));
        extensions.map(|(key, value)| (key.as_str().to_owned(), value.to_json())).collect()
    }
}

/// Items of the form `NAME=value`; a name alone has no value.
fn pairs(list: &[Value]) -> BTreeMap<String, Option<String>> {
    let pair = |text: String| match text.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (text, None),
    };
    list.iter().filter_map(Value::scalar).map(pair).collect()
}

/// Why a value does not fit its field.
pub(super) enum Misfit {
    /// Another kind is wanted.
    Kind(&'static str),
    Number(String),
    Size(String),
    Duration(String),
}

impl Misfit {
    pub(super) fn report(self, value: &Value, path: &Path<'_>, findings: &mut Findings) {
        let (code, message, help) = match self {
            Self::Kind(wanted) => return wrong_kind(value, wanted, path, findings),
            Self::Number(message) => ("CY026", message, "Write a number."),
            Self::Size(message) => ("CY023", message, "Write a number with b, k, m or g, for example 512m."),
            Self::Duration(message) => {
                ("CY022", message, "Write numbers with units, for example 1m30s (us, ms, s, m, h).")
            }
        };
        findings.error(code, value.place, path, format!("{path}: {message}")).help = Some(help.to_owned());
    }
}

pub(super) fn wrong_kind(value: &Value, wanted: &str, path: &Path<'_>, findings: &mut Findings) {
    findings.error("CY020", value.place, path, format!("{path} must be {wanted}, not {}", value.kind()));
}

/// A whole number is taken as its digits; what else is no text is refused.
pub(super) fn text(value: &Value) -> Result<String, Misfit> {
    match &value.data {
        Data::Text(text) => Ok(text.as_str().to_owned()),
        Data::Int(number) => Ok(number.to_string()),
        _ => Err(Misfit::Kind("text")),
    }
}

fn flag(value: &Value) -> Result<bool, Misfit> {
    match &value.data {
        Data::Bool(flag) => Ok(*flag),
        Data::Text(text) => match Cast::Bool.apply(text) {
            Ok(Data::Bool(flag)) => Ok(flag),
            _ => Err(Misfit::Kind("true or false")),
        },
        _ => Err(Misfit::Kind("true or false")),
    }
}

pub(super) fn int(value: &Value) -> Result<i64, Misfit> {
    match &value.data {
        Data::Int(number) => Ok(*number),
        Data::Huge(number) => Ok(cut(*number as f64)),
        Data::Float(number) => Ok(cut(*number)),
        Data::Text(text) => {
            text.parse().map_err(|_| Misfit::Number(format!("{text:?} is not a whole number")))
        }
        _ => Err(Misfit::Kind("a number")),
    }
}

/// A number in digits. Where text may stand for one, it has become a number with the variables.
pub(super) fn limit(value: &Value) -> Result<i64, Misfit> {
    if value.text().is_some() { Err(Misfit::Kind("a number")) } else { whole(value) }
}

/// An integer that is not even written with a point.
pub(super) fn whole(value: &Value) -> Result<i64, Misfit> {
    match value.data {
        Data::Float(number) => {
            Err(Misfit::Number(format!("{number} is written with a point or an exponent")))
        }
        _ => int(value),
    }
}

/// As the reference: what is behind the point is dropped, and what 64 bits cannot hold is the least number of all.
pub(super) fn cut(number: f64) -> i64 {
    let holds = number >= i64::MIN as f64 && number < i64::MAX as f64;
    if holds { number as i64 } else { i64::MIN }
}

/// The reference keeps 32 bits; the result is the number that prints the same.
fn float(value: &Value) -> Result<f64, Misfit> {
    let number = match &value.data {
        Data::Int(number) => *number as f64,
        Data::Huge(number) => *number as f64,
        Data::Float(number) => *number,
        Data::Text(text) => text.parse().map_err(|_| Misfit::Number(format!("{text:?} is not a number")))?,
        _ => return Err(Misfit::Kind("a number")),
    };
    if !number.is_finite() {
        return Err(Misfit::Number(format!("{number} has no end")));
    }
    Ok((number as f32).to_string().parse().unwrap_or(number))
}

pub(super) fn bytes(value: &Value) -> Result<Bytes, Misfit> {
    match &value.data {
        Data::Int(number) => Ok(Bytes(*number)),
        Data::Text(text) => Bytes::parse(text).map_err(|error| Misfit::Size(error.to_string())),
        // As the reference: a number with a point is no size, and silently none.
        Data::Huge(_) | Data::Float(_) => Ok(Bytes(0)),
        _ => Err(Misfit::Kind("a size")),
    }
}

fn duration(value: &Value) -> Result<Duration, Misfit> {
    let text = value.words().ok_or(Misfit::Kind("a duration"))?;
    Duration::parse(&text).map_err(|error| Misfit::Duration(error.to_string()))
}

fn scalar_or_null(value: &Value, path: &Path<'_>, findings: &mut Findings) -> Option<String> {
    let text = value.scalar();
    if text.is_none() && !value.is_null() {
        wrong_kind(value, "text", path, findings);
    }
    text
}
