//! Mappings of the value tree, in source order. Nearly all of them are short: those are searched from their start, which
//! costs less than a table of hashes does; the others get one. Most searches are for keys that are not there (a service
//! has ten of a hundred): a mark for each key that was ever put in answers nearly all of those.

use std::fmt;
use std::slice;

use compact_str::CompactString;
use foldhash::{HashMap, HashMapExt};
use thin_vec::ThinVec;

use super::tree::Value;
use crate::mark::mark;

/// From here on keys are looked up by their hashes.
const MANY: usize = 24;

/// A mapping, in the room of two words.
#[derive(Clone)]
pub(crate) enum Map {
    /// With the marks of all keys that were ever put in; keys share marks.
    Short(ThinVec<Entry>, u64),
    /// Of [`MANY`] entries and more.
    Long(Box<Long>),
}

type Entry = (CompactString, Value);

/// The entries of a long mapping, and where each key stands.
#[derive(Clone)]
pub(crate) struct Long {
    entries: ThinVec<Entry>,
    places: HashMap<CompactString, usize>,
}

impl Default for Map {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl Map {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self::Short(ThinVec::with_capacity(capacity), 0)
    }

    fn of(entries: ThinVec<Entry>) -> Self {
        if entries.len() < MANY {
            let marks = entries.iter().fold(0, |marks, (key, _)| marks | bit(key));
            return Self::Short(entries, marks);
        }
        let mut places = HashMap::with_capacity(entries.capacity());
        places.extend(entries.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)));
        Self::Long(Box::new(Long { entries, places }))
    }

    const fn entries(&self) -> &ThinVec<Entry> {
        match self {
            Self::Short(entries, _) => entries,
            Self::Long(long) => &long.entries,
        }
    }

    const fn entries_mut(&mut self) -> &mut ThinVec<Entry> {
        match self {
            Self::Short(entries, _) => entries,
            Self::Long(long) => &mut long.entries,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.entries().len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    #[inline]
    fn place(&self, key: &str) -> Option<usize> {
        match self {
            Self::Short(_, marks) if marks & bit(key) == 0 => None,
            _ => self.search(key),
        }
    }

    fn search(&self, key: &str) -> Option<usize> {
        match self {
            Self::Short(entries, _) => entries.iter().position(|(name, _)| name.as_bytes() == key.as_bytes()),
            Self::Long(long) => long.places.get(key).copied(),
        }
    }

    pub(crate) fn contains_key(&self, key: &str) -> bool {
        self.place(key).is_some()
    }

    #[inline]
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.place(key).map(|at| &self.entries()[at].1)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.place(key).map(|at| &mut self.entries_mut()[at].1)
    }

    /// Puts a value in the place of the one with this key, or behind all others; gives the one it replaces.
    pub(crate) fn insert(&mut self, key: impl Into<CompactString>, value: Value) -> Option<Value> {
        let key = key.into();
        match self.place(&key) {
            Some(at) => Some(std::mem::replace(&mut self.entries_mut()[at].1, value)),
            None => {
                self.push(key, value);
                None
            }
        }
    }

    /// Puts an entry behind all others. Its key must be new.
    pub(crate) fn push(&mut self, key: impl Into<CompactString>, value: Value) {
        let key = key.into();
        match self {
            Self::Short(entries, marks) => {
                *marks |= bit(&key);
                entries.push((key, value));
                if entries.len() >= MANY {
                    *self = Self::of(std::mem::take(entries));
                }
            }
            Self::Long(long) => {
                long.places.insert(key.clone(), long.entries.len());
                long.entries.push((key, value));
            }
        }
    }

    /// The value of a key; where there is none, this one is put behind all others.
    pub(crate) fn get_or_insert_with(&mut self, key: &str, value: impl FnOnce() -> Value) -> &mut Value {
        let at = self.place(key).unwrap_or_else(|| {
            self.push(key, value());
            self.len() - 1
        });
        &mut self.entries_mut()[at].1
    }

    /// Takes an entry out; those behind it move up.
    pub(crate) fn shift_remove(&mut self, key: &str) -> Option<Value> {
        let at = self.place(key)?;
        let (_, value) = self.entries_mut().remove(at);
        self.find_again();
        Some(value)
    }

    /// Takes an entry out; the last one takes its place.
    pub(crate) fn swap_remove(&mut self, key: &str) -> Option<Value> {
        let at = self.place(key)?;
        let (_, value) = self.entries_mut().swap_remove(at);
        if let Self::Long(long) = self {
            long.places.remove(key);
            if let Some(place) = long.entries.get(at).and_then(|(moved, _)| long.places.get_mut(moved)) {
                *place = at;
            }
        }
        Some(value)
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&CompactString, &mut Value) -> bool) {
        let before = self.len();
        self.entries_mut().retain_mut(|(key, value)| keep(key, value));
        if self.len() < before {
            self.find_again();
        }
    }

    /// After entries have moved.
    fn find_again(&mut self) {
        if let Self::Long(long) = self {
            *self = Self::of(std::mem::take(&mut long.entries));
        }
    }

    pub(crate) fn iter(&self) -> Iter<'_> {
        Iter(self.entries().iter())
    }

    pub(crate) fn iter_mut(&mut self) -> IterMut<'_> {
        IterMut(self.entries_mut().iter_mut())
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &CompactString> {
        self.entries().iter().map(|(key, _)| key)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.entries().iter().map(|(_, value)| value)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.entries_mut().iter_mut().map(|(_, value)| value)
    }
}

/// The bit of a key's mark.
#[inline]
const fn bit(key: &str) -> u64 {
    1 << mark(key)
}

/// The order does not count.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

impl<K: Into<CompactString>> Extend<(K, Value)> for Map {
    fn extend<T: IntoIterator<Item = (K, Value)>>(&mut self, entries: T) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Into<CompactString>> FromIterator<(K, Value)> for Map {
    fn from_iter<T: IntoIterator<Item = (K, Value)>>(entries: T) -> Self {
        let entries = entries.into_iter();
        let mut map = Self::with_capacity(entries.size_hint().0);
        map.extend(entries);
        map
    }
}

/// The entries of a mapping.
#[derive(Clone, Debug)]
pub(crate) struct Iter<'a>(slice::Iter<'a, Entry>);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a CompactString, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

/// The entries of a mapping, to change their values.
#[derive(Debug)]
pub(crate) struct IterMut<'a>(slice::IterMut<'a, Entry>);

impl<'a> Iterator for IterMut<'a> {
    type Item = (&'a CompactString, &'a mut Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (&*key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a CompactString, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut Map {
    type Item = (&'a CompactString, &'a mut Value);
    type IntoIter = IterMut<'a>;

    fn into_iter(self) -> IterMut<'a> {
        self.iter_mut()
    }
}

impl IntoIterator for Map {
    type Item = (CompactString, Value);
    type IntoIter = thin_vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        match self {
            Self::Short(entries, _) => entries.into_iter(),
            Self::Long(long) => long.entries.into_iter(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::tree::{Data, Place};

    fn number(number: usize) -> Value {
        Value::new(Data::Int(number as i64), Place::NOWHERE)
    }

    fn map(length: usize) -> Map {
        (0..length).map(|at| (at.to_string(), number(at))).collect()
    }

    #[test]
    fn a_long_mapping_finds_what_a_short_one_finds() {
        for length in [3, MANY - 1, MANY, MANY + 1, 100] {
            let mut map = map(length);
            assert_eq!(map.insert("1".to_owned(), number(7)), Some(number(1)), "{length}");
            assert_eq!(map.shift_remove("0"), Some(number(0)), "{length}");
            assert_eq!(map.swap_remove("1"), Some(number(7)), "{length}");
            assert_eq!(map.get("1"), None, "{length}");
            map.retain(|key, _| key != "5");
            for at in (2..length).filter(|at| *at != 5) {
                assert_eq!(map.get(&at.to_string()), Some(&number(at)), "{at} of {length}");
            }
            assert_eq!(map.get_or_insert_with("new", || number(9)), &number(9), "{length}");
            assert_eq!(map.keys().last().map(CompactString::as_str), Some("new"), "{length}");
        }
    }

    #[test]
    fn mappings_are_equal_in_any_order() {
        let turned: Map = (0..30).rev().map(|at| (at.to_string(), number(at))).collect();
        assert_eq!(map(30), turned);
        assert_ne!(map(30), map(29));
    }
}
