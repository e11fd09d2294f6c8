//! A tar into a folder of this machine, and nowhere else: whatever the archive holds, no step leaves the folder. Names
//! with `..` or from the root are refused, no link is followed on the way to a name, and a link that leads out is left
//! out.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Permissions};
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, Timespec, Timestamps, fchown, futimens, linkat, mkdirat, openat, statat,
    symlinkat, unlinkat,
};
use rustix::io::Errno;
use tar::{Archive, Entry, EntryType};

use super::{MOST_ENTRIES, Top};
use crate::room;

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Where to, and how.
#[derive(Clone, Debug)]
pub(in super::super) struct Unpack<'a> {
    /// The folder; it must exist.
    pub(in super::super) into: &'a Path,
    pub(in super::super) top: Top,
    /// With the users and groups of the archive; else all belongs to whoever unpacks it.
    pub(in super::super) owners: bool,
}

/// What was not unpacked, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name in the archive.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// Unpacks what may be unpacked.
///
/// # Errors
/// When the archive is broken, holds a name that leads out, too many files, or one that the disk has no room for, or
/// when the disk refuses.
pub(in super::super) fn unpack(archive: impl Read, wanted: &Unpack<'_>) -> io::Result<Vec<LeftOut>> {
    let root = rustix::fs::open(wanted.into, FOLDER - OFlags::NOFOLLOW, Mode::empty())
        .map_err(|error| named(&wanted.into.display().to_string(), &error.into()))?;
    let mut unpacking = Unpacking { root, wanted, left_out: Vec::new() };
    let mut entries = 0;
    for entry in Archive::new(archive).entries()? {
        let entry = entry?;
        entries += 1;
        if entries > MOST_ENTRIES {
            return Err(io::Error::other("the archive holds too many files to be copied at once"));
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        unpacking.entry(entry).map_err(|error| named(&name, &error))?;
    }
    Ok(unpacking.left_out)
}

struct Unpacking<'a> {
    root: OwnedFd,
    wanted: &'a Unpack<'a>,
    left_out: Vec<LeftOut>,
}

impl Unpacking<'_> {
    fn entry(&mut self, mut entry: Entry<'_, impl Read>) -> io::Result<()> {
        let Some(path) = self.place(&entry.path()?)? else { return Ok(()) };
        let (parent, name) = self.parent(&path)?;
        let name = name.as_os_str();
        let kind = entry.header().entry_type();
        if kind == EntryType::Directory {
            return self.folder(&parent, name, &entry);
        }
        let link = entry.link_name()?.map(|target| target.into_owned());
        match (kind, link) {
            (EntryType::Regular | EntryType::Continuous, _) => {
                // While the file that it is to replace is still there.
                room::for_bytes(&parent, entry.size())?;
                clear(&parent, name)?;
                self.file(&parent, name, &mut entry)
            }
            (EntryType::Symlink, Some(target)) if leads_out(&path, &target) => {
                let reason = format!("it is a link to {}, outside the copy", target.display());
                self.leave_out(&path, reason);
                Ok(())
            }
            (EntryType::Symlink, Some(target)) => {
                clear(&parent, name)?;
                Ok(symlinkat(&target, &parent, name)?)
            }
            (EntryType::Link, Some(target)) => {
                let target = self.place(&target)?.ok_or_else(|| refused("it is a link to the whole copy"))?;
                let (from, first) = self.parent(&target)?;
                clear(&parent, name)?;
                Ok(linkat(&from, first.as_os_str(), &parent, name, AtFlags::empty())?)
            }
            _ => {
                self.leave_out(&path, "it is a device, a pipe or something else without content".to_owned());
                Ok(())
            }
        }
    }

    /// The parts of the path that an entry gets; none for the folder itself.
    fn place(&self, path: &Path) -> io::Result<Option<Vec<OsString>>> {
        let mut parts = Vec::new();
        for part in path.components() {
            match part {
                Component::Normal(part) => parts.push(part.to_owned()),
                Component::CurDir => {}
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                    return Err(refused("its name leads out of the copy"));
                }
            }
        }
        match &self.wanted.top {
            Top::Kept => {}
            Top::Renamed(name) => {
                if let Some(first) = parts.first_mut() {
                    *first = name.into();
                }
            }
            Top::Dropped if parts.is_empty() => {}
            Top::Dropped => drop(parts.remove(0)),
        }
        Ok((!parts.is_empty()).then_some(parts))
    }

    /// The open folder that a path ends in, made where it is missing, and its last name. No link is followed.
    fn parent(&self, path: &[OsString]) -> io::Result<(OwnedFd, OsString)> {
        let Some((name, folders)) = path.split_last() else { return Err(refused("it has no name")) };
        let mut at = self.root.try_clone()?;
        for folder in folders {
            match mkdirat(&at, folder, Mode::from_raw_mode(0o755)) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
            at = openat(&at, folder, FOLDER, Mode::empty()).map_err(through_a_link)?;
        }
        Ok((at, name.clone()))
    }

    fn folder(&self, parent: &OwnedFd, name: &OsStr, entry: &Entry<'_, impl Read>) -> io::Result<()> {
        match mkdirat(parent, name, Mode::from_raw_mode(0o755)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let folder = File::from(openat(parent, name, FOLDER, Mode::empty()).map_err(through_a_link)?);
        // Whoever unpacks it must be able to fill it.
        self.finish(&folder, entry, 0o700)
    }

    fn file(&self, parent: &OwnedFd, name: &OsStr, entry: &mut Entry<'_, impl Read>) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(parent, name, flags, Mode::from_raw_mode(0o600))?);
        io::copy(entry, &mut file)?;
        self.finish(&file, entry, 0)?;
        let at = Timespec { tv_sec: i64::try_from(entry.header().mtime()?).unwrap_or(0), tv_nsec: 0 };
        Ok(futimens(&file, &Timestamps { last_access: at, last_modification: at })?)
    }

    /// Owner and mode. Nothing becomes a program that runs as someone else.
    fn finish(&self, file: &File, entry: &Entry<'_, impl Read>, at_least: u32) -> io::Result<()> {
        let header = entry.header();
        if self.wanted.owners {
            let id = |id: u64| u32::try_from(id).ok();
            let uid = id(header.uid()?).map(rustix::fs::Uid::from_raw);
            let gid = id(header.gid()?).map(rustix::fs::Gid::from_raw);
            fchown(file.as_fd(), uid, gid)?;
        }
        file.set_permissions(Permissions::from_mode(header.mode()? & 0o777 | at_least))
    }

    fn leave_out(&mut self, path: &[OsString], reason: String) {
        self.left_out.push(LeftOut { name: path.iter().collect::<PathBuf>().display().to_string(), reason });
    }
}

/// Makes room for a file or link: what stands there is replaced, but a folder never is.
fn clear(parent: &OwnedFd, name: &OsStr) -> io::Result<()> {
    match statat(parent, name, AtFlags::SYMLINK_NOFOLLOW) {
        Err(Errno::NOENT) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => {
            Err(refused("a folder stands where a file is to be written"))
        }
        Ok(_) => Ok(unlinkat(parent, name, AtFlags::empty())?),
    }
}

/// True for a link from the root, and for one that climbs above the folder that all is unpacked into.
fn leads_out(path: &[OsString], target: &Path) -> bool {
    let mut depth = path.len() - 1;
    for part in target.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return true,
        }
    }
    false
}

fn through_a_link(error: Errno) -> io::Error {
    match error {
        Errno::LOOP | Errno::NOTDIR => refused("a link or a file stands where a folder must be"),
        other => other.into(),
    }
}

fn refused(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, reason)
}

fn named(name: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// An entry as an attacker would write it: the name goes in unchecked.
    fn put(tar: &mut tar::Builder<Vec<u8>>, name: &str, kind: EntryType, text: &str) {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(0o4755);
        header.set_mtime(1_000_000_000);
        let is_link = matches!(kind, EntryType::Symlink | EntryType::Link);
        if is_link {
            header.as_mut_bytes()[157..157 + text.len()].copy_from_slice(text.as_bytes());
        }
        header.set_size(if is_link { 0 } else { text.len() as u64 });
        header.set_cksum();
        tar.append(&header, if is_link { &[] } else { text.as_bytes() }).unwrap();
    }

    fn archive(entries: &[(&str, EntryType, &str)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (name, kind, text) in entries {
            put(&mut tar, name, *kind, text);
        }
        tar.into_inner().unwrap()
    }

    /// A folder `in` to unpack into, beside a file `secret`.
    fn beside_a_secret() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        fs::write(folder.path().join("secret"), "untouched").unwrap();
        folder
    }

    fn into(folder: &Path, top: Top, archive: &[u8]) -> io::Result<Vec<LeftOut>> {
        let into = folder.join("in");
        unpack(archive, &Unpack { into: &into, top, owners: false })
    }

    const DIR: EntryType = EntryType::Directory;
    const FILE: EntryType = EntryType::Regular;
    const SYM: EntryType = EntryType::Symlink;
    const HARD: EntryType = EntryType::Link;

    #[test]
    fn files_folders_and_links_inside_arrive_as_they_are() {
        let folder = beside_a_secret();
        let tar = archive(&[
            ("etc/", DIR, ""),
            ("etc/a", FILE, "text"),
            ("etc/deep/", DIR, ""),
            ("etc/deep/up", SYM, "../a"),
            ("etc/b", HARD, "etc/a"),
        ]);
        for (top, at) in
            [(Top::Kept, "in/etc"), (Top::Renamed("conf".into()), "in/conf"), (Top::Dropped, "in")]
        {
            assert_eq!(into(folder.path(), top, &tar).unwrap(), []);
            let at = folder.path().join(at);
            assert_eq!(fs::read_to_string(at.join("deep/up")).unwrap(), "text");
            assert_eq!(fs::read_to_string(at.join("b")).unwrap(), "text");
            let mode = fs::metadata(at.join("a")).unwrap().permissions().mode();
            assert_eq!(mode & 0o7777, 0o755, "not as someone else");
        }
        assert_eq!(into(folder.path(), Top::Kept, &tar).unwrap(), [], "a second time over the first");
    }

    #[test]
    fn no_archive_writes_outside() {
        for entries in [
            &[("../secret", FILE, "broken")][..],
            &[("a/../../secret", FILE, "broken")],
            &[("/tmp/secret", FILE, "broken")],
            &[("..", DIR, "")],
            &[("d/x", HARD, "../secret"), ("d/x", FILE, "broken")],
        ] {
            for top in [Top::Kept, Top::Dropped, Top::Renamed("x".into())] {
                let folder = beside_a_secret();
                let error = into(folder.path(), top, &archive(entries)).unwrap_err();
                assert!(error.to_string().contains("leads out"), "{entries:?}: {error}");
                assert_eq!(fs::read_to_string(folder.path().join("secret")).unwrap(), "untouched");
            }
        }
    }

    #[test]
    fn links_that_lead_out_are_left_out_and_none_is_written_through() {
        let folder = beside_a_secret();
        let tar = archive(&[
            ("abs", SYM, "/etc"),
            ("up", SYM, ".."),
            ("deep/up", SYM, "../../secret"),
            ("fine", FILE, "here"),
        ]);
        let left_out = into(folder.path(), Top::Kept, &tar).unwrap();
        let names: Vec<&str> = left_out.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["abs", "up", "deep/up"]);
        assert_eq!(fs::read_to_string(folder.path().join("in/fine")).unwrap(), "here");

        // Each link alone stays inside; one through the other would not.
        let tar = archive(&[("d", SYM, "."), ("e", SYM, "d/.."), ("e/secret", FILE, "broken")]);
        let error = into(folder.path(), Top::Kept, &tar).unwrap_err();
        assert!(error.to_string().contains("a link or a file stands where a folder must be"), "{error}");
        assert_eq!(fs::read_to_string(folder.path().join("secret")).unwrap(), "untouched");
    }

    #[test]
    fn a_link_that_is_there_already_is_replaced_and_not_written_through() {
        let folder = beside_a_secret();
        std::os::unix::fs::symlink("../secret", folder.path().join("in/a")).unwrap();
        into(folder.path(), Top::Kept, &archive(&[("a", FILE, "new")])).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("in/a")).unwrap(), "new");
        assert_eq!(fs::read_to_string(folder.path().join("secret")).unwrap(), "untouched");
        std::os::unix::fs::symlink("..", folder.path().join("in/out")).unwrap();
        into(folder.path(), Top::Kept, &archive(&[("out/secret", FILE, "broken")])).unwrap_err();
        assert_eq!(fs::read_to_string(folder.path().join("secret")).unwrap(), "untouched");
    }

    #[test]
    fn names_that_are_no_text_arrive_as_they_are() {
        use std::os::unix::ffi::OsStrExt;
        let folder = beside_a_secret();
        fs::create_dir(folder.path().join("from")).unwrap();
        let name = OsStr::from_bytes(b"caf\xe9");
        fs::write(folder.path().join("from").join(name), "text").unwrap();
        let mut tar = Vec::new();
        super::super::pack(&folder.path().join("from"), OsStr::new("from"), &Top::Kept, &mut tar).unwrap();
        assert_eq!(into(folder.path(), Top::Kept, &tar).unwrap(), []);
        assert_eq!(fs::read_to_string(folder.path().join("in/from").join(name)).unwrap(), "text");
    }

    #[test]
    fn a_folder_is_never_replaced_by_a_file() {
        let folder = beside_a_secret();
        fs::create_dir(folder.path().join("in/a")).unwrap();
        into(folder.path(), Top::Kept, &archive(&[("a", FILE, "new")])).unwrap_err();
        assert!(folder.path().join("in/a").is_dir());
    }

    #[test]
    fn what_the_disk_has_no_room_for_is_refused_and_replaces_nothing() {
        let folder = beside_a_secret();
        fs::write(folder.path().join("in/a"), "old").unwrap();
        let mut header = tar::Header::new_gnu();
        header.set_path("a").unwrap();
        header.set_size(1 << 60);
        header.set_cksum();
        let refused = into(folder.path(), Top::Kept, header.as_bytes()).unwrap_err().to_string();
        assert!(refused.starts_with("a: it needs 1099511627776 MB, and the disk has room for "), "{refused}");
        assert_eq!(fs::read_to_string(folder.path().join("in/a")).unwrap(), "old");
    }
}
