//! Findings lie in their files, fixes apply, and what loads can be drawn and printed.

use std::collections::BTreeMap;

use composeyard_compose::{
    Diagnostic, check,
    graph::{self, Size},
    render,
};
use composeyard_yaml::{TextEdit, edit::apply, parse};

use super::parse::inside;
use crate::{FILE, project, random::Random, request};

pub(super) fn holds(text: &str, _: &mut Random) -> Result<(), String> {
    let loaded = check(&project(text), &request());
    for finding in &loaded.diagnostics {
        in_place(text, finding).map_err(|fault| format!("{finding:?}: {fault}"))?;
    }
    if let Some(project) = &loaded.project {
        let graph = graph::graph(project);
        let layout = graph::layout(&graph, &|_| Size { width: 200.0, height: 80.0 }, &BTreeMap::new());
        if layout.nodes.len() != graph.nodes.len() {
            return Err("a node of the picture has no place".to_owned());
        }
        render::json(project);
        render::yaml(project);
        for service in project.services.values() {
            render::config_hash(service);
        }
    }
    Ok(())
}

fn in_place(text: &str, finding: &Diagnostic) -> Result<(), String> {
    if finding.file == FILE {
        inside(text, finding.span)?;
    }
    let whole = parse(text).1.is_none();
    for fix in &finding.fixes {
        let edits: Vec<TextEdit> = fix.edits.iter().map(|edit| edit.edit.clone()).collect();
        let after = apply(text, &edits).ok_or_else(|| format!("{fix:?} does not apply"))?;
        if whole && parse(&after).1.is_some() {
            return Err(format!("{fix:?} leaves no YAML"));
        }
        if after == text {
            return Err(format!("{fix:?} changes nothing"));
        }
    }
    Ok(())
}
