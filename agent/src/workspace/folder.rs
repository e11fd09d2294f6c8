//! A folder, reached through its open descriptor: no step follows a link, so a name swapped under the agent's feet
//! cannot lead it outside.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Gid, Mode, OFlags, Stat, Uid};
use rustix::io::Errno;

/// An open folder.
#[derive(Debug)]
pub(super) struct Folder {
    fd: OwnedFd,
}

/// What stands under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An ordinary file.
    File,
    /// A folder.
    Folder,
    /// A link, a pipe, a socket, a device.
    Other,
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl Folder {
    /// Opens the folder that the user named; links in this one path are the user's own choice.
    pub(super) fn open_root(path: &Path) -> io::Result<Self> {
        let fd = rustix::fs::open(path, FOLDER - OFlags::NOFOLLOW, Mode::empty())?;
        Ok(Self { fd })
    }

    /// Opens a folder in this one.
    pub(super) fn open(&self, name: &str) -> io::Result<Self> {
        let fd = rustix::fs::openat(&self.fd, name, FOLDER, Mode::empty()).map_err(link_refused)?;
        Ok(Self { fd })
    }

    /// Opens a folder in this one, made if it is missing.
    pub(super) fn open_or_make(&self, name: &str) -> io::Result<Self> {
        match rustix::fs::mkdirat(&self.fd, name, Mode::from_raw_mode(0o755)) {
            Ok(()) | Err(Errno::EXIST) => self.open(name),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the folder that a relative path like `a/b/file` ends in, and its last name.
    pub(super) fn parent_of<'a>(&self, path: &'a str, make: bool) -> io::Result<(Self, &'a str)> {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut at = Self { fd: self.fd.try_clone()? };
        for folder in folders.split('/').filter(|part| !part.is_empty()) {
            at = if make { at.open_or_make(folder)? } else { at.open(folder)? };
        }
        Ok((at, name))
    }

    /// What a name stands for; none when there is nothing.
    pub(super) fn kind(&self, name: &str) -> io::Result<Option<Kind>> {
        match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(Kind::of(FileType::from_raw_mode(stat.st_mode)))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens an ordinary file for reading.
    pub(super) fn open_file(&self, name: &str) -> io::Result<File> {
        // NONBLOCK: opening a pipe must not wait for its writer.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(&self.fd, name, flags, Mode::empty()).map_err(link_refused)?;
        let file = File::from(fd);
        if !file.metadata()?.is_file() {
            return Err(refused("it is not an ordinary file"));
        }
        Ok(file)
    }

    /// An ordinary file's bytes, refused when there are more than `limit`.
    pub(super) fn read(&self, name: &str, limit: u64) -> io::Result<Vec<u8>> {
        let file = self.open_file(name)?;
        if file.metadata()?.len() > limit {
            return Err(refused("it is too large"));
        }
        let mut bytes = Vec::new();
        // It may grow meanwhile.
        file.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(refused("it is too large"));
        }
        Ok(bytes)
    }

    /// Makes an ordinary file that is not there yet.
    pub(super) fn create_new(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(rustix::fs::openat(&self.fd, name, flags, Mode::from_raw_mode(0o600))?))
    }

    /// Gives a file another name. What has that name already stays, and it is an error.
    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat_with(&self.fd, from, &self.fd, to, rustix::fs::RenameFlags::NOREPLACE)?)
    }

    /// Waits until the disk has the names that were given and taken.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.fd)?)
    }

    /// Brings a file's new bytes to the disk, under a name of their own until they are put: after a crash the file's
    /// name holds the old bytes or the new ones. A new file gets `mode`, one that is there keeps its own and its owner:
    /// what only its owner may read stays so.
    pub(super) fn prepare(&self, name: &str, bytes: &[u8], mode: u32) -> io::Result<Prepared> {
        let before = match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile => Some(stat),
            Ok(_) => return Err(refused("it is a link, a folder or a device")),
            Err(Errno::NOENT) => None,
            Err(error) => return Err(error.into()),
        };
        let folder = Self { fd: self.fd.try_clone()? };
        let temporary = format!(".composeyard-{}", crate::secret::random_hex::<8>()?);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = before.as_ref().map_or(mode, |_| 0o600);
        let fd = rustix::fs::openat(&self.fd, &temporary, flags, Mode::from_raw_mode(mode))?;
        let prepared = Prepared { folder, temporary, name: name.to_owned() };
        let mut file = File::from(fd);
        if let Some(before) = before {
            make_like(&file, &before)?;
        }
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(prepared)
    }

    /// Removes an ordinary file; one that is gone already counts as removed, anything else stays.
    pub(super) fn remove_file(&self, name: &str) -> io::Result<()> {
        if self.kind(name)? != Some(Kind::File) {
            return Ok(());
        }
        match rustix::fs::unlinkat(&self.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes an empty folder; a full one stays.
    pub(super) fn remove_if_empty(&self, name: &str) -> bool {
        rustix::fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR).is_ok()
    }

    /// Names in this folder, without `.` and `..`, sorted. Names that are not UTF-8 are left out.
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.fd)? {
            let name: CString = entry?.file_name().to_owned();
            if let Some(name) = name_of(&name) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }
}

/// A file's new bytes, on disk beside the old ones. Dropped, they are gone and the old ones stay.
#[derive(Debug)]
pub(super) struct Prepared {
    folder: Folder,
    temporary: String,
    name: String,
}

impl Prepared {
    /// Puts them in the place of the old ones.
    pub(super) fn put(self) -> io::Result<()> {
        rustix::fs::renameat(&self.folder.fd, &self.temporary, &self.folder.fd, &self.name)?;
        self.folder.sync()
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // Nothing is left under this name once they are put; a left-over does no harm.
        let _ = rustix::fs::unlinkat(&self.folder.fd, &self.temporary, AtFlags::empty());
    }
}

impl Kind {
    fn of(kind: FileType) -> Self {
        match kind {
            FileType::RegularFile => Self::File,
            FileType::Directory => Self::Folder,
            _ => Self::Other,
        }
    }
}

/// Gives a file the owner and the permissions of the one that it replaces.
fn make_like(file: &File, before: &Stat) -> io::Result<()> {
    let (uid, gid) = (Uid::from_raw(before.st_uid), Gid::from_raw(before.st_gid));
    match rustix::fs::fchown(file, Some(uid), Some(gid)) {
        // Only root can give a file away; whoever may write here may have it instead.
        Ok(()) | Err(Errno::PERM) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(rustix::fs::fchmod(file, Mode::from_raw_mode(before.st_mode & 0o777))?)
}

fn name_of(name: &CStr) -> Option<String> {
    name.to_str().ok().filter(|name| !matches!(*name, "." | "..")).map(str::to_owned)
}

fn refused(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, reason)
}

/// What the system says about a link under `NOFOLLOW` ("too many levels", "not a directory") tells people nothing.
fn link_refused(error: Errno) -> io::Error {
    match error {
        Errno::LOOP => refused("it is a link"),
        Errno::NOTDIR => refused("it is a link or a file where a folder should be"),
        error => error.into(),
    }
}
