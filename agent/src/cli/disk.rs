//! The disk as the loader sees it: the files that the user named, and those that they name in turn.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use composeyard_compose::FileSource;
use composeyard_compose::files::ReadError;

/// Larger files are no Compose files.
const MAX_BYTES: u64 = 10_000_000;

/// The file that `-f -` names: what comes in by the standard input.
pub(super) const STANDARD_INPUT: &str = "-";

/// Reads with the rights of the user who typed the command; relative paths start from one folder.
#[derive(Debug)]
pub(super) struct Disk {
    folder: PathBuf,
    /// What came in, which can be read once only; none where no file is [`STANDARD_INPUT`].
    input: Option<OnceLock<Vec<u8>>>,
}

impl Disk {
    /// Relative paths start from `folder`.
    pub(super) fn below(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), input: None }
    }

    /// Takes [`STANDARD_INPUT`] for a file when it is one of these.
    pub(super) fn with_input(self, files: &[String]) -> Self {
        let is_named = files.iter().any(|file| file == STANDARD_INPUT);
        Self { input: is_named.then(OnceLock::new), ..self }
    }

    fn read_text(&self, path: &str) -> std::io::Result<Result<String, &'static str>> {
        let bytes = match &self.input {
            Some(input) if path == STANDARD_INPUT => come_in(input)?,
            _ => {
                let file = std::fs::File::open(self.folder.join(Path::new(path)))?;
                let meta = file.metadata()?;
                if meta.is_dir() {
                    return Err(std::io::ErrorKind::IsADirectory.into());
                }
                if !meta.is_file() {
                    // A pipe would block.
                    return Ok(Err("it is not a regular file"));
                }
                bounded(file, meta.len())?
            }
        };
        if bytes.len() as u64 > MAX_BYTES {
            return Ok(Err("it is larger than 10 MB"));
        }
        Ok(String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text"))
    }
}

fn come_in(input: &OnceLock<Vec<u8>>) -> std::io::Result<Vec<u8>> {
    if let Some(known) = input.get() {
        return Ok(known.clone());
    }
    let bytes = bounded(std::io::stdin().lock(), 0)?;
    Ok(input.get_or_init(|| bytes).clone())
}

/// All bytes, or one more than [`MAX_BYTES`].
fn bounded(from: impl Read, expected: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(expected.min(MAX_BYTES) as usize + 1);
    from.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
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
