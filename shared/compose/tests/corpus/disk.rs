//! Reads any absolute path.

use composeyard_compose::{FileSource, files::ReadError};

pub struct Disk;

impl FileSource for Disk {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        std::fs::read_to_string(path).map_err(|_| ReadError::NotFound(path.to_owned()))
    }
}
