//! The value tree that all steps work on: data as the reference's YAML reader types it, each value with the place it
//! was written at.

use std::borrow::Cow;

use compact_str::CompactString;
use composeyard_yaml::Span;
use thin_vec::ThinVec;

pub(crate) use super::map::Map;

/// A byte range in one of the files of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: u32,
    start: u32,
    end: u32,
}

impl Place {
    /// For values that no file holds, such as defaults.
    pub(crate) const NOWHERE: Self = Self { file: u32::MAX, start: 0, end: 0 };

    pub(crate) const fn new(file: u32, span: Span) -> Self {
        Self { file, start: span.start as u32, end: span.end as u32 }
    }

    pub(crate) const fn span(self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// A part of this place, `at` bytes from its start.
    pub(crate) const fn part(self, at: usize, length: usize) -> Self {
        let start = self.start + at as u32;
        Self { file: self.file, start, end: start + length as u32 }
    }

    /// The empty place right behind this one.
    pub(crate) const fn after(self) -> Self {
        Self { file: self.file, start: self.end, end: self.end }
    }

    /// Another range of the same file.
    pub(crate) const fn with_span(self, span: Span) -> Self {
        Self::new(self.file, span)
    }

    /// Where it is after what stood at `from` has moved to `to`.
    pub(crate) const fn moved(self, from: usize, to: usize) -> Self {
        let by = (to as u32).wrapping_sub(from as u32);
        Self { file: self.file, start: self.start.wrapping_add(by), end: self.end.wrapping_add(by) }
    }

    pub(crate) fn is_known(self) -> bool {
        self != Self::NOWHERE
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) data: Data,
    pub(crate) place: Place,
    /// Its key in the mapping around it; its own place for a list item.
    pub(crate) key: Place,
}

/// No larger than a text: a thousand services have some fifty thousand values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    Int(i64),
    /// A number beyond those of `Int`.
    Huge(u64),
    Float(f64),
    Text(CompactString),
    List(List),
    Map(Map),
}

/// The items of a list. One word points to them and their number.
pub(crate) type List = ThinVec<Value>;

/// Places do not count.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.data == other.data
    }
}

impl Value {
    pub(crate) const fn new(data: Data, place: Place) -> Self {
        Self { data, place, key: place }
    }

    /// A value that stands where `self` stands.
    pub(crate) const fn with(&self, data: Data) -> Self {
        Self { data, place: self.place, key: self.key }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) const fn map(&self) -> Option<&Map> {
        match &self.data {
            Data::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(crate) const fn map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.data {
            Data::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(crate) const fn list(&self) -> Option<&List> {
        match &self.data {
            Data::List(list) => Some(list),
            _ => None,
        }
    }

    pub(crate) const fn list_mut(&mut self) -> Option<&mut List> {
        match &mut self.data {
            Data::List(list) => Some(list),
            _ => None,
        }
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    #[inline]
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.map()?.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        self.map_mut()?.get_mut(key)
    }

    /// Puts the value and all below it in other places.
    pub(crate) fn move_places(&mut self, moved: &impl Fn(Place) -> Place) {
        self.place = moved(self.place);
        self.key = moved(self.key);
        match &mut self.data {
            Data::List(list) => list.iter_mut().for_each(|item| item.move_places(moved)),
            Data::Map(map) => map.values_mut().for_each(|value| value.move_places(moved)),
            _ => {}
        }
    }

    /// What a reader would call it.
    pub(crate) const fn kind(&self) -> &'static str {
        match self.data {
            Data::Null => "nothing",
            Data::Bool(_) => "a boolean",
            Data::Int(_) | Data::Huge(_) | Data::Float(_) => "a number",
            Data::Text(_) => "text",
            Data::List(_) => "a list",
            Data::Map(_) => "a mapping",
        }
    }

    /// A scalar as Go's `fmt.Sprint` prints it; none for collections and null.
    pub(crate) fn scalar(&self) -> Option<String> {
        self.words().map(Cow::into_owned)
    }

    /// As [`Self::scalar`]; a text is not copied.
    pub(crate) fn words(&self) -> Option<Cow<'_, str>> {
        match &self.data {
            Data::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
            Data::Int(value) => Some(value.to_string().into()),
            Data::Huge(value) => Some(value.to_string().into()),
            Data::Float(value) => Some(go_float(*value).into()),
            Data::Text(text) => Some(text.as_str().into()),
            Data::Null | Data::List(_) | Data::Map(_) => None,
        }
    }

    pub(crate) fn to_json(&self) -> serde_json::Value {
        match &self.data {
            Data::Null => serde_json::Value::Null,
            Data::Bool(value) => (*value).into(),
            Data::Int(value) => (*value).into(),
            Data::Huge(value) => (*value).into(),
            Data::Float(value) => (*value).into(),
            Data::Text(text) => text.as_str().into(),
            Data::List(list) => list.iter().map(Self::to_json).collect(),
            Data::Map(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_by_key(|(key, _)| *key);
                entries.into_iter().map(|(key, value)| (key.as_str().to_owned(), value.to_json())).collect()
            }
        }
    }
}

/// Go's `%v` of a float: the shortest form, with an exponent below 1e-4 and from 1e6.
pub(crate) fn go_float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-4..1e6).contains(&magnitude) {
        return value.to_string();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(("+", exponent), |rest| ("-", rest));
    format!("{digits}e{sign}{exponent:0>2}")
}

#[cfg(test)]
mod tests {
    use super::go_float;

    #[test]
    fn floats_print_as_go_prints_them() {
        let printed: Vec<String> = [1.10, 0.0, 1e21, 1e-5, 1e6, 123_456.5].map(go_float).to_vec();
        assert_eq!(printed, ["1.1", "0", "1e+21", "1e-05", "1e+06", "123456.5"]);
    }
}
