//! Builds an image with the classic builder. `POST /build`.

mod context;
mod ignore;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use bollard::{
    Docker, body_try_stream,
    query_parameters::{BuildImageOptions, BuildImageOptionsBuilder},
};
use composeyard_compose::model::Build;
use futures_util::{StreamExt, stream};

use super::{EngineError, execute::Report, names};

/// What to build.
#[derive(Debug)]
pub(super) struct Order<'a> {
    pub(super) build: &'a Build,
    /// The tag it gets.
    pub(super) image: &'a str,
    /// The service's platform; empty for the engine's.
    pub(super) platform: &'a str,
    /// Where relative paths start.
    pub(super) base: &'a Path,
    /// Compose's labels.
    pub(super) labels: HashMap<String, String>,
}

/// Sends the context and reads the builder's output, line by line, into the report.
pub(super) async fn build(docker: &Docker, order: Order<'_>, report: &Report) -> Result<(), EngineError> {
    let context = folder(&order)?;
    let recipe = recipe(&order, &context)?;
    report.detail("collecting the build context".to_owned(), None);
    let packed = context::pack(context, recipe).await?;
    let options = options(&order, &packed.dockerfile)?;
    let body = body_try_stream(stream::unfold(packed.chunks, |mut chunks| async move {
        chunks.recv().await.map(|chunk| (chunk, chunks))
    }));
    let mut answers = Box::pin(docker.build_image(options, None, Some(body)));
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
    Ok(())
}

fn folder(order: &Order<'_>) -> Result<PathBuf, EngineError> {
    let context = &order.build.context;
    let remote = ["http://", "https://", "git://", "git@", "ssh://"];
    if remote.iter().any(|scheme| context.starts_with(scheme)) {
        return Err(EngineError::Step(format!(
            "build.context {context} is remote: clone it and give its folder instead"
        )));
    }
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

fn options(order: &Order<'_>, dockerfile: &str) -> Result<BuildImageOptions, EngineError> {
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
    if !build.extra_hosts.is_empty() {
        let hosts: Vec<String> = build.extra_hosts.iter().map(|line| line.replacen('=', ":", 1)).collect();
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
    Ok(options.build())
}
