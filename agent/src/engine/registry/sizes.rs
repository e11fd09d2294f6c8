//! How large images are: their registries are asked at once, for as long as a plan may wait. Whatever goes wrong, an
//! image just has no size.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bollard::{Docker, auth::DockerCredentials};
use composeyard_plan::Part;
use futures_util::{StreamExt, stream};
use hyper::{
    StatusCode, Uri,
    header::{self, HeaderValue},
};
use tokio::time::{Instant, timeout_at};

use super::{
    login,
    manifest::{FORMATS, Manifest, Platform},
    place::{Origin, Reference, Settings},
    proof::proof,
    wire::{Answer, Wire},
};

/// Images asked for at once.
const PARALLEL: usize = 16;
/// An index, and the manifest that it names.
const DEPTH: usize = 2;
/// How long an answer is remembered: Docker Hub counts each manifest that it gives as a pull.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// How long it is remembered that there was none.
const SILENT: Duration = Duration::from_secs(60);
const MOST_REMEMBERED: usize = 1000;

/// What registries have said, by image and platform.
#[derive(Debug, Default)]
pub(in super::super) struct Memory(Mutex<HashMap<(String, String), Heard>>);

#[derive(Debug)]
struct Heard {
    at: Instant,
    parts: Option<Vec<Part>>,
}

impl Memory {
    /// The outer none: nothing that is still worth anything.
    fn recall(&self, key: &(String, String), now: Instant) -> Option<Option<Vec<Part>>> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Heard { at, parts } = heard.get(key)?;
        let longest = if parts.is_some() { FRESH } else { SILENT };
        (now.saturating_duration_since(*at) < longest).then(|| parts.clone())
    }

    fn keep(&self, key: (String, String), parts: Option<Vec<Part>>, at: Instant) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() >= MOST_REMEMBERED {
            heard.clear();
        }
        heard.insert(key, Heard { at, parts });
    }
}

/// The parts of those images whose registries tell them until the deadline. `images` are references with the platform
/// that is wanted; an empty one is the engine's own. `GET /info` tells the engine's platform and its registries.
pub(in super::super) async fn sizes(
    docker: &Docker,
    is_near: bool,
    images: Vec<(String, String)>,
    memory: &Memory,
    deadline: Instant,
) -> BTreeMap<String, Vec<Part>> {
    let now = Instant::now();
    let recalled = images.into_iter().map(|key| (memory.recall(&key, now), key));
    let (known, unknown): (Vec<_>, Vec<_>) = recalled.partition(|(heard, _)| heard.is_some());
    let mut found: BTreeMap<String, Vec<Part>> =
        known.into_iter().filter_map(|(heard, (image, _))| Some((image, heard??))).collect();
    if unknown.is_empty() {
        return found;
    }
    let Ok(Some(asking)) = timeout_at(deadline, Asking::of(docker, is_near)).await else { return found };
    let mut answers = stream::iter(unknown)
        .map(|(_, key)| {
            let asking = &asking;
            async move { (timeout_at(deadline, asking.image(&key.0, &key.1)).await.ok().flatten(), key) }
        })
        .buffer_unordered(PARALLEL);
    while let Some((parts, key)) = answers.next().await {
        found.extend(parts.clone().map(|parts| (key.0.clone(), parts)));
        memory.keep(key, parts, Instant::now());
    }
    found
}

/// What all questions have in common.
struct Asking {
    wire: Wire,
    settings: Settings,
    platform: Platform,
}

impl Asking {
    async fn of(docker: &Docker, is_near: bool) -> Option<Self> {
        let info = docker.info().await.ok()?;
        let (os, machine) = (info.os_type.unwrap_or_default(), info.architecture.unwrap_or_default());
        // Reading the certificates of all authorities is work for the disk.
        let wire = tokio::task::spawn_blocking(Wire::new).await.ok()?;
        let settings = Settings { registries: info.registry_config.unwrap_or_default(), is_near };
        Some(Self { wire, settings, platform: Platform::of_engine(&os, &machine) })
    }

    async fn image(&self, image: &str, platform: &str) -> Option<Vec<Part>> {
        let reference = Reference::parse(image)?;
        let wanted = if platform.is_empty() { self.platform.clone() } else { Platform::parse(platform) };
        let login = login(image).await;
        for origin in self.settings.origins(&reference.registry).await {
            let login = login.as_ref().filter(|_| origin.takes_login);
            let mut talk =
                Talk { wire: &self.wire, origin: &origin, reference: &reference, login, proof: None };
            if let Some(parts) = talk.parts(&wanted).await {
                return Some(parts);
            }
        }
        None
    }
}

/// The questions about one image at one address.
struct Talk<'a> {
    wire: &'a Wire,
    origin: &'a Origin,
    reference: &'a Reference,
    login: Option<&'a DockerCredentials>,
    /// Good for the next question too.
    proof: Option<HeaderValue>,
}

impl Talk<'_> {
    async fn parts(&mut self, platform: &Platform) -> Option<Vec<Part>> {
        let mut version = self.reference.version.clone();
        for _ in 0..DEPTH {
            let answer = self.manifest(&version).await?;
            match Manifest::parse(&answer.body, &version)? {
                Manifest::Image(parts) => return Some(parts),
                Manifest::Index(entries) => version = platform.choose(&entries)?.to_owned(),
            }
        }
        None
    }

    /// `GET /v2/{name}/manifests/{reference}`, once more with a proof where one is asked for.
    async fn manifest(&mut self, version: &str) -> Option<Answer> {
        let Self { wire, origin, reference, login, .. } = *self;
        let repository = &reference.repository;
        let uri: Uri = format!("{}/v2/{repository}/manifests/{version}", origin.base).parse().ok()?;
        let formats = HeaderValue::from_static(FORMATS);
        let mut answer = wire.get(uri.clone(), formats.clone(), self.proof.as_ref()).await?;
        if answer.status == StatusCode::UNAUTHORIZED && self.proof.is_none() {
            self.proof = Some(proof(wire, &uri, repository, &answer.headers, login).await?);
            answer = wire.get(uri, formats, self.proof.as_ref()).await?;
        }
        if answer.status != StatusCode::OK {
            let kind = answer.headers.get(header::CONTENT_TYPE);
            tracing::debug!(?kind, "{}: {} for {version}", origin.base, answer.status);
            return None;
        }
        Some(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(image: &str) -> (String, String) {
        (image.to_owned(), String::new())
    }

    #[test]
    fn answers_are_remembered_for_a_while_and_silence_for_less() {
        let (memory, start) = (Memory::default(), Instant::now());
        let parts = vec![Part { digest: "sha256:a".to_owned(), bytes: 1 }];
        memory.keep(key("told"), Some(parts.clone()), start);
        memory.keep(key("silent"), None, start);
        assert_eq!(memory.recall(&key("told"), start), Some(Some(parts.clone())));
        assert_eq!(memory.recall(&key("silent"), start), Some(None));
        assert_eq!(memory.recall(&key("other"), start), None);
        assert_eq!(memory.recall(&key("silent"), start + SILENT), None);
        assert_eq!(memory.recall(&key("told"), start + SILENT), Some(Some(parts)));
        assert_eq!(memory.recall(&key("told"), start + FRESH), None);
    }
}
