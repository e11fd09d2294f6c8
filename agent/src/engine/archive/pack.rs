//! A file or folder of this machine as a tar. Links stay links, also two names of one file.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::{MOST_ENTRIES, Top};

/// Writes `source` under the name `name`, or what is below it under no name, with its users and groups.
///
/// # Errors
/// When something cannot be read, there is too much of it, or nobody takes the bytes.
pub(in super::super) fn pack(source: &Path, name: &OsStr, top: &Top, out: impl Write) -> io::Result<()> {
    let mut packing =
        Packing { tar: tar::Builder::new(out), left_entries: MOST_ENTRIES, linked: HashMap::new() };
    let name = match top {
        Top::Kept => Path::new(name),
        Top::Renamed(name) => Path::new(name),
        Top::Dropped => Path::new(""),
    };
    packing.add(source, name)?;
    let mut out = packing.tar.into_inner()?;
    out.flush()
}

struct Packing<W: Write> {
    tar: tar::Builder<W>,
    left_entries: u64,
    /// Files with more than one name, by device and number, under the name that came first.
    linked: HashMap<(u64, u64), PathBuf>,
}

impl<W: Write> Packing<W> {
    fn add(&mut self, path: &Path, name: &Path) -> io::Result<()> {
        let found = fs::symlink_metadata(path).map_err(|error| at(path, &error))?;
        let size = if found.is_file() { found.len() } else { 0 };
        let Some(left) = self.left_entries.checked_sub(1) else {
            return Err(io::Error::other(format!(
                "{}: these are too many files to copy at once",
                path.display()
            )));
        };
        self.left_entries = left;
        let mut header = tar::Header::new_gnu();
        header.set_metadata(&found);
        header.set_size(size);
        if found.is_symlink() {
            return self.tar.append_link(&mut header, name, fs::read_link(path)?);
        }
        if found.is_dir() {
            if !name.as_os_str().is_empty() {
                self.tar.append_data(&mut header, name.join(""), io::empty())?;
            }
            return self.below(path, name);
        }
        if !found.is_file() {
            // A pipe or a device has no content to copy.
            return Ok(());
        }
        if let Some(first) = self.first_name(&found, name) {
            header.set_entry_type(tar::EntryType::Link);
            header.set_size(0);
            return self.tar.append_link(&mut header, name, first);
        }
        // A file that grows or shrinks meanwhile must not break the archive around it.
        let file = fs::File::open(path).map_err(|error| at(path, &error))?;
        let content = io::Read::chain(file, io::repeat(0));
        self.tar.append_data(&mut header, name, io::Read::take(content, size))
    }

    /// The name under which the archive has the file already.
    fn first_name(&mut self, found: &fs::Metadata, name: &Path) -> Option<PathBuf> {
        if found.nlink() < 2 {
            return None;
        }
        let number = (found.dev(), found.ino());
        let first = self.linked.get(&number).cloned();
        if first.is_none() {
            self.linked.insert(number, name.to_owned());
        }
        first
    }

    fn below(&mut self, folder: &Path, name: &Path) -> io::Result<()> {
        let read = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = read.map_err(|error| at(folder, &error))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            self.add(&entry.path(), &name.join(entry.file_name()))?;
        }
        Ok(())
    }
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_file_of_any_length_stands_in_the_archive() {
        let folder = tempfile::tempdir().unwrap();
        for size in [0, (8 << 30) - 1, 8 << 30, 1 << 40] {
            let path = folder.path().join("large");
            fs::File::create(&path).unwrap().set_len(size).unwrap();
            // Room for the beginning alone.
            let mut tar = [0; 1024];
            let packed = pack(&path, OsStr::new("large"), &Top::Kept, &mut tar[..]);
            assert!(packed.is_err());
            let mut archive = tar::Archive::new(&tar[..]);
            let entry = archive.entries().unwrap().next().unwrap().unwrap();
            assert_eq!(entry.size(), size);
        }
    }
}
