//! What a volume holds, written into a tar.

use std::fs::File;
use std::io::{self, Write};

use bytes::Bytes;
use composeyard_compose::ProjectName;

use super::VolumeError;
use crate::engine::Engine;

/// Writes what a volume holds into a file that was made for it, to the last byte on the disk. `told` hears how many
/// bytes there are so far, and ends it with an error.
///
/// # Errors
/// When the engine or the disk fails; the file is then no back-up.
pub async fn back_up(
    engine: &Engine,
    project: &ProjectName,
    volume: &str,
    mut file: File,
    mut told: impl FnMut(u64) -> io::Result<()>,
) -> Result<u64, VolumeError> {
    let mut written = 0;
    let take = |bytes: Bytes| -> io::Result<()> {
        file.write_all(&bytes)?;
        written += bytes.len() as u64;
        told(written)
    };
    engine.read_volume(project, volume, take).await?;
    file.sync_all().map_err(|source| VolumeError::File { path: "the back-up".to_owned(), source })?;
    Ok(written)
}
