//! What stands in a tar: to see that it is whole, and that two hold the same.

use std::collections::BTreeMap;
use std::io::{self, Read};

/// Each path with the bytes of the file there; folders, links and the like have none.
pub(super) type Listing = BTreeMap<Vec<u8>, u64>;

/// A tar ends with two blocks of zeros; one that was cut between two entries is told by nothing else.
const END: usize = 1024;

/// Reads a tar to its end.
///
/// # Errors
/// When it is cut short or no tar.
pub(super) fn list(tar: impl Read) -> io::Result<Listing> {
    let mut archive = tar::Archive::new(Tail { tar, zeros: 0 });
    let mut listing = Listing::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path_bytes().into_owned();
        let size = if entry.header().entry_type().is_file() { entry.size() } else { 0 };
        io::copy(&mut entry, &mut io::sink())?;
        listing.insert(plain(&path), size);
    }
    let mut tail = archive.into_inner();
    io::copy(&mut tail, &mut io::sink())?;
    if tail.zeros < END {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it is cut short"));
    }
    // The folder itself: some tars name it, some do not.
    listing.remove(&b""[..]);
    Ok(listing)
}

/// `./a/` and `a` are the same.
fn plain(path: &[u8]) -> Vec<u8> {
    let path = path.strip_prefix(b"./").unwrap_or(path);
    let path = path.strip_suffix(b"/").unwrap_or(path);
    if path == b"." { Vec::new() } else { path.to_vec() }
}

/// Counts the zeros that it ends with.
struct Tail<R> {
    tar: R,
    zeros: usize,
}

impl<R: Read> Read for Tail<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.tar.read(buffer)?;
        let trailing = buffer[..length].iter().rev().take_while(|byte| **byte == 0).count();
        self.zeros = if trailing == length { self.zeros + length } else { trailing };
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tar() -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (path, text) in [("./a", "text"), ("deep/b", "more")] {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_cksum();
            builder.append_data(&mut header, path, text.as_bytes()).unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn paths_and_sizes_are_listed_whatever_the_paths_begin_with() {
        let listing = list(&tar()[..]).unwrap();
        assert_eq!(listing, [(b"a".to_vec(), 4), (b"deep/b".to_vec(), 4)].into());
    }

    #[test]
    fn a_tar_that_is_cut_anywhere_is_refused() {
        let whole = tar();
        for end in (0..=whole.len() - END).step_by(128) {
            assert!(list(&whole[..end]).is_err(), "cut at {end} of {}", whole.len());
        }
        assert!(list(&b"no tar at all"[..]).is_err());
    }
}
