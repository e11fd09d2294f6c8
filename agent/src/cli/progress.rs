//! Steps as lines of text.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use composeyard_compose::model::Condition;
use composeyard_plan::{Action, ContainerRef, Downloads, Plan, Step, StepId, Target, size};
use composeyard_protocol::{Progress, StepState};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// How much is printed of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Each step as it ends, and what long ones are doing.
    Steps,
    /// The same without what pulls are doing.
    NoPulls,
    /// What fails.
    Failures,
}

/// How steps are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Lines {
    /// As plain
    Auto,
    /// As plain: a line that is printed stays as it is
    Tty,
    /// A line for each step
    Plain,
    /// An object for each step
    Json,
    /// Failures only
    Quiet,
}

/// Prints steps until the sender is gone.
pub(super) async fn print(
    plan: &Plan,
    detail: Detail,
    lines: Lines,
    mut steps: mpsc::Receiver<Progress>,
) -> std::io::Result<()> {
    let titles: BTreeMap<StepId, String> =
        plan.steps.iter().map(|step| (step.id, title(step, plan))).collect();
    let detail = if lines == Lines::Quiet { Detail::Failures } else { detail };
    let mut err = std::io::stderr();
    let mut said: BTreeMap<StepId, String> = BTreeMap::new();
    let pulls: BTreeSet<StepId> = plan
        .steps
        .iter()
        .filter(|step| matches!(step.action, Action::PullImage { .. }))
        .map(|step| step.id)
        .collect();
    while let Some(Progress { step, state }) = steps.recv().await {
        let title = titles.get(&step).map_or("", String::as_str);
        let unwanted = detail == Detail::Failures || (detail == Detail::NoPulls && pulls.contains(&step));
        if unwanted && !matches!(state, StepState::Failed { .. }) {
            continue;
        }
        if lines == Lines::Json {
            writeln!(err, "{}", object(title, &state))?;
            continue;
        }
        match state {
            StepState::Running { detail, .. } if !detail.is_empty() && said.get(&step) != Some(&detail) => {
                writeln!(err, "   {title}: {detail}")?;
                said.insert(step, detail);
            }
            StepState::Running { .. } => {}
            StepState::Done { took } => writeln!(err, " ✔ {title}  {}.{}s", took / 1000, took % 1000 / 100)?,
            StepState::Failed { failure } => {
                writeln!(err, " ✘ {title}: {}", failure.message)?;
                if let Some(help) = failure.help {
                    writeln!(err, "   {help}")?;
                }
            }
            StepState::Skipped => writeln!(err, " - {title}: skipped")?,
        }
    }
    Ok(())
}

/// What is told of a step, under the names that the reference has for it.
fn object(title: &str, state: &StepState) -> Value {
    match state {
        StepState::Running { detail, .. } => json!({"id": title, "status": "Working", "text": detail}),
        StepState::Done { .. } => json!({"id": title, "status": "Done"}),
        StepState::Failed { failure } => {
            json!({"id": title, "status": "Error", "text": failure.message, "details": failure.help})
        }
        StepState::Skipped => json!({"id": title, "status": "Skipped"}),
    }
}

/// What a run would do, in the words in which the reference says that nothing is done.
pub(super) fn rehearse(plan: &Plan, lines: Lines) -> String {
    let line = |step: &Step| match lines {
        Lines::Json => {
            format!("{}\n", json!({"dry-run": true, "id": title(step, plan), "text": step.reason}))
        }
        Lines::Quiet => String::new(),
        Lines::Auto | Lines::Tty | Lines::Plain => {
            format!("{DRY_RUN}{}{}\n", title(step, plan), reason(step))
        }
    };
    plan.steps.iter().map(line).collect()
}

/// Stands before each line of what is not done.
pub(super) const DRY_RUN: &str = " DRY-RUN MODE -  ";

/// The plan with the reason of each step, and what it fetches.
pub(super) fn describe(plan: &Plan, sizes: &Downloads) -> String {
    let mut text: String = plan.warnings.iter().map(|warning| format!("warning: {warning}\n")).collect();
    if plan.is_empty() {
        text.push_str("Nothing to do.\n");
        return text;
    }
    for step in &plan.steps {
        let size = match &step.action {
            Action::PullImage { image, .. } => {
                sizes.images.get(image).map(|bytes| format!(", {}", size(*bytes)))
            }
            _ => None,
        };
        let size = size.unwrap_or_default();
        text.push_str(&format!("{:>3}  {}{size}{}\n", step.id.0, title(step, plan), reason(step)));
    }
    if let Some(pulls) = plan.pulls(Some(sizes)) {
        text.push_str(&format!("This will {pulls}.\n"));
    }
    text
}

fn reason(step: &Step) -> String {
    if step.reason.is_empty() { String::new() } else { format!("  ({})", step.reason) }
}

fn title(step: &Step, plan: &Plan) -> String {
    match &step.action {
        Action::PullImage { image, .. } => format!("pull image {image}"),
        Action::BuildImage { service, image, .. } => format!("build image {image} of {service}"),
        Action::PushImage { image, .. } => format!("push image {image}"),
        Action::RemoveImage { image } => format!("remove image {image}"),
        Action::CreateNetwork { key } => format!("create network {key}"),
        Action::RemoveNetwork { name, .. } => format!("remove network {name}"),
        Action::CreateVolume { key } => format!("create volume {key}"),
        Action::RemoveVolume { name } => format!("remove volume {name}"),
        Action::CreateContainer { name, .. } => format!("create container {name}"),
        Action::DisconnectNetwork { network, .. } => {
            format!("take {} off network {network}", target(&step.target))
        }
        Action::ConnectNetwork { key, .. } => format!("put {} on network {key}", target(&step.target)),
        Action::StartContainer { container } => format!("start {}", name_of(container, step, plan)),
        Action::PauseContainer { container } => format!("pause {}", name_of(container, step, plan)),
        Action::UnpauseContainer { container } => format!("unpause {}", name_of(container, step, plan)),
        Action::KillContainer { container, signal } => {
            format!("send {signal} to {}", name_of(container, step, plan))
        }
        Action::StopContainer { container, .. } => format!("stop {}", name_of(container, step, plan)),
        Action::RemoveContainer { container, .. } => format!("remove {}", name_of(container, step, plan)),
        Action::RenameContainer { name, .. } => format!("rename {} to {name}", target(&step.target)),
        Action::PreStart { service, .. } => format!("run the pre_start commands of {service}"),
        Action::WaitUp { service, .. } => format!("wait until {service} is up"),
        Action::WaitFor { service, condition, .. } => match condition {
            Condition::ServiceStarted => format!("wait until {service} runs"),
            Condition::ServiceHealthy => format!("wait until {service} is healthy"),
            Condition::ServiceCompletedSuccessfully => format!("wait until {service} has completed"),
        },
    }
}

/// A container by the name the plan gives it, else by its service and number.
fn name_of(container: &ContainerRef, step: &Step, plan: &Plan) -> String {
    let made = match container {
        ContainerRef::Made(id) => plan.steps.iter().find(|made| made.id == *id),
        ContainerRef::Existing(_) => None,
    };
    match made.map(|made| &made.action) {
        Some(Action::CreateContainer { name, .. }) => format!("container {name}"),
        _ => target(&step.target),
    }
}

fn target(target: &Target) -> String {
    match target {
        Target::Container { service, number } => format!("container {service}-{number}"),
        Target::Network(key) => format!("network {key}"),
        Target::Volume(key) => format!("volume {key}"),
        Target::Image(image) => format!("image {image}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(id: u32, target: Target, action: Action, reason: &str) -> Step {
        Step {
            id: StepId(id),
            after: Vec::new(),
            target,
            action,
            reason: reason.to_owned(),
            group: String::new(),
        }
    }

    #[test]
    fn a_plan_is_its_warnings_and_its_numbered_steps_with_their_reasons() {
        let web = || Target::Container { service: "web".to_owned(), number: 1 };
        let create = Action::CreateContainer {
            service: "web".parse().unwrap(),
            number: 1,
            name: "shop-web-1".to_owned(),
            replaces: None,
            renew_volumes: false,
            one_off: None,
            unless_image: None,
        };
        let made = Action::StartContainer { container: ContainerRef::Made(StepId(9)) };
        let existing =
            Action::StopContainer { container: ContainerRef::Existing("c1".to_owned()), grace: None };
        let plan = Plan {
            steps: vec![
                step(9, web(), create, "web has no container yet"),
                step(10, web(), made, "it is new"),
                step(11, web(), existing, ""),
            ],
            warnings: vec!["Port 80 is taken.".to_owned()],
        };
        insta::assert_snapshot!(describe(&plan, &Downloads::default()), @r"
        warning: Port 80 is taken.
          9  create container shop-web-1  (web has no container yet)
         10  start container shop-web-1  (it is new)
         11  stop container web-1
        ");
        assert_eq!(describe(&Plan::default(), &Downloads::default()), "Nothing to do.\n");
    }

    #[test]
    fn a_plan_that_pulls_ends_with_what_it_downloads() {
        let pull = |id, image: &str| {
            let action = Action::PullImage { image: image.to_owned(), optional: false };
            step(id, Target::Image(image.to_owned()), action, "a pull was asked for")
        };
        let plan = Plan { steps: vec![pull(1, "nginx"), pull(2, "private")], warnings: Vec::new() };
        let sizes = Downloads { images: [("nginx".to_owned(), 45_200_000)].into(), together: 45_200_000 };
        insta::assert_snapshot!(describe(&plan, &sizes), @r"
          1  pull image nginx, 45.2 MB  (a pull was asked for)
          2  pull image private  (a pull was asked for)
        This will pull 2 images, 45.2 MB and 1 of unknown size.
        ");
    }
}
