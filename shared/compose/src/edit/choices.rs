//! The choices of a refusal: completed, tried, and told what else they change.

use std::collections::BTreeSet;

use super::{Approach, Choice, Intent, Plan, Refusal, attempt};
use crate::{LoadRequest, Project, ProjectFiles, load};

/// Keeps the choices that can be done and says of each which services it changes besides.
pub(super) fn complete(
    mut refusal: Refusal,
    files: &ProjectFiles,
    compose_files: &[String],
    intents: &[Intent],
) -> Refusal {
    let mut before = None;
    let choices = std::mem::take(&mut refusal.choices).into_iter().filter_map(|mut choice| {
        if choice.intents.is_empty() {
            choice.intents = intents.to_vec();
        }
        let plan = attempt(files, compose_files, &choice.intents, choice.approach).ok()?;
        if choice.approach == Approach::AtOrigin {
            let before = before.get_or_insert_with(|| project(files, compose_files)).as_ref();
            add_reach(&mut choice, before, files, compose_files, &plan);
        }
        Some(choice)
    });
    refusal.choices = choices.collect();
    refusal
}

fn add_reach(
    choice: &mut Choice,
    before: Option<&Project>,
    files: &ProjectFiles,
    compose_files: &[String],
    plan: &Plan,
) {
    let after = project(&plan.applied_to(files), compose_files);
    let (Some(before), Some(after)) = (before, after) else { return };
    let meant: BTreeSet<&str> = choice.intents.iter().filter_map(Intent::service).collect();
    let changed =
        before.services.iter().filter(|(name, service)| after.services.get(*name) != Some(*service));
    let others: Vec<&str> =
        changed.map(|(name, _)| name.as_str()).filter(|name| !meant.contains(name)).collect();
    if let Some((last, rest)) = others.split_last() {
        let names =
            if rest.is_empty() { (*last).to_owned() } else { format!("{} and {last}", rest.join(", ")) };
        choice.title = format!("{}; this also changes {names}", choice.title);
    }
}

fn project(files: &ProjectFiles, compose_files: &[String]) -> Option<Project> {
    let request = LoadRequest { files: compose_files.to_vec(), ..LoadRequest::default() };
    load(files, &request).project
}
