//! What stands in a tar: to see that it is whole, and that two hold the same.

use std::collections::BTreeMap;
use std::io::{self, Read};

use tar::EntryType;

/// Each path with the bytes of the file there; folders, links and the like have none.
pub(super) type Listing = BTreeMap<Vec<u8>, u64>;

/// A tar ends with two blocks of zeros; one that was cut between two entries is told by nothing else.
const END: usize = 1024;

/// Lists a tar to its end. A hard link counts as the file that it shares: which of the two names comes first is up to
/// whoever wrote it.
///
/// # Errors
/// When it is cut short or no tar.
pub(super) fn list(tar: impl Read) -> io::Result<Listing> {
    let mut listing = Listing::new();
    read_whole(tar, |path, what| {
        let size = match what {
            What::File(size) => size,
            What::Link(target) => listing.get(&plain(&target)).copied().unwrap_or(0),
            What::Other => 0,
        };
        listing.insert(plain(&path), size);
        Ok(())
    })?;
    // The folder itself: some tars name it, some do not.
    listing.remove(&b""[..]);
    Ok(listing)
}

/// What an entry is, as far as two tars can be compared.
pub(super) enum What {
    /// A file of so many bytes.
    File(u64),
    /// Another name of a file that came before.
    Link(Vec<u8>),
    Other,
}

/// Reads a tar to its end, and tells each path before its content.
///
/// # Errors
/// When it is cut short or no tar, or when whoever is told refuses.
pub(super) fn read_whole(
    tar: impl Read,
    mut each: impl FnMut(Vec<u8>, What) -> io::Result<()>,
) -> io::Result<()> {
    let mut archive = tar::Archive::new(Tail { tar, zeros: 0 });
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path_bytes().into_owned();
        let what = match (entry.header().entry_type(), entry.link_name_bytes()) {
            (EntryType::Link, Some(target)) => What::Link(target.into_owned()),
            // A sparse file arrives with its holes filled.
            (EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse, _) => {
                What::File(entry.size())
            }
            _ => What::Other,
        };
        each(path, what)?;
        io::copy(&mut entry, &mut io::sink())?;
    }
    let mut tail = archive.into_inner();
    io::copy(&mut tail, &mut io::sink())?;
    if tail.zeros < END {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it is cut short"));
    }
    Ok(())
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
    fn two_names_of_one_file_are_alike_whichever_comes_first() {
        let linked = |first: &str, second: &str| {
            let mut builder = tar::Builder::new(Vec::new());
            let mut header = tar::Header::new_gnu();
            header.set_size(4);
            builder.append_data(&mut header, first, &b"text"[..]).unwrap();
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(EntryType::Link);
            header.set_size(0);
            builder.append_link(&mut header, second, first).unwrap();
            list(&builder.into_inner().unwrap()[..]).unwrap()
        };
        assert_eq!(linked("./a", "./b"), [(b"a".to_vec(), 4), (b"b".to_vec(), 4)].into());
        assert_eq!(linked("b", "a"), linked("a", "b"));
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
