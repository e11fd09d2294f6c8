//! Back-ups of volumes, as tars beside the projects: `.composeyard/backups/PROJECT/VOLUME-NUMBER.tar`. A file has that
//! name only once it is whole.

use std::fs::File;
use std::io;
use std::time::UNIX_EPOCH;

use composeyard_compose::ProjectName;
use composeyard_protocol::Backup;
use rustix::fs::{FlockOperation, flock};

use super::folder::{Folder, Kind};
use super::manifest::OWN_FOLDER;
use super::{Workspace, WorkspaceError};

const FOLDER: &str = "backups";
const WHOLE: &str = ".tar";
const PART: &str = ".part";

/// A back-up that is being written; without [`NewBackup::keep`] it is none.
#[derive(Debug)]
pub struct NewBackup {
    /// Where it is written.
    pub file: File,
    folder: Folder,
    name: String,
}

impl NewBackup {
    /// It is whole: from now on it is a back-up of this name.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn keep(self) -> io::Result<String> {
        let whole = format!("{}{WHOLE}", self.name);
        self.folder.rename(&format!("{}{PART}", self.name), &whole)?;
        self.folder.sync()?;
        Ok(whole)
    }

    /// It will never be whole.
    pub fn discard(self) {
        // A left-over part is no back-up, and goes with the next one.
        let _ = self.folder.remove_file(&format!("{}{PART}", self.name));
    }
}

impl Workspace {
    /// Begins a back-up of a volume. What a killed agent had begun goes.
    ///
    /// # Errors
    /// When the volume's key is no name for a file, or the disk refuses.
    pub fn begin_backup(&self, project: &ProjectName, volume: &str) -> Result<NewBackup, WorkspaceError> {
        if !is_plain(volume) {
            return Err(WorkspaceError::refused(volume, "it is no name for a file"));
        }
        let made = || -> io::Result<NewBackup> {
            let root = &self.shared.root;
            let folder =
                root.open_or_make(OWN_FOLDER)?.open_or_make(FOLDER)?.open_or_make(project.as_str())?;
            let names = folder.names()?;
            remove_left(&folder, &names)?;
            let taken = names.iter().filter_map(|name| number(name, volume)).max().unwrap_or(0);
            let name = format!("{volume}-{}", taken.saturating_add(1));
            let file = folder.create_new(&format!("{name}{PART}"))?;
            flock(&file, FlockOperation::NonBlockingLockExclusive)?;
            Ok(NewBackup { file, folder, name })
        };
        made().map_err(|source| self.io(FOLDER, source))
    }

    /// The back-ups of a project's volumes, the newest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn backups(&self, project: &ProjectName) -> Result<Vec<Backup>, WorkspaceError> {
        let read = || -> io::Result<Vec<Backup>> {
            let Some(folder) = self.backup_folder(project)? else { return Ok(Vec::new()) };
            let mut found = Vec::new();
            for file in folder.names()? {
                let Some(volume) = volume_of(&file) else { continue };
                // Someone else may just have removed it, or put something of that name there.
                let Ok(about) = folder.open_file(&file).and_then(|file| file.metadata()) else { continue };
                let made = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
                found.push(Backup { volume: volume.to_owned(), size: about.len(), made, file });
            }
            found.sort_by(|a, b| (b.made, &b.file).cmp(&(a.made, &a.file)));
            Ok(found)
        };
        read().map_err(|source| self.io(FOLDER, source))
    }

    /// One of a project's back-ups.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn open_backup(&self, project: &ProjectName, file: &str) -> Result<File, WorkspaceError> {
        let opened = || -> io::Result<Option<File>> {
            let Some(folder) = self.backup_folder(project)? else { return Ok(None) };
            match (volume_of(file), folder.kind(file)?) {
                (Some(_), Some(Kind::File)) => folder.open_file(file).map(Some),
                _ => Ok(None),
            }
        };
        let found = if is_plain(file) { opened() } else { Ok(None) };
        let found = found.map_err(|source| self.io(FOLDER, source))?;
        found.ok_or_else(|| WorkspaceError::refused(file, "there is no such back-up"))
    }

    /// Removes one of a project's back-ups.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn remove_backup(&self, project: &ProjectName, file: &str) -> Result<(), WorkspaceError> {
        self.open_backup(project, file)?;
        let removed = self.backup_folder(project).and_then(|folder| match folder {
            Some(folder) => folder.remove_file(file),
            None => Ok(()),
        });
        removed.map_err(|source| self.io(FOLDER, source))
    }

    fn backup_folder(&self, project: &ProjectName) -> io::Result<Option<Folder>> {
        let mut folder = None;
        for name in [OWN_FOLDER, FOLDER, project.as_str()] {
            let at = folder.as_ref().unwrap_or(&self.shared.root);
            if at.kind(name)?.is_none() {
                return Ok(None);
            }
            folder = Some(at.open(name)?);
        }
        Ok(folder)
    }
}

/// Removes the parts that nobody writes: the kernel frees the lock of a writer however it ends.
fn remove_left(folder: &Folder, names: &[String]) -> io::Result<()> {
    for part in names.iter().filter(|name| name.ends_with(PART)) {
        let Ok(file) = folder.open_file(part) else { continue };
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            folder.remove_file(part)?;
        }
    }
    Ok(())
}

/// It can be a name of a file and of nothing else.
fn is_plain(name: &str) -> bool {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !name.is_empty() && name.len() <= 200 && !name.starts_with('.') && name.bytes().all(sound)
}

/// The number of a back-up of this volume, whole or not.
fn number(file: &str, volume: &str) -> Option<u32> {
    let name = file.strip_suffix(WHOLE).or_else(|| file.strip_suffix(PART))?;
    name.strip_prefix(volume)?.strip_prefix('-')?.parse().ok()
}

/// The volume that a whole back-up is of.
fn volume_of(file: &str) -> Option<&str> {
    let (volume, number) = file.strip_suffix(WHOLE)?.rsplit_once('-')?;
    number.parse::<u32>().ok().map(|_| volume)
}
