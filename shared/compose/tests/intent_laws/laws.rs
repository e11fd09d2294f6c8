//! What must hold for every intent on every file.

use std::{collections::BTreeMap, fmt};

use composeyard_compose::{
    LoadRequest, ProjectFiles,
    edit::{Intent, Plan, plan, plan_all},
    load, render,
};
use composeyard_yaml::{Span, TextEdit, edit::apply, parse};
use serde_json::Value;

use crate::meant::{Case, comparable};

const FILE: &str = "compose.yaml";

/// What came of an intent.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The laws held; true when the meaning was compared too.
    Done(bool),
    /// With the reason.
    Refused(String),
}

/// How many of which.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) done: usize,
    compared: usize,
    pub(crate) reasons: BTreeMap<String, usize>,
}

impl Tally {
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Done(compared) => {
                self.done += 1;
                self.compared += usize::from(*compared);
            }
            Outcome::Refused(reason) => *self.reasons.entry(reason.clone()).or_default() += 1,
        }
    }

    pub(crate) fn all(&self) -> usize {
        self.done + self.reasons.values().sum::<usize>()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused = self.all() - self.done;
        write!(f, "{} done, {} of them compared by meaning; {refused} refused", self.done, self.compared)
    }
}

fn request() -> LoadRequest {
    LoadRequest {
        files: vec![FILE.to_owned()],
        project_name: Some("p".to_owned()),
        profiles: vec!["*".to_owned()],
        ..LoadRequest::default()
    }
}

/// The canonical model, if it loads.
pub(crate) fn model(files: &ProjectFiles) -> Option<Value> {
    load(files, &request()).project.map(|project| serde_json::from_str(&render::json(&project)).unwrap())
}

/// Why it does not load.
pub(crate) fn faults(files: &ProjectFiles) -> String {
    format!("{:#?}", load(files, &request()).diagnostics)
}

fn text(files: &ProjectFiles) -> &str {
    &files.0[FILE]
}

fn planned(files: &ProjectFiles, intent: &Intent) -> Result<Plan, composeyard_compose::edit::Refusal> {
    plan(files, &[FILE.to_owned()], intent)
}

/// All laws for one intent on a project with the model `before`.
pub(crate) fn hold(files: &ProjectFiles, before: &Value, case: &Case) -> Result<Outcome, String> {
    let plan = match planned(files, &case.intent) {
        Ok(plan) => plan,
        Err(refusal) => {
            if refusal.reason.contains("changed safely") {
                return Err(refusal.reason);
            }
            for choice in refusal.choices {
                let plan = plan_all(files, &[FILE.to_owned()], &choice.intents, choice.approach);
                let plan = plan.map_err(|refusal| format!("[{}] is no choice: {refusal}", choice.title))?;
                only_its_patch(text(files), &plan)?;
            }
            return Ok(Outcome::Refused(refusal.reason));
        }
    };
    let after = plan.applied_to(files);
    only_its_patch(text(files), &plan)?;
    same_style(text(files), text(&after))?;
    if case.keeps_comments && comments(text(files)) != comments(text(&after)) {
        return Err(format!("comments were lost:\n{}", text(&after)));
    }
    if case.settles {
        let again = planned(&after, &case.intent).map_err(|refusal| format!("again: {refusal}"))?;
        if again.applied_to(&after) != after {
            return Err(format!("the same again changes more:\n{}", text(&after)));
        }
    }
    if let Some(back) = &case.back {
        let undone = planned(&after, back).map_err(|refusal| format!("back: {refusal}\n{}", text(&after)))?;
        let undone = undone.applied_to(&after);
        if undone != *files {
            return Err(format!("there\n{}\nand back\n{}", text(&after), text(&undone)));
        }
    }
    let Some(meant) = &case.meant else { return Ok(Outcome::Done(false)) };
    let mut expected = before.clone();
    meant(&mut expected);
    let found =
        model(&after).ok_or_else(|| format!("it loads no more:\n{}\n{}", text(&after), faults(&after)))?;
    let (expected, found) = (comparable(expected), comparable(found));
    if expected != found {
        let mut apart = String::new();
        differences(&expected, &found, &mut String::new(), &mut apart);
        return Err(format!("{apart}{}", text(&after)));
    }
    Ok(Outcome::Done(true))
}

/// A line for each place at which two models differ.
fn differences(expected: &Value, found: &Value, path: &mut String, out: &mut String) {
    if let (Value::Object(left), Value::Object(right)) = (expected, found) {
        let missing: Vec<&String> = right.keys().filter(|key| !left.contains_key(*key)).collect();
        for key in left.keys().chain(missing) {
            let length = path.len();
            path.push_str(&format!(".{key}"));
            let null = &Value::Null;
            differences(left.get(key).unwrap_or(null), right.get(key).unwrap_or(null), path, out);
            path.truncate(length);
        }
    } else if expected != found {
        out.push_str(&format!("{path}: meant {expected}, got {found}\n"));
    }
}

/// Edits are apart, in order, none is idle, and their inverse gives the same bytes again.
fn only_its_patch(before: &str, plan: &Plan) -> Result<(), String> {
    let edits: Vec<TextEdit> = plan.edits.iter().map(|edit| edit.edit.clone()).collect();
    let mut end = 0;
    for edit in &edits {
        if edit.span.start < end || edit.span.of(before) == edit.text {
            return Err(format!("idle or overlapping edit {edit:?}"));
        }
        end = edit.span.end;
    }
    let after = apply(before, &edits).ok_or("the edits do not fit")?;
    let undone = apply(&after, &inverse(before, &edits));
    if undone.as_deref() == Some(before) { Ok(()) } else { Err("undo gives other bytes".to_owned()) }
}

fn inverse(source: &str, edits: &[TextEdit]) -> Vec<TextEdit> {
    let mut shift = 0_isize;
    let back = |edit: &TextEdit| {
        let start = edit.span.start.wrapping_add_signed(shift);
        shift += edit.text.len() as isize - (edit.span.end - edit.span.start) as isize;
        TextEdit { span: Span::new(start, start + edit.text.len()), text: edit.span.of(source).to_owned() }
    };
    edits.iter().map(back).collect()
}

/// Line ends, byte order mark and the end of the file stay as they are.
fn same_style(before: &str, after: &str) -> Result<(), String> {
    let lone = |text: &str| text.replace("\r\n", "").contains('\n');
    if before.contains("\r\n") && !lone(before) && lone(after) {
        return Err(format!("a line ends otherwise:\n{after:?}"));
    }
    if before.starts_with('\u{feff}') != after.starts_with('\u{feff}') {
        return Err("the byte order mark".to_owned());
    }
    if before.ends_with('\n') != after.ends_with('\n') {
        return Err(format!("the end of the file:\n{before:?}\n{after:?}"));
    }
    Ok(())
}

fn comments(text: &str) -> usize {
    parse(text).0.iter().map(|document| document.comments.len()).sum()
}
