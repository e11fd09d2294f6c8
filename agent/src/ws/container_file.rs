//! Requests about single small files of containers.

use std::io::Read;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use composeyard_compose::{ProjectName, ServiceName};
use composeyard_plan::{ObservedContainer, containers};
use composeyard_protocol::{Failure, FailureKind, MAX_FILE_BYTES, Outcome, ServerMessage};
use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::failure;
use super::look::observe;
use super::requests::Asked;
use crate::engine::{ContainerId, EngineError};

/// Bytes of a tar around one file.
const AROUND: usize = 64 * 1024;

pub(super) async fn read(
    asked: &Asked,
    project: ProjectName,
    service: &ServiceName,
    index: Option<u32>,
    path: &str,
) -> Result<Outcome, Failure> {
    let engine = &asked.app.engine;
    let observed = observe(asked, &project).await?;
    let found = containers(&observed, service, index, false)
        .map_err(|error| failure::bad_request(error.to_string()))?;
    let id = id(found[0])?;
    match engine.stat(&id, path).await.map_err(failed)? {
        None => return Err(failure::bad_request(format!("there is no {path} in {}", found[0].name))),
        Some(stat) if stat.folder || stat.link.is_some() => {
            return Err(failure::bad_request(format!("{path} is no ordinary file")));
        }
        Some(stat) if stat.size > MAX_FILE_BYTES as u64 => return Err(too_large(path)),
        Some(_) => {}
    }
    let mut parts = std::pin::pin!(engine.download(&id, path).await.map_err(failed)?);
    let mut tar = Vec::new();
    while let Some(part) = parts.next().await {
        tar.extend_from_slice(&part.map_err(failed)?);
        if tar.len() > MAX_FILE_BYTES + AROUND {
            return Err(too_large(path));
        }
    }
    let (mode, bytes) = only_file(&tar).ok_or_else(|| too_large(path))?;
    let content = STANDARD.encode(bytes);
    asked.outbox.say(ServerMessage::File { id: asked.id, mode, content }).await;
    Ok(Outcome::Done)
}

pub(super) async fn write(
    asked: &Asked,
    project: ProjectName,
    service: &ServiceName,
    index: Option<u32>,
    path: &str,
    mode: u32,
    content: &str,
) -> Result<Outcome, Failure> {
    let bytes = STANDARD.decode(content).map_err(|_| failure::bad_request("the content is no Base64"))?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(too_large(path));
    }
    let Some((folder, name)) = path.rsplit_once('/').filter(|(_, name)| !matches!(*name, "" | "." | ".."))
    else {
        return Err(failure::bad_request(format!("{path} is no path of a file")));
    };
    let observed = observe(asked, &project).await?;
    let found = containers(&observed, service, index, false)
        .map_err(|error| failure::bad_request(error.to_string()))?;
    for container in found {
        let id = id(container)?;
        let owner = owner(asked, &id, path).await.map_err(failed)?;
        let tar = one_file(name, mode, owner, &bytes);
        let tar = Bytes::from(tar.map_err(|error| failure::bad_request(error.to_string()))?);
        let (sender, receiver) = mpsc::channel(1);
        let _room_for_one = sender.try_send(Ok(tar));
        drop(sender);
        let into = format!("{folder}/");
        asked.app.engine.upload(&id, &into, false, receiver).await.map_err(failed)?;
    }
    Ok(Outcome::Done)
}

/// User and group.
type Owner = (u64, u64);

/// Those of the file that is there, which keeps them; a new one is root's.
async fn owner(asked: &Asked, id: &ContainerId, path: &str) -> Result<Owner, EngineError> {
    let engine = &asked.app.engine;
    if engine.stat(id, path).await?.is_none_or(|stat| stat.folder || stat.link.is_some()) {
        return Ok((0, 0));
    }
    let mut parts = std::pin::pin!(engine.download(id, path).await?);
    let mut tar = Vec::new();
    while tar.len() < AROUND
        && let Some(part) = parts.next().await
    {
        tar.extend_from_slice(&part?);
    }
    Ok(first_owner(&tar).unwrap_or_default())
}

fn first_owner(tar: &[u8]) -> Option<Owner> {
    let mut archive = tar::Archive::new(tar);
    let entry = archive.entries().ok()?.next()?.ok()?;
    Some((entry.header().uid().ok()?, entry.header().gid().ok()?))
}

fn id(container: &ObservedContainer) -> Result<ContainerId, Failure> {
    ContainerId::new(container.id.as_str()).map_err(|error| failed(error.into()))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn failed(error: EngineError) -> Failure {
    error.to_failure()
}

fn too_large(path: &str) -> Failure {
    Failure {
        kind: FailureKind::BadRequest,
        message: format!("{path} is larger than {} kB", MAX_FILE_BYTES / 1024),
        help: Some("Copy it with composeyard cp.".to_owned()),
    }
}

/// Permissions and bytes of a tar's one file.
fn only_file(tar: &[u8]) -> Option<(u32, Vec<u8>)> {
    let mut archive = tar::Archive::new(tar);
    let mut entry = archive.entries().ok()?.next()?.ok()?;
    let mut bytes = Vec::new();
    // A sparse file may claim any size.
    entry.by_ref().take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() <= MAX_FILE_BYTES).then_some((entry.header().mode().ok()? & 0o777, bytes))
}

fn one_file(name: &str, mode: u32, (user, group): Owner, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(mode & 0o777);
    header.set_uid(user);
    header.set_gid(group);
    // Programs take a file of the same time for the same file.
    header.set_mtime(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()));
    tar.append_data(&mut header, name, bytes)?;
    tar.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_as_old_as_its_writing() {
        let tar = one_file("a", 0o4755, (77, 78), b"text").unwrap();
        let mut archive = tar::Archive::new(&tar[..]);
        let entry = archive.entries().unwrap().next().unwrap().unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        assert!(now - entry.header().mtime().unwrap() < 60, "{:?}", entry.header());
        assert_eq!(first_owner(&tar), Some((77, 78)));
        assert_eq!(only_file(&tar), Some((0o755, b"text".to_vec())));
    }
}
