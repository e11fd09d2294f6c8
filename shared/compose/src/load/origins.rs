//! Where each value of the finished tree was written.

use std::sync::Arc;

use composeyard_yaml::Span;

use super::tree::{Data, Map, Value};

/// Where a value of the loaded project was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The file, as in [`super::LoadRequest::files`].
    pub file: &'a str,
    /// The value's bytes.
    pub span: Span,
}

/// The places of all values of a loaded project; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    pub(super) model: Option<Arc<Value>>,
    pub(super) files: Arc<[String]>,
}

impl Origins {
    /// Where the value of a key path (`services.app.environment.PORT`, `services.app.ports[0]`) stands; none when no
    /// file holds it.
    pub fn get(&self, path: &str) -> Option<Origin<'_>> {
        self.of(self.value(path)?)
    }

    /// All values, as data; names in the order of their bytes.
    pub(crate) fn tree(&self) -> Option<serde_json::Value> {
        Some(self.model.as_ref()?.to_json())
    }

    /// The value at a key path.
    pub(crate) fn value(&self, path: &str) -> Option<&Value> {
        in_model(self.model.as_ref()?, path)
    }

    /// Where a value of the model stands.
    pub(crate) fn of(&self, value: &Value) -> Option<Origin<'_>> {
        let file = self.files.get(value.place.file as usize)?;
        Some(Origin { file, span: value.place.span() })
    }
}

/// The value at a key path.
fn in_model<'v>(model: &'v Value, path: &str) -> Option<&'v Value> {
    in_map(model.map()?, path)
}

/// The value below a mapping. A key may hold dots and brackets itself, so each of them may end it.
fn in_map<'v>(map: &'v Map, path: &str) -> Option<&'v Value> {
    let ends = path.match_indices(['.', '[']).map(|(at, _)| at).chain([path.len()]);
    ends.map(|end| path.split_at(end)).find_map(|(key, rest)| below(map.get(key)?, rest))
}

fn below<'v>(value: &'v Value, rest: &str) -> Option<&'v Value> {
    match &value.data {
        _ if rest.is_empty() => Some(value),
        Data::Map(map) => in_map(map, rest.strip_prefix('.')?),
        Data::List(list) => {
            let (index, rest) = rest.strip_prefix('[')?.split_once(']')?;
            below(list.get(index.parse::<usize>().ok()?)?, rest)
        }
        _ => None,
    }
}
