//! Builds an image with the classic builder. `POST /build`.

mod context;
mod ignore;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use bollard::{
    Docker,
    auth::DockerCredentials,
    body_try_stream,
    query_parameters::{BuildImageOptions, BuildImageOptionsBuilder, TagImageOptionsBuilder},
};
use composeyard_compose::model::Build;
use futures_util::{StreamExt, stream};

use super::{EngineError, execute::Report, image::split_tag, names, registry};

/// What to build.
#[derive(Debug)]
pub(super) struct Order<'a> {
    pub(super) build: &'a Build,
    /// The tag it gets.
    pub(super) image: &'a str,
    /// The service's platform; empty for the engine's.
    pub(super) platform: &'a str,
    /// Bytes of memory that it may use; 0 for no limit.
    pub(super) memory: u64,
    /// Where relative paths start.
    pub(super) base: &'a Path,
    /// Compose's labels.
    pub(super) labels: HashMap<String, String>,
}

/// Sends the context and reads the builder's output, line by line, into the report.
pub(super) async fn build(docker: &Docker, order: Order<'_>, report: &Report) -> Result<(), EngineError> {
    let logins = logins(&order).await;
    let (options, body) = if is_remote(&order.build.context) {
        (remote(&order)?, None)
    } else {
        let context = folder(&order)?;
        let recipe = recipe(&order, &context)?;
        report.detail("collecting the build context".to_owned(), None);
        let packed = context::pack(context, recipe).await?;
        let body = body_try_stream(stream::unfold(packed.chunks, |mut chunks| async move {
            chunks.recv().await.map(|chunk| (chunk, chunks))
        }));
        (options(&order, &packed.dockerfile)?.build(), Some(body))
    };
    let mut answers = Box::pin(docker.build_image(options, logins, body));
    let mut last = String::new();
    while let Some(answer) = answers.next().await {
        let answer = answer.map_err(|error| EngineError::from(error).after(&last))?;
        if let Some(message) = answer.error_detail.and_then(|error| error.message) {
            return Err(EngineError::Refused { status: 200, message }.after(&last));
        }
        let text = answer.stream.or(answer.status).unwrap_or_default();
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            if line.starts_with("Step ") {
                last = line.to_owned();
            }
            report.line(line);
        }
    }
    for tag in &order.build.tags {
        let (repository, tag) = split_tag(names::image(tag)?);
        let options = TagImageOptionsBuilder::default().repo(repository).tag(tag).build();
        docker.tag_image(order.image, Some(options)).await?;
    }
    Ok(())
}

/// Logins for the images that the build starts from, as far as they are known: one for the registry of its own tag
/// and one for each of `cache_from`.
async fn logins(order: &Order<'_>) -> Option<HashMap<String, DockerCredentials>> {
    let mut logins = HashMap::new();
    for image in std::iter::once(order.image).chain(order.build.cache_from.iter().map(String::as_str)) {
        if let Some(login) = registry::login(image).await {
            logins.insert(login.serveraddress.clone().unwrap_or_default(), login);
        }
    }
    (!logins.is_empty()).then_some(logins)
}

fn is_remote(context: &str) -> bool {
    ["http://", "https://", "git://", "git@", "ssh://", "github.com/"]
        .iter()
        .any(|start| context.starts_with(start))
}

/// The engine fetches the context itself: a repository or an archive.
fn remote(order: &Order<'_>) -> Result<BuildImageOptions, EngineError> {
    let context = &order.build.context;
    if !order.build.dockerfile_inline.is_empty() {
        return Err(EngineError::Step(format!(
            "build.dockerfile_inline cannot be used with the remote context {context}: put the Dockerfile into it"
        )));
    }
    let name = if order.build.dockerfile.is_empty() { "Dockerfile" } else { &order.build.dockerfile };
    Ok(options(order, name)?.remote(context).build())
}

fn folder(order: &Order<'_>) -> Result<PathBuf, EngineError> {
    let context = &order.build.context;
    let folder = order.base.join(context.strip_prefix("./").unwrap_or(context));
    if folder.is_dir() {
        Ok(folder)
    } else {
        let reason = "is no folder, but a service builds from it".to_owned();
        Err(EngineError::File { path: folder.display().to_string(), reason })
    }
}

/// Where the Dockerfile comes from.
fn recipe(order: &Order<'_>, context: &Path) -> Result<context::Recipe, EngineError> {
    if !order.build.dockerfile_inline.is_empty() {
        return Ok(context::Recipe::Inline(order.build.dockerfile_inline.clone()));
    }
    let name = if order.build.dockerfile.is_empty() { "Dockerfile" } else { &order.build.dockerfile };
    let path = context.join(name);
    if !path.is_file() {
        let reason = "does not exist. Add it, or set build.dockerfile".to_owned();
        return Err(EngineError::File { path: path.display().to_string(), reason });
    }
    Ok(context::Recipe::File(path))
}

fn options(order: &Order<'_>, dockerfile: &str) -> Result<BuildImageOptionsBuilder, EngineError> {
    let build = order.build;
    let known = |(key, value): (&String, &Option<String>)| Some((key.clone(), value.clone()?));
    let args: HashMap<String, String> = build.args.iter().filter_map(known).collect();
    let mut labels: HashMap<String, String> = build.labels.clone().into_iter().collect();
    labels.extend(order.labels.clone());
    let mut options = BuildImageOptionsBuilder::default()
        .dockerfile(dockerfile)
        .t(names::image(order.image)?)
        .rm(true)
        .forcerm(true)
        .nocache(build.no_cache)
        .buildargs(&args)
        .labels(&labels);
    if let Ok(memory) = i32::try_from(order.memory)
        && memory > 0
    {
        options = options.memory(memory);
    }
    if build.pull {
        options = options.pull("1");
    }
    if !build.target.is_empty() {
        options = options.target(&build.target);
    }
    if !build.network.is_empty() {
        options = options.networkmode(&build.network);
    }
    if !build.cache_from.is_empty() {
        options = options.cachefrom(&build.cache_from);
    }
    if let Some(hosts) = &build.extra_hosts {
        let hosts: Vec<String> = hosts.iter().map(|line| line.replacen('=', ":", 1)).collect();
        options = options.extrahosts(&hosts.join(","));
    }
    if let Ok(size) = i32::try_from(build.shm_size.0)
        && size > 0
    {
        options = options.shmsize(size);
    }
    let platform = build.platforms.first().map_or(order.platform, String::as_str);
    if !platform.is_empty() {
        options = options.platform(platform);
    }
    Ok(options)
}
