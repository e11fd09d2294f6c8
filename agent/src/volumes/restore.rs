//! A volume's content from a tar. The engine can rename no volume, so nothing it does is atomic; but the old data goes
//! only after the engine has shown with a volume of its own that it can unpack all of the new.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use bytes::Bytes;
use composeyard_compose::{Project, model::Volume};
use composeyard_plan::{Observed, ObservedVolume};
use tokio::sync::mpsc;
use tokio::task;

use super::tar_list::{Listing, list};
use super::{VolumeError, find, users};
use crate::engine::{Engine, EngineError, VOLUME_TRIAL};

/// Bytes that are read at once.
const CHUNK: usize = 64 * 1024;
/// Chunks that wait for their reader.
const WAITING: usize = 4;

/// Replaces what a volume holds by what a tar holds, and says the volume's name.
///
/// # Errors
/// When something uses the volume, when it is not the project's own, when the tar is broken, when the engine cannot
/// unpack it: then the volume is as it was. [`VolumeError::Lost`] when it can no more be filled once the old data is
/// gone: then there is no volume rather than half of one.
pub async fn restore(
    engine: &Engine,
    project: &Project,
    name: &str,
    path: &Path,
    file: File,
) -> Result<String, VolumeError> {
    let observed = engine.observe(&project.name, Some(project)).await?;
    let key = match find(&observed, &project.name, name) {
        Ok(volume) => {
            let users = users(&observed, volume);
            if !users.is_empty() {
                return Err(VolumeError::Used { volume: volume.name.clone(), users });
            }
            &*volume.key
        }
        // One that was removed comes back.
        Err(_) if project.volumes.contains_key(name) => name,
        Err(none) => return Err(none),
    };
    let Some(wanted) = project.volumes.get(key) else {
        return Err(VolumeError::NotDeclared(name.to_owned()));
    };
    accept(&observed, project, wanted)?;
    let tar = Tar { file, name: path.display().to_string() };
    let listing = tar.list().await?;
    let restore = Restore { engine, project, key, wanted };
    // Whoever restores holds the project: nobody is at work on these any more.
    engine.remove_volume_trials(&wanted.name).await?;
    restore.try_out(&tar, &listing).await?;
    restore.replace(&tar).await?;
    Ok(wanted.name.clone())
}

/// Refuses a volume that is not the project's to replace: removing it would take someone else's data, or none at all.
fn accept(observed: &Observed, project: &Project, wanted: &Volume) -> Result<(), VolumeError> {
    let others =
        |volume: &ObservedVolume| volume.name == wanted.name && volume.project != project.name.as_str();
    if wanted.external || observed.volumes.iter().any(others) {
        return Err(VolumeError::Foreign { volume: wanted.name.clone(), project: project.name.clone() });
    }
    // Its own folder or share: a trial would unpack into the very same place.
    match wanted.driver_opts.get("device") {
        Some(device) => Err(VolumeError::Elsewhere { volume: wanted.name.clone(), device: device.clone() }),
        None => Ok(()),
    }
}

/// A tar on the disk.
struct Tar {
    file: File,
    name: String,
}

impl Tar {
    async fn list(&self) -> Result<Listing, VolumeError> {
        let broken =
            |error: io::Error| VolumeError::Broken { file: self.name.clone(), reason: error.to_string() };
        let file = self.rewound().map_err(broken)?;
        let listed = task::spawn_blocking(move || list(io::BufReader::new(file))).await;
        listed.map_err(|error| broken(io::Error::other(error)))?.map_err(broken)
    }

    fn rewound(&self) -> io::Result<File> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    /// Its bytes; an error goes along and ends whatever reads them.
    fn stream(&self) -> mpsc::Receiver<io::Result<Bytes>> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let file = self.rewound();
        task::spawn_blocking(move || {
            let read = || -> io::Result<()> {
                let mut file = file?;
                let mut buffer = vec![0; CHUNK];
                loop {
                    let length = file.read(&mut buffer)?;
                    let part = Bytes::copy_from_slice(&buffer[..length]);
                    if length == 0 || sender.blocking_send(Ok(part)).is_err() {
                        return Ok(());
                    }
                }
            };
            if let Err(error) = read() {
                // Nobody may be left to hear it.
                let _gone = sender.blocking_send(Err(error));
            }
        });
        receiver
    }
}

struct Restore<'a> {
    engine: &'a Engine,
    project: &'a Project,
    key: &'a str,
    wanted: &'a Volume,
}

impl Restore<'_> {
    /// Fills a volume of its own, looks whether all has arrived, and removes it.
    async fn try_out(&self, tar: &Tar, listing: &Listing) -> Result<(), VolumeError> {
        // No name that a volume of the project could have as well.
        let random =
            crate::secret::random_hex::<8>().map_err(|error| EngineError::Step(error.to_string()))?;
        let name = format!("{}-restore-{random}", self.wanted.name);
        let mut trial = Volume { name, ..self.wanted.clone() };
        trial.labels.insert(VOLUME_TRIAL.to_owned(), self.wanted.name.clone());
        let tried = self.fill_and_compare(&trial, tar, listing).await;
        let removed = self.engine.remove_volume(&trial.name).await;
        tried.and_then(|()| Ok(removed.map(drop)?))
    }

    async fn fill_and_compare(
        &self,
        trial: &Volume,
        tar: &Tar,
        listing: &Listing,
    ) -> Result<(), VolumeError> {
        // Under another key, so that nobody takes it for the volume itself.
        self.fill(&format!("{}-restore", self.key), trial, tar).await?;
        let arrived = self.engine.look_into_volume(&self.project.name, &trial.name, |tar| list(tar)).await?;
        let missing = listing.iter().find(|(path, size)| arrived.get(*path) != Some(size));
        match missing {
            None => Ok(()),
            Some((path, _)) => Err(VolumeError::Broken {
                file: tar.name.clone(),
                reason: format!("the engine did not unpack {}", String::from_utf8_lossy(path)),
            }),
        }
    }

    async fn replace(&self, tar: &Tar) -> Result<(), VolumeError> {
        let name = &self.wanted.name;
        if !self.engine.remove_volume(name).await? {
            return Err(VolumeError::Used { volume: name.clone(), users: Vec::new() });
        }
        let Err(reason) = self.fill(self.key, self.wanted, tar).await else { return Ok(()) };
        // Half a volume must not look like one. The engine may be gone, which the error says.
        let _ = self.engine.remove_volume(name).await;
        Err(VolumeError::Lost { volume: name.clone(), reason })
    }

    async fn fill(&self, key: &str, volume: &Volume, tar: &Tar) -> Result<(), EngineError> {
        self.engine.create_volume(&self.project.name, key, volume).await?;
        self.engine.write_volume(&self.project.name, &volume.name, tar.stream()).await
    }
}
