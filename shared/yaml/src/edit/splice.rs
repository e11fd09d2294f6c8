//! Replacing a name inside a scalar without writing the scalar anew.

use crate::{
    Span,
    tree::{Document, Kind, NodeId, Style},
};

use super::{
    TextEdit,
    change::{EditError, Path},
    place::Page,
    scalar::plain_is_safe,
    value::Value,
};

/// Where the part `old` of a scalar's text, which starts at byte `at` of that text, stands in the source. None when
/// escapes or line folds hide it.
pub fn locate(source: &str, document: &Document, scalar: NodeId, old: &str, at: usize) -> Option<Span> {
    let node = document.node(scalar);
    let Kind::Scalar(text) = &node.kind else { return None };
    let raw = node.span().of(source);
    if old.is_empty() || text.matches(old).count() != raw.matches(old).count() {
        return None;
    }
    let nth = text.match_indices(old).position(|(start, _)| start == at)?;
    let (start, _) = raw.match_indices(old).nth(nth)?;
    Some(Span::new(node.span().start + start, node.span().start + start + old.len()))
}

/// A text with parts replaced; none when `old` does not stand at each place.
pub(super) fn spliced(text: &str, old: &str, at: &[usize], new: &str) -> Option<String> {
    let mut result = String::with_capacity(text.len() + new.len());
    let mut done = 0;
    for start in at {
        let end = start + old.len();
        if text.get(*start..end)? != old {
            return None;
        }
        result.push_str(text.get(done..*start)?);
        result.push_str(new);
        done = end;
    }
    result.push_str(text.get(done..)?);
    Some(result)
}

impl Page<'_> {
    pub(super) fn splice(
        &self,
        path: &Path,
        old: &str,
        at: &[usize],
        new: &str,
    ) -> Result<Vec<TextEdit>, EditError> {
        let unfit = || EditError::Unfit { path: path.clone(), wanted: "text" };
        let (node, _) = self.node(path)?;
        let text = self.document.text(node).and_then(|text| spliced(text, old, at, new)).ok_or_else(unfit)?;
        let as_it_is = match self.document.node(node).style {
            Style::Plain => plain_is_safe(&text, self.in_flow(path)),
            _ => true,
        };
        let spans = at.iter().map(|at| locate(self.source, self.document, node, old, *at));
        match spans.collect::<Option<Vec<_>>>() {
            Some(spans) if as_it_is => {
                Ok(spans.into_iter().map(|span| TextEdit::replace(span, new)).collect())
            }
            _ => self.put(path, &Value::Text(text)),
        }
    }
}
