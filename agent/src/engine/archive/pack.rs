//! A file or folder of this machine as a tar. Links stay links.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::{MOST_BYTES, MOST_ENTRIES, Top};

/// Writes `source` under the name `name`, or what is below it under no name, with its users and groups.
///
/// # Errors
/// When something cannot be read, there is too much of it, or nobody takes the bytes.
pub(in super::super) fn pack(source: &Path, name: &str, top: &Top, out: impl Write) -> io::Result<()> {
    let mut packing =
        Packing { tar: tar::Builder::new(out), left_entries: MOST_ENTRIES, left_bytes: MOST_BYTES };
    let name = match top {
        Top::Kept => name,
        Top::Renamed(name) => name,
        Top::Dropped => "",
    };
    packing.add(source, name)?;
    let mut out = packing.tar.into_inner()?;
    out.flush()
}

struct Packing<W: Write> {
    tar: tar::Builder<W>,
    left_entries: u64,
    left_bytes: u64,
}

impl<W: Write> Packing<W> {
    fn add(&mut self, path: &Path, name: &str) -> io::Result<()> {
        let found = fs::symlink_metadata(path).map_err(|error| at(path, &error))?;
        let size = if found.is_file() { found.len() } else { 0 };
        let fits = self.left_entries.checked_sub(1).zip(self.left_bytes.checked_sub(size));
        let Some((entries, bytes)) = fits else {
            return Err(io::Error::other(format!("{}: there is too much to copy at once", path.display())));
        };
        (self.left_entries, self.left_bytes) = (entries, bytes);
        let mut header = tar::Header::new_gnu();
        header.set_metadata(&found);
        header.set_size(size);
        if found.is_symlink() {
            return self.tar.append_link(&mut header, name, fs::read_link(path)?);
        }
        if found.is_dir() {
            if !name.is_empty() {
                self.tar.append_data(&mut header, format!("{name}/"), io::empty())?;
            }
            return self.below(path, name);
        }
        if !found.is_file() {
            // A pipe or a device has no content to copy.
            return Ok(());
        }
        // A file that grows or shrinks meanwhile must not break the archive around it.
        let file = fs::File::open(path).map_err(|error| at(path, &error))?;
        let content = io::Read::chain(file, io::repeat(0));
        self.tar.append_data(&mut header, name, io::Read::take(content, size))
    }

    fn below(&mut self, folder: &Path, name: &str) -> io::Result<()> {
        let read = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = read.map_err(|error| at(folder, &error))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let own = entry.file_name().into_string().map_err(|_| {
                io::Error::other(format!("{}: its name is not Unicode", entry.path().display()))
            })?;
            let name = if name.is_empty() { own } else { format!("{name}/{own}") };
            self.add(&entry.path(), &name)?;
        }
        Ok(())
    }
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
