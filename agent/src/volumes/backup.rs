//! What a volume holds, written into a tar.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};

use composeyard_compose::ProjectName;

use super::VolumeError;
use super::tar_list::{What, read_whole};
use crate::engine::Engine;
use crate::room;

/// Bytes that are written at once.
const CHUNK: usize = 64 * 1024;

/// Writes what a volume holds into a file that was made for it, to the last byte on the disk, and says how many bytes
/// that are. `told` hears how many there are so far, and ends it with an error.
///
/// # Errors
/// When the engine or the disk fails, or the engine does not send all of it; the file is then no back-up.
pub async fn back_up(
    engine: &Engine,
    project: &ProjectName,
    volume: &str,
    file: File,
    told: impl FnMut(u64) -> io::Result<()> + Send + 'static,
) -> Result<u64, VolumeError> {
    let name = volume.to_owned();
    let keep = move |tar: &mut dyn Read| {
        keep(tar, file, told).map_err(|error| io::Error::other(format!("back-up of volume {name}: {error}")))
    };
    Ok(engine.look_into_volume(project, volume, keep).await?)
}

/// The tar is read while it is written: an engine that fails half-way ends it as if that were all.
fn keep(tar: impl Read, file: File, told: impl FnMut(u64) -> io::Result<()>) -> io::Result<u64> {
    let disk = file.try_clone()?;
    let mut kept = BufReader::with_capacity(CHUNK, Kept { tar, file, written: 0, told });
    read_whole(&mut kept, |path, what| match what {
        // The holes of a sparse file arrive as zeros: it may need more than the volume does.
        What::File(size) => room::for_bytes(&disk, size)
            .map_err(|error| io::Error::other(format!("{}: {error}", String::from_utf8_lossy(&path)))),
        What::Link(_) | What::Other => Ok(()),
    })?;
    let kept = kept.into_inner();
    kept.file.sync_all()?;
    Ok(kept.written)
}

/// Writes what is read.
struct Kept<R, Told> {
    tar: R,
    file: File,
    written: u64,
    told: Told,
}

impl<R: Read, Told: FnMut(u64) -> io::Result<()>> Read for Kept<R, Told> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.tar.read(buffer)?;
        self.file.write_all(&buffer[..length])?;
        self.written += length as u64;
        (self.told)(self.written)?;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(tar: &[u8], told: impl FnMut(u64) -> io::Result<()>) -> (io::Result<u64>, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept.tar");
        let said = keep(tar, File::create(&path).unwrap(), told);
        (said, std::fs::read(path).unwrap())
    }

    fn tar() -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(300_000);
        builder.append_data(&mut header, "a", io::repeat(7).take(300_000)).unwrap();
        builder.into_inner().unwrap()
    }

    #[test]
    fn all_that_comes_is_written_unchanged() {
        let tar = tar();
        let mut last = 0;
        let (said, written) = kept(&tar, |bytes| {
            last = bytes;
            Ok(())
        });
        assert_eq!((said.unwrap(), last), (tar.len() as u64, tar.len() as u64));
        assert!(written == tar);
    }

    #[test]
    fn a_tar_that_the_engine_has_cut_is_no_back_up() {
        let tar = tar();
        let (said, _) = kept(&tar[..tar.len() - 1024], |_| Ok(()));
        assert_eq!(said.unwrap_err().to_string(), "it is cut short");
    }

    #[test]
    fn a_sparse_file_that_the_disk_has_no_room_for_ends_it_before_it_is_written() {
        let mut header = tar::Header::new_gnu();
        header.set_path("holes").unwrap();
        header.set_size(1 << 60);
        header.set_cksum();
        let tar = [header.as_bytes(), &vec![0; 10 * CHUNK][..]].concat();
        let (said, written) = kept(&tar, |_| Ok(()));
        let said = said.unwrap_err().to_string();
        assert!(said.starts_with("holes: it needs 1099511627776 MB, and the disk has room for "), "{said}");
        assert!(written.len() <= CHUNK, "{} bytes of it", written.len());
    }

    #[test]
    fn whoever_is_told_can_end_it() {
        let (said, written) = kept(&tar(), |_| Err(io::Error::other("cancelled")));
        assert!(said.unwrap_err().to_string().contains("cancelled"));
        assert!(written.len() <= CHUNK, "{} bytes after the word", written.len());
    }
}
