//! Making a container: the body, the further networks, the files written into it.

use std::collections::HashMap;

use bollard::{
    body_full,
    models::ContainerInspectResponse,
    query_parameters::{
        CreateContainerOptionsBuilder, InspectContainerOptions, RemoveContainerOptionsBuilder,
        UploadToContainerOptionsBuilder,
    },
};
use bytes::Bytes;
use composeyard_compose::{ServiceName, model::Service};
use composeyard_plan::{Action, Step, Target, container_name, image_of, resolve_references};

use super::{
    super::{
        ContainerId, EngineError,
        container::{self, Body, Inherited, Site, Upload},
        names, network, observe,
    },
    Report, Run,
};

/// Does a [`Action::CreateContainer`] step.
pub(super) async fn container(run: &Run, step: &Step, report: &Report) -> Result<(), EngineError> {
    let Action::CreateContainer {
        service: name,
        number,
        name: container,
        replaces,
        renew_volumes,
        one_off,
        unless_image,
    } = &step.action
    else {
        return Err(EngineError::Step("this step makes no container".to_owned()));
    };
    let image = image_of(&run.project.name, name, run.service(name)?);
    let found = observe::image(&run.docker, &image).await?.unwrap_or_default();
    if let Some(old) = replaces.as_ref().filter(|_| unless_image.as_ref() == Some(&found.id)) {
        report.line("the image is the same: left as it is");
        let mut state = run.state.lock().await;
        state.made.insert(step.id, old.clone());
        state.unchanged.push(step.group.clone());
        return Ok(());
    }
    let service = resolved(run, name).await?;
    let inherited = match replaces {
        Some(old) if !renew_volumes => inherited(run, old, &service).await?,
        _ => Vec::new(),
    };
    let final_name = container_name(&run.project.name, name, &service, *number);
    let links = links(run, &service, *number).await?;
    let site = Site {
        project: &run.project,
        origin: &run.origin,
        name,
        service: &service,
        number: *number,
        image: &image,
        image_id: &found.id,
        inherited: &inherited,
        replaces: replaces.as_ref().map(|_| final_name.as_str()),
        links: &links,
        all_endpoints: run.all_endpoints,
        one_off: *one_off,
    };
    let body = container::body(&site)?;
    // What cannot be written at the start is said now.
    container::uploads(&site)?;
    let id = create(run, container, &service.platform, body).await?;
    run.state.lock().await.made.insert(step.id, id);
    Ok(())
}

/// Creates and joins; what is half made is removed again.
async fn create(run: &Run, name: &str, platform: &str, body: Body) -> Result<String, EngineError> {
    let mut options = CreateContainerOptionsBuilder::default().name(names::resource(name)?.as_str());
    if !platform.is_empty() {
        options = options.platform(platform);
    }
    let id = run.docker.create_container(Some(options.build()), body.create).await?.id;
    let container = ContainerId::new(id.clone())?;
    let finish = async {
        for attachment in body.then_join {
            network::connect(&run.docker, &container, &attachment.network, attachment.settings).await?;
        }
        Ok(())
    };
    if let Err(error) = finish.await {
        let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
        let _first_error_counts = run.docker.remove_container(container.as_str(), Some(options)).await;
        return Err(error);
    }
    Ok(id)
}

/// Writes secrets and configs whose content is in the project, as at every start: what they hold may have changed.
pub(super) async fn write_objects(
    run: &Run,
    name: &ServiceName,
    service: &Service,
    container: &ContainerId,
) -> Result<(), EngineError> {
    if service.secrets.is_empty() && service.configs.is_empty() {
        return Ok(());
    }
    let uploads = container::uploads(&bare_site(run, name, service, 1))?;
    write(run, container, &uploads).await
}

/// `PUT /containers/{id}/archive`.
async fn write(run: &Run, container: &ContainerId, uploads: &[Upload]) -> Result<(), EngineError> {
    if uploads.is_empty() {
        return Ok(());
    }
    let packed =
        pack(uploads).map_err(|error| EngineError::Step(format!("packing secrets failed: {error}")))?;
    let options = UploadToContainerOptionsBuilder::default().path("/").build();
    Ok(run
        .docker
        .upload_to_container(container.as_str(), Some(options), body_full(Bytes::from(packed)))
        .await?)
}

fn pack(uploads: &[Upload]) -> std::io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    for upload in uploads {
        let mut header = tar::Header::new_gnu();
        header.set_size(upload.content.len() as u64);
        header.set_mode(upload.mode);
        header.set_uid(upload.uid);
        header.set_gid(upload.gid);
        tar.append_data(&mut header, &upload.path, upload.content.as_bytes())?;
    }
    tar.into_inner()
}

/// A site for what needs neither image nor links.
fn bare_site<'a>(run: &'a Run, name: &'a ServiceName, service: &'a Service, number: u32) -> Site<'a> {
    Site {
        project: &run.project,
        origin: &run.origin,
        name,
        service,
        number,
        image: "",
        image_id: "",
        inherited: &[],
        replaces: None,
        links: &[],
        all_endpoints: run.all_endpoints,
        one_off: None,
    }
}

/// The service with ids in place of the services it refers to.
async fn resolved(run: &Run, name: &ServiceName) -> Result<Service, EngineError> {
    let service = run.service(name)?;
    let mut ids: HashMap<String, String> = HashMap::new();
    for parent in composeyard_plan::parents(service) {
        let containers = observe::containers_of(&run.docker, &run.project.name, &parent).await?;
        let first = containers.into_iter().min_by_key(|container| container.number).ok_or_else(|| {
            EngineError::Step(format!("{name} shares with service {parent}, which has no container"))
        })?;
        ids.insert(parent.to_string(), first.id);
    }
    Ok(resolve_references(service, |parent| ids.get(parent).cloned()))
}

/// `container:alias` for `links` (three names each, with the number of the container that is made, as the reference
/// gives them) and `external_links`.
async fn links(run: &Run, service: &Service, number: u32) -> Result<Vec<String>, EngineError> {
    let mut links = Vec::new();
    for link in &service.links {
        let (name, alias) = link.split_once(':').unwrap_or((link, link));
        let linked = ServiceName::new(name)?;
        for container in observe::containers_of(&run.docker, &run.project.name, &linked).await? {
            let numbered = format!("{name}-{number}");
            let canonical = format!("{}-{numbered}", run.project.name);
            for alias in [alias, &numbered, &canonical] {
                links.push(format!("{}:{alias}", container.name));
            }
        }
    }
    for link in &service.external_links {
        let (name, alias) = link.split_once(':').unwrap_or((link, link));
        links.push(format!("{name}:{alias}"));
    }
    Ok(links)
}

/// Volumes without a name of their own that the old container holds.
async fn inherited(run: &Run, old: &str, service: &Service) -> Result<Vec<Inherited>, EngineError> {
    let old = ContainerId::new(old)?;
    let details = run.docker.inspect_container(old.as_str(), None::<InspectContainerOptions>).await?;
    Ok(anonymous(details, service))
}

fn anonymous(details: ContainerInspectResponse, service: &Service) -> Vec<Inherited> {
    let of_image = details.config.and_then(|config| config.volumes).unwrap_or_default();
    let declared = |target: &str| {
        let without_source = service.volumes.iter().filter(|mount| mount.source.is_empty());
        of_image.iter().any(|path| path == target) || without_source.into_iter().any(|m| m.target == target)
    };
    let mounts = details.mounts.unwrap_or_default().into_iter();
    mounts
        .filter(|mount| mount.typ.as_deref() == Some("volume"))
        .filter_map(|mount| Some(Inherited { volume: mount.name?, target: mount.destination? }))
        .filter(|inherited| declared(&inherited.target))
        .collect()
}

/// Does a [`Action::ConnectNetwork`] step.
pub(super) async fn join(
    run: &Run,
    container: &ContainerId,
    name: &ServiceName,
    key: &str,
    target: &Target,
) -> Result<(), EngineError> {
    let service = run.service(name)?;
    let number = if let Target::Container { number, .. } = target { *number } else { 1 };
    let site = bare_site(run, name, service, number);
    let attachment = container::attachment(&site, key)
        .ok_or_else(|| EngineError::Step(format!("network {key} is not in the project any more")))?;
    network::connect(&run.docker, container, &attachment.network, attachment.settings).await
}
