//! Commands around a container's life: `pre_start` in containers of their own, `post_start` and `pre_stop` inside.
//! Compose specification, 05-services.

use std::collections::BTreeMap;

use bollard::{
    container::LogOutput,
    exec::StartExecResults,
    models::{ContainerCreateBody, ExecConfig, HostConfig},
    query_parameters::{
        CreateContainerOptionsBuilder, InspectContainerOptions, LogsOptionsBuilder,
        RemoveContainerOptionsBuilder, StartContainerOptions,
    },
};
use composeyard_compose::{
    ServiceName,
    model::{Hook, Service},
};
use composeyard_plan::image_of;
use futures_util::{Stream, StreamExt};

use super::{
    super::{ContainerId, EngineError, labels, names},
    Report, Run,
};

/// Runs commands inside a running container, one after the other. `POST /containers/{id}/exec`.
pub(super) async fn inside(
    run: &Run,
    service: &ServiceName,
    hooks: &[Hook],
    container: &ContainerId,
    report: &Report,
) -> Result<(), EngineError> {
    for hook in hooks {
        let wanted = ExecConfig {
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            cmd: hook.command.clone(),
            env: Some(environment(&hook.environment)),
            user: text(&hook.user),
            working_dir: text(&hook.working_dir),
            privileged: Some(hook.privileged),
            ..Default::default()
        };
        let exec = run.docker.create_exec(container.as_str(), wanted).await?.id;
        let mut last = String::new();
        if let StartExecResults::Attached { output, .. } = run.docker.start_exec(&exec, None).await? {
            last = follow(run, output, report).await?;
        }
        verdict(service, run.docker.inspect_exec(&exec).await?.exit_code, &last)?;
    }
    Ok(())
}

/// Runs `pre_start` commands, each to its end, beside a container that is made but not started: on its networks and
/// with its volumes.
pub(super) async fn before_first_start(
    run: &Run,
    name: &ServiceName,
    beside: &ContainerId,
    report: &Report,
) -> Result<(), EngineError> {
    let service = run.service(name)?;
    for (at, hook) in service.pre_start.iter().enumerate() {
        let helper = format!("{}-{name}-pre_start-{}", run.project.name, at + 1);
        let helper = ContainerId::new(helper)?;
        // One that an earlier run could not remove holds the name.
        remove(run, &helper).await?;
        let ended = tokio::select! {
            ended = to_its_end(run, name, service, hook, &helper, beside, report) => ended,
            () = run.cancel.cancelled() => Err(EngineError::Cancelled),
        };
        remove(run, &helper).await?;
        let (code, last) = ended?;
        verdict(name, code, &last)?;
    }
    Ok(())
}

/// Exit code and last line of a helper container.
async fn to_its_end(
    run: &Run,
    name: &ServiceName,
    service: &Service,
    hook: &Hook,
    helper: &ContainerId,
    beside: &ContainerId,
    report: &Report,
) -> Result<(Option<i64>, String), EngineError> {
    let docker = &run.docker;
    let options = CreateContainerOptionsBuilder::default().name(helper.as_str()).build();
    docker.create_container(Some(options), body(run, name, service, hook, beside).await?).await?;
    docker.start_container(helper.as_str(), None::<StartContainerOptions>).await?;
    let options = LogsOptionsBuilder::default().follow(true).stdout(true).stderr(true).build();
    let last = follow(run, docker.logs(helper.as_str(), Some(options)), report).await?;
    let details = docker.inspect_container(helper.as_str(), None::<InspectContainerOptions>).await?;
    Ok((details.state.and_then(|state| state.exit_code), last))
}

async fn body(
    run: &Run,
    name: &ServiceName,
    service: &Service,
    hook: &Hook,
    beside: &ContainerId,
) -> Result<ContainerCreateBody, EngineError> {
    let details = run.docker.inspect_container(beside.as_str(), None::<InspectContainerOptions>).await?;
    let network_mode = details.host_config.and_then(|host| host.network_mode);
    let mut variables = service.environment.clone();
    variables.extend(hook.environment.clone());
    let image = text(&hook.image).unwrap_or_else(|| image_of(&run.project.name, name, service));
    names::image(&image)?;
    Ok(ContainerCreateBody {
        image: Some(image),
        cmd: hook.command.clone(),
        env: Some(environment(&variables)),
        user: text(&hook.user).or_else(|| text(&service.user)),
        working_dir: text(&hook.working_dir),
        labels: Some(labels::helper(&run.project.name, name, &run.origin)),
        host_config: Some(HostConfig {
            network_mode,
            volumes_from: Some(vec![beside.as_str().to_owned()]),
            privileged: Some(hook.privileged),
            ..Default::default()
        }),
        ..Default::default()
    })
}

async fn remove(run: &Run, helper: &ContainerId) -> Result<(), EngineError> {
    let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
    let removed = run.docker.remove_container(helper.as_str(), Some(options)).await;
    match removed.map_err(EngineError::from) {
        Err(error) if error.status() == Some(404) => Ok(()),
        other => other,
    }
}

/// Hands the output on; returns its last line.
async fn follow(
    run: &Run,
    output: impl Stream<Item = Result<LogOutput, bollard::errors::Error>>,
    report: &Report,
) -> Result<String, EngineError> {
    let mut output = std::pin::pin!(output);
    let mut last = String::new();
    loop {
        let part = tokio::select! {
            part = output.next() => part,
            () = run.cancel.cancelled() => return Err(EngineError::Cancelled),
        };
        let Some(part) = part else { return Ok(last) };
        let text = String::from_utf8_lossy(&part?.into_bytes()).into_owned();
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            report.line(line);
            last = line.to_owned();
        }
    }
}

/// The words are those of the reference. A command whose end nobody knows has not succeeded.
fn verdict(service: &ServiceName, code: Option<i64>, last: &str) -> Result<(), EngineError> {
    match code {
        Some(0) => Ok(()),
        Some(code) => Err(EngineError::Step(format!("{service} hook exited with status {code}: {last}"))),
        None => {
            Err(EngineError::Step(format!("the engine does not say how the {service} hook ended: {last}")))
        }
    }
}

fn environment(variables: &BTreeMap<String, Option<String>>) -> Vec<String> {
    let line = |(key, value): (&String, &Option<String>)| match value {
        Some(value) => format!("{key}={value}"),
        None => key.clone(),
    };
    variables.iter().map(line).collect()
}

fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_exit_code_of_zero_is_a_success() {
        let app = ServiceName::new("app").unwrap();
        let words = |code| verdict(&app, code, "no database").map_err(|error| error.to_string());
        assert_eq!(words(Some(0)), Ok(()));
        assert_eq!(words(Some(17)).unwrap_err(), "app hook exited with status 17: no database");
        assert_eq!(words(None).unwrap_err(), "the engine does not say how the app hook ended: no database");
    }
}
