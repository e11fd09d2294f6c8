//! Whether a disk has room for what is about to be written.

use std::io;
use std::os::fd::AsFd;

use rustix::fs::fstatvfs;

/// Refuses what would fill the disk that a file or folder is on, before the first byte of it is written.
pub(crate) fn for_bytes(on: impl AsFd, bytes: u64) -> io::Result<()> {
    let disk = fstatvfs(on)?;
    let room = disk.f_bavail.saturating_mul(disk.f_frsize);
    if bytes > room {
        let (needs, has) = (bytes.div_ceil(1 << 20), room >> 20);
        return Err(io::Error::other(format!("it needs {needs} MB, and the disk has room for {has} MB")));
    }
    Ok(())
}
