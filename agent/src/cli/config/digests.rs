//! `config --resolve-image-digests` and `--lock-image-digests`: images by the digest that their registry gives, which
//! never changes. The engine asks the registry, with the logins of this user.

use std::sync::Arc;

use anyhow::Context;
use composeyard_compose::model::Service;
use composeyard_compose::{Project, render};
use serde_json::{Map, Value, json};

use super::Format;
use crate::engine::Engine;

/// Whether images are named by digest.
#[derive(Debug, clap::Args)]
pub(super) struct Digests {
    /// Ask the registries for the digests of the images and print these
    #[arg(long)]
    resolve_image_digests: bool,
    /// Print an override file that holds nothing but the images with their digests
    #[arg(long)]
    pub(super) lock_image_digests: bool,
}

impl Digests {
    pub(super) const fn are_wanted(&self) -> bool {
        self.resolve_image_digests || self.lock_image_digests
    }

    /// Names each image of a project by its digest, when that is wanted.
    ///
    /// # Errors
    /// When no engine answers, or a registry does not tell.
    pub(super) async fn resolve(&self, project: &mut Project) -> anyhow::Result<()> {
        if !self.are_wanted() {
            return Ok(());
        }
        let engine = Engine::connect(None);
        for (name, service) in project.services.iter_mut().filter(|(_, service)| !service.image.is_empty()) {
            let reference = full(&service.image);
            Arc::make_mut(service).image = if reference.contains('@') {
                reference
            } else {
                engine.ready().await.context("the engine asks the registries for digests")?;
                let digest = engine.digest(&reference).await;
                let digest = digest.with_context(|| {
                    format!("the digest of {reference}, the image of {name}, is not known")
                })?;
                format!("{reference}@{digest}")
            };
        }
        Ok(())
    }
}

/// An override file with the images alone. As JSON it has the empty fields too, as every project of the reference has.
pub(super) fn lock_file(project: &Project, format: Option<Format>) -> String {
    let services = |service: fn(&Service) -> Value| -> Value {
        let services = project.services.iter();
        services.map(|(name, model)| (name.to_string(), service(model))).collect::<Map<_, _>>().into()
    };
    match format {
        Some(Format::Json) => {
            let services = services(|service| match service.image.as_str() {
                "" => json!({"command": null, "entrypoint": null}),
                image => json!({"command": null, "entrypoint": null, "image": image}),
            });
            format!("{:#}", json!({"name": "", "services": services}))
        }
        _ => render::data_yaml(&json!({"services": services(|service| match service.image.as_str() {
            "" => json!({}),
            image => json!({"image": image}),
        })})),
    }
}

/// A reference with its registry, folder and tag: `docker.io/library/nginx:latest`. One with a digest needs no tag.
fn full(image: &str) -> String {
    let (name, digest) = image.split_once('@').map_or((image, None), |(name, digest)| (name, Some(digest)));
    let last = name.rfind('/').map_or(0, |slash| slash + 1);
    let (path, tag) = match name[last..].find(':') {
        Some(colon) => (&name[..last + colon], &name[last + colon + 1..]),
        None => (name, "latest"),
    };
    let is_host = |part: &str| part.contains(['.', ':']) || part == "localhost";
    let path = match path.split_once('/') {
        Some((host, _)) if is_host(host) => path.to_owned(),
        Some(_) => format!("docker.io/{path}"),
        None => format!("docker.io/library/{path}"),
    };
    match digest {
        Some(digest) => format!("{path}@{digest}"),
        None => format!("{path}:{tag}"),
    }
}

#[cfg(test)]
mod tests {
    use super::full;

    #[test]
    fn references_are_completed_as_the_engine_completes_them() {
        for (short, long) in [
            ("nginx", "docker.io/library/nginx:latest"),
            ("nginx:1.27", "docker.io/library/nginx:1.27"),
            ("me/app", "docker.io/me/app:latest"),
            ("localhost:5000/app:1", "localhost:5000/app:1"),
            ("ghcr.io/me/app", "ghcr.io/me/app:latest"),
            ("nginx:1.27@sha256:ab", "docker.io/library/nginx@sha256:ab"),
        ] {
            assert_eq!(full(short), long);
        }
    }
}
