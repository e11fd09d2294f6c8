//! A service as the body of `POST /containers/create`. Pure: everything that has to be looked up comes in with
//! [`Site`].

mod blkio;
mod endpoints;
mod files;
mod host;
mod mounts;
mod ports;

#[cfg(test)]
mod honoured_test;
#[cfg(test)]
mod tests;

use std::path::Path;

use bollard::models::{ContainerCreateBody, HealthConfig, NetworkingConfig};
use composeyard_compose::{
    Project, ServiceName,
    model::{Duration, Healthcheck, Service},
};
use composeyard_plan::OneOff;

use super::{EngineError, labels};

pub(super) use endpoints::{Attachment, attachment};
pub(super) use files::{Upload, uploads};
pub(super) use mounts::Inherited;

/// What the body depends on beyond the service itself.
#[derive(Debug)]
pub(super) struct Site<'a> {
    pub(super) project: &'a Project,
    /// The project's folder and files, for labels.
    pub(super) origin: &'a labels::Origin,
    pub(super) name: &'a ServiceName,
    /// The service, its references to other containers replaced by ids.
    pub(super) service: &'a Service,
    pub(super) number: u32,
    pub(super) image: &'a str,
    pub(super) image_id: &'a str,
    /// Anonymous volumes of the container that this one replaces.
    pub(super) inherited: &'a [Inherited],
    /// The final name of the container that this one replaces.
    pub(super) replaces: Option<&'a str>,
    /// `container:alias` for each container of a linked service.
    pub(super) links: &'a [String],
    /// All endpoints may be given at once: API 1.44.
    pub(super) all_endpoints: bool,
    /// It runs one command beside the service's own containers.
    pub(super) one_off: Option<OneOff>,
}

/// The body, and the networks to join after it.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) create: ContainerCreateBody,
    /// Joined one by one where the API takes only one network at creation.
    pub(super) then_join: Vec<Attachment>,
}

/// Makes the body.
///
/// # Errors
/// When a file it needs is missing, or a value has no meaning for the engine.
pub(super) fn body(site: &Site<'_>) -> Result<Body, EngineError> {
    let service = site.service;
    let (network_mode, attachments) = endpoints::all(site);
    let (at_once, then_join) = if site.all_endpoints || attachments.is_empty() {
        (attachments, Vec::new())
    } else {
        let mut attachments = attachments;
        let rest = attachments.split_off(1);
        (attachments, rest)
    };
    let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let create = ContainerCreateBody {
        hostname: text(&service.hostname),
        domainname: text(&service.domainname),
        user: text(&service.user),
        exposed_ports: ports::exposed(service),
        tty: Some(service.tty),
        open_stdin: Some(service.stdin_open),
        // What reads to the end of its input ends with whoever typed it.
        stdin_once: site.one_off.map(|_| service.stdin_open),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        env: Some(environment(service)),
        cmd: service.command.clone(),
        entrypoint: service.entrypoint.clone(),
        healthcheck: service.healthcheck.as_ref().map(healthcheck).transpose()?,
        image: Some(site.image.to_owned()),
        working_dir: text(&service.working_dir),
        labels: Some(labels::container(site)),
        stop_signal: text(&service.stop_signal),
        stop_timeout: service.stop_grace_period.map(|Duration(nanos)| nanos / 1_000_000_000),
        host_config: Some(host::config(site, network_mode)?),
        networking_config: Some(NetworkingConfig {
            endpoints_config: Some(at_once.into_iter().map(|it| (it.network, it.settings)).collect()),
        }),
        ..Default::default()
    };
    Ok(Body { create, then_join })
}

/// `KEY=value`, sorted; a key without a value alone, which takes the variable away from the image.
fn environment(service: &Service) -> Vec<String> {
    let line = |(key, value): (&String, &Option<String>)| match value {
        Some(value) => format!("{key}={value}"),
        None => key.clone(),
    };
    service.environment.iter().map(line).collect()
}

fn healthcheck(check: &Healthcheck) -> Result<HealthConfig, EngineError> {
    if check.start_interval.is_some() && check.start_period.is_none() {
        return Err(EngineError::Step(
            "healthcheck.start_interval needs healthcheck.start_period: set both".to_owned(),
        ));
    }
    let nanos = |duration: Option<Duration>| duration.map(|duration| duration.0);
    let test = if check.disable { vec!["NONE".to_owned()] } else { check.test.clone() };
    Ok(HealthConfig {
        test: (!test.is_empty()).then_some(test),
        interval: nanos(check.interval),
        timeout: nanos(check.timeout),
        retries: check.retries.and_then(|retries| i64::try_from(retries).ok()),
        start_period: nanos(check.start_period),
        start_interval: nanos(check.start_interval),
    })
}

/// A path of the model as an absolute one: relative ones start at the project's folder.
fn absolute(base: &Path, path: &str) -> String {
    let relative = path.strip_prefix("./").unwrap_or(path);
    if relative == "." { base.display().to_string() } else { base.join(relative).display().to_string() }
}
