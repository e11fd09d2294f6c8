//! Any text gives a tree whose places lie in the text, or a message at a place.

use composeyard_yaml::{Document, Kind, LineIndex, NodeId, Span, parse};

use crate::random::Random;

pub(super) fn holds(text: &str, _: &mut Random) -> Result<(), String> {
    let (documents, error) = parse(text);
    let lines = LineIndex::new(text);
    if let Some(error) = &error {
        inside(text, error.span).map_err(|fault| format!("the error {error} {fault}"))?;
        lines.position(error.span.start);
    }
    for document in &documents {
        for (id, node) in document.nodes() {
            let spans = [Some(node.span()), node.tag().map(|tag| tag.span), node.anchor().map(|it| it.1)];
            for span in spans.into_iter().flatten() {
                inside(text, span).map_err(|fault| format!("{node:?} {fault}"))?;
            }
            around_children(document, id)?;
        }
        for comment in &document.comments {
            inside(text, comment.span)?;
            if !comment.span.of(text).starts_with('#') {
                return Err(format!("{comment:?} is no comment"));
            }
        }
    }
    Ok(())
}

/// True places: in the text, between characters, the end behind the start.
pub(super) fn inside(text: &str, span: Span) -> Result<(), String> {
    match text.get(span.start..span.end) {
        Some(_) => Ok(()),
        None => Err(format!("stands at {span:?}, which is no part of the text")),
    }
}

fn around_children(document: &Document, id: NodeId) -> Result<(), String> {
    let node = document.node(id);
    let children: Vec<NodeId> = match &node.kind {
        Kind::Sequence(items) => items.to_vec(),
        Kind::Mapping(entries) => entries.iter().flat_map(|entry| [entry.key, entry.value]).collect(),
        Kind::Scalar(_) | Kind::Alias(_) => Vec::new(),
    };
    let mut before = node.span().start;
    for child in children {
        let span = document.node(child).span();
        if span.start < before || span.end > node.span().end {
            return Err(format!(
                "{:?} at {span:?} is not in its order inside {:?}",
                document.node(child),
                node.span()
            ));
        }
        before = span.end;
    }
    Ok(())
}
