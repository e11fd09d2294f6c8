//! The disk as the loader sees it: the files that the user named, and those that they name in turn.

use std::io::Read;
use std::path::{Path, PathBuf};

use composeyard_compose::FileSource;
use composeyard_compose::files::ReadError;

/// Larger files are no Compose files.
const MAX_BYTES: u64 = 10_000_000;

/// Reads with the rights of the user who typed the command; relative paths start from one folder.
#[derive(Debug)]
pub(super) struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Relative paths start from `folder`.
    pub(super) fn below(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn read_text(&self, path: &str) -> std::io::Result<Result<String, &'static str>> {
        let file = std::fs::File::open(self.folder.join(Path::new(path)))?;
        let meta = file.metadata()?;
        if meta.is_dir() {
            return Err(std::io::ErrorKind::IsADirectory.into());
        }
        if !meta.is_file() {
            // A pipe would block.
            return Ok(Err("it is not a regular file"));
        }
        let mut bytes = Vec::with_capacity(meta.len().min(MAX_BYTES) as usize + 1);
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Ok(Err("it is larger than 10 MB"));
        }
        Ok(String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text"))
    }
}

impl FileSource for Disk {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        let refused = |reason: String| ReadError::Refused { path: path.to_owned(), reason };
        match self.read_text(path) {
            Ok(Ok(text)) => Ok(text),
            Ok(Err(reason)) => Err(refused(reason.to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(ReadError::NotFound(path.to_owned()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::IsADirectory => {
                Err(ReadError::Folder(path.to_owned()))
            }
            Err(error) => Err(refused(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_start_from_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("compose.yaml"), "services: {}\n").unwrap();
        let disk = Disk::below(folder.path());
        assert_eq!(disk.read("./compose.yaml"), Ok("services: {}\n".to_owned()));
        assert_eq!(disk.read("other.yaml"), Err(ReadError::NotFound("other.yaml".to_owned())));
    }

    #[test]
    fn folders_and_bytes_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("bytes"), [0xff, 0xfe, 0x00]).unwrap();
        let disk = Disk::below(folder.path());
        assert_eq!(disk.read("."), Err(ReadError::Folder(".".to_owned())));
        assert!(matches!(disk.read("bytes"), Err(ReadError::Refused { .. })));
    }
}
