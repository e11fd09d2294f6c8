//! The tree that is printed. As that of serde_json, but made for reading once: names of fields and short texts are not
//! allocated, and a mapping is a list of its entries.

use compact_str::CompactString;
use serde::{
    Serialize,
    ser::{SerializeMap, Serializer},
};
use serde_json::Number;

/// A part of a project.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    String(CompactString),
    Array(Vec<Value>),
    Object(Map),
}

/// A mapping in the order it is printed in. Looking up a key takes a walk: that is done for the few keys of the
/// language only, never for names that the user chose.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Map(pub(super) Vec<(CompactString, Value)>);

impl Value {
    pub(super) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    pub(super) const fn as_array_mut(&mut self) -> Option<&mut Vec<Self>> {
        match self {
            Self::Array(list) => Some(list),
            _ => None,
        }
    }

    pub(super) const fn as_object_mut(&mut self) -> Option<&mut Map> {
        match self {
            Self::Object(map) => Some(map),
            _ => None,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(map) => map.get(key),
            _ => None,
        }
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        self.as_object_mut()?.get_mut(key)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl Map {
    fn at(&self, key: &str) -> Option<usize> {
        self.0.iter().position(|(name, _)| name == key)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains_key(&self, key: &str) -> bool {
        self.at(key).is_some()
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.at(key).map(|at| &self.0[at].1)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.at(key).map(|at| &mut self.0[at].1)
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Takes an entry out; those behind it move up.
    pub(super) fn shift_remove(&mut self, key: &str) -> Option<Value> {
        self.at(key).map(|at| self.0.remove(at).1)
    }

    /// Takes an entry out; the last one takes its place.
    pub(super) fn remove(&mut self, key: &str) -> Option<Value> {
        self.at(key).map(|at| self.0.swap_remove(at).1)
    }

    /// Adds an entry behind the others. Its key must be new.
    pub(super) fn push(&mut self, key: &'static str, value: Value) {
        debug_assert!(!self.contains_key(key));
        self.0.push((CompactString::const_new(key), value));
    }

    /// Adds all of these behind the others. Their keys must be new.
    pub(super) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(&str, &Value) -> bool) {
        self.0.retain(|(key, value)| keep(key, value));
    }
}

impl<const N: usize> From<[(&'static str, Value); N]> for Map {
    fn from(entries: [(&'static str, Value); N]) -> Self {
        Self(entries.into_iter().map(|(key, value)| (CompactString::const_new(key), value)).collect())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(list) => list.serialize(serializer),
            Self::Object(map) => {
                let mut entries = serializer.serialize_map(Some(map.0.len()))?;
                for (key, value) in &map.0 {
                    entries.serialize_entry(key.as_str(), value)?;
                }
                entries.end()
            }
        }
    }
}
