//! From the resolved project, as [`crate::render::yaml`] writes it, back to the files.

use super::Location;
use super::sketch::{Sketch, Step};
use crate::load::Origins;

/// Where the value on the line around a byte of the resolved text was written; for what no file holds, where the
/// thing around it was.
pub fn origin_of_line(resolved: &str, offset: usize, origins: &Origins) -> Option<Location> {
    let line = resolved.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let end = resolved[offset..].find('\n').map_or(resolved.len(), |at| offset + at);
    let sketch = Sketch::of(resolved);
    let node = sketch.before(end).filter(|node| sketch.nodes[*node].end >= line)?;
    sketch.ancestors(node).find_map(|node| {
        let origin = origins.get(&path(&sketch, node))?;
        Some(Location { file: origin.file.to_owned(), span: origin.span })
    })
}

/// `services.app.ports[0].target`.
fn path(sketch: &Sketch<'_>, node: usize) -> String {
    let mut path = String::new();
    for step in sketch.path(node) {
        match step {
            Step::Key(key) if path.is_empty() => path.push_str(key),
            Step::Key(key) => {
                path.push('.');
                path.push_str(key);
            }
            Step::Item(item) => path.push_str(&format!("[{item}]")),
        }
    }
    path
}
