//! Images: fetch one, with progress over all its layers; send one; remove one.

use std::collections::BTreeMap;

use bollard::{
    Docker,
    models::CreateImageInfo,
    query_parameters::{CreateImageOptionsBuilder, PushImageOptionsBuilder, RemoveImageOptions},
};
use composeyard_compose::Project;
use futures_util::StreamExt;

use super::{EngineError, execute::Report, names, registry};

/// `POST /images/create`. Without a tag or digest the engine would fetch every tag, so `latest` is added.
pub(super) async fn pull(
    docker: &Docker,
    reference: &str,
    platform: &str,
    report: &Report,
) -> Result<(), EngineError> {
    let reference = names::image(reference)?;
    let mut options = CreateImageOptionsBuilder::default().from_image(reference);
    if !has_tag(reference) {
        options = options.tag("latest");
    }
    if !platform.is_empty() {
        options = options.platform(platform);
    }
    let mut layers = Layers::default();
    let login = registry::login(reference).await;
    let mut answers = Box::pin(docker.create_image(Some(options.build()), None, login));
    while let Some(answer) = answers.next().await {
        let answer = answer?;
        if let Some(message) = answer.error_detail.as_ref().and_then(|error| error.message.clone()) {
            return Err(EngineError::Refused { status: 200, message });
        }
        layers.note(answer);
        report.detail(layers.words(), layers.bytes());
    }
    Ok(())
}

/// `POST /images/{name}/push`. Without a tag the engine would send every tag, so `latest` is added.
pub(super) async fn push(docker: &Docker, reference: &str, report: &Report) -> Result<(), EngineError> {
    let (repository, tag) = split_tag(names::image(reference)?);
    let options = PushImageOptionsBuilder::default().tag(tag).build();
    let login = registry::login(reference).await;
    let mut answers = Box::pin(docker.push_image(repository, Some(options), login));
    while let Some(answer) = answers.next().await {
        // The client does not say which layer an answer is about.
        if let Some(status) = answer?.status {
            report.detail(status, None);
        }
    }
    Ok(())
}

/// `host:5000/name:tag` to name and tag; `latest` where there is none.
pub(super) fn split_tag(reference: &str) -> (&str, &str) {
    match reference.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (reference, "latest"),
    }
}

/// The platform that a project wants of an image; empty for the engine's own.
pub(super) fn platform<'a>(project: &'a Project, reference: &str) -> &'a str {
    let users = project.services.values().filter(|service| service.image == reference);
    users.map(|service| service.platform.as_str()).find(|platform| !platform.is_empty()).unwrap_or_default()
}

/// `DELETE /images/{name}`; false when a container or another image still uses it. One that is gone is removed.
pub(super) async fn remove(docker: &Docker, reference: &str) -> Result<bool, EngineError> {
    let reference = names::image(reference)?;
    let removed = docker.remove_image(reference, None::<RemoveImageOptions>, None).await;
    match removed.map_err(EngineError::from) {
        Ok(_) => Ok(true),
        Err(error) if error.status() == Some(404) => Ok(true),
        Err(error) if error.status() == Some(409) => Ok(false),
        Err(error) => Err(error),
    }
}

/// `GET /distribution/{name}/json`: the engine asks the registry.
pub(super) async fn digest(docker: &Docker, reference: &str) -> Result<String, EngineError> {
    let reference = names::image(reference)?;
    let login = registry::login(reference).await;
    let found = docker.inspect_registry_image(reference, login).await?;
    found.descriptor.digest.ok_or_else(|| EngineError::Refused {
        status: 200,
        message: format!("the registry names no digest for {reference}"),
    })
}

fn has_tag(reference: &str) -> bool {
    let last = reference.rsplit('/').next().unwrap_or(reference);
    last.contains(':') || last.contains('@')
}

/// Where each layer stands.
#[derive(Debug, Default)]
struct Layers(BTreeMap<String, Layer>);

#[derive(Debug, Default)]
struct Layer {
    current: u64,
    total: u64,
    done: bool,
}

impl Layers {
    fn note(&mut self, answer: CreateImageInfo) {
        let (Some(id), Some(status)) = (answer.id, answer.status) else { return };
        let detail = answer.progress_detail.unwrap_or_default();
        let number = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
        match status.as_str() {
            "Pulling fs layer" | "Waiting" => drop(self.0.entry(id).or_default()),
            "Downloading" => {
                let layer = self.0.entry(id).or_default();
                layer.current = number(detail.current).unwrap_or(layer.current);
                layer.total = number(detail.total).unwrap_or(layer.total);
            }
            "Verifying Checksum" | "Download complete" | "Extracting" => {
                let layer = self.0.entry(id).or_default();
                layer.current = layer.total;
            }
            "Pull complete" | "Already exists" => {
                let layer = self.0.entry(id).or_default();
                layer.current = layer.total;
                layer.done = true;
            }
            _ => {}
        }
    }

    fn bytes(&self) -> Option<(u64, u64)> {
        let sum = |part: fn(&Layer) -> u64| self.0.values().map(part).sum();
        let total = sum(|layer| layer.total);
        (total > 0).then(|| (sum(|layer| layer.current), total))
    }

    fn words(&self) -> String {
        if self.0.is_empty() {
            return "asking the registry".to_owned();
        }
        let done = self.0.values().filter(|layer| layer.done).count();
        format!("{done} of {} layers", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use bollard::models::ProgressDetail;

    use super::*;

    fn answer(id: &str, status: &str, progress: Option<(i64, i64)>) -> CreateImageInfo {
        CreateImageInfo {
            id: Some(id.to_owned()),
            status: Some(status.to_owned()),
            progress_detail: progress
                .map(|(current, total)| ProgressDetail { current: Some(current), total: Some(total) }),
            ..Default::default()
        }
    }

    #[test]
    fn bytes_are_summed_over_layers_and_extracting_never_counts_back() {
        let mut layers = Layers::default();
        layers.note(answer("7-alpine", "Pulling from library/redis", None));
        layers.note(answer("a", "Pulling fs layer", None));
        layers.note(answer("b", "Downloading", Some((30, 100))));
        layers.note(answer("a", "Downloading", Some((50, 50))));
        assert_eq!(layers.bytes(), Some((80, 150)));
        layers.note(answer("a", "Extracting", Some((1, 50))));
        assert_eq!(layers.bytes(), Some((80, 150)));
        layers.note(answer("a", "Pull complete", None));
        assert_eq!(layers.words(), "1 of 2 layers");
    }

    #[test]
    fn a_port_in_the_host_is_no_tag() {
        assert!(!has_tag("localhost:5000/app"));
        assert!(has_tag("localhost:5000/app:1"));
        assert!(has_tag("app@sha256:00"));
    }
}
