//! Where a copy lands, by the rules of `docker cp`; the same in both directions.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use composeyard_compose::ServiceName;

use crate::engine::Top;

/// Links in a row, as many as the kernel follows.
const MOST_LINKS: u32 = 40;

/// One end of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A path of this machine; `-` for a tar on standard input or output.
    Local(String),
    /// A path in the containers of a service, from their root.
    Inside(ServiceName, String),
}

/// A path with `.` as its last part means what is in the folder, not the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    pub(super) folder: bool,
}

/// What is there already where the copy goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum There {
    Folder,
    File,
    Nothing,
}

impl End {
    /// `SERVICE:PATH`, or a path of this machine: one from the root, one with `./`, one without a colon.
    ///
    /// # Errors
    /// When what stands before the colon is no service's name.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some((service, path)) if !text.starts_with(['/', '.']) => {
                let service = ServiceName::new(service).map_err(|error| error.to_string())?;
                Ok(Self::Inside(service, format!("/{}", path.trim_start_matches('/'))))
            }
            _ => Ok(Self::Local(text.to_owned())),
        }
    }
}

impl Source<'_> {
    /// Only what is in it.
    pub(super) fn is_content(&self) -> bool {
        self.path == "." || self.path.ends_with("/.")
    }
}

/// The folder that the copy goes into, and the name that it gets there.
///
/// # Errors
/// When a folder would have to become a file, or there is no folder where the path says so.
pub(super) fn landing(source: &Source<'_>, dest: &str, there: There) -> Result<(String, Top), String> {
    match there {
        There::Folder if source.is_content() => Ok((dest.to_owned(), Top::Dropped)),
        There::Folder => Ok((dest.to_owned(), Top::Kept)),
        There::File if source.folder => {
            Err(format!("{dest} is a file: the folder {} cannot be copied there", source.path))
        }
        There::Nothing if dest.ends_with('/') && !source.folder => Err(format!("there is no folder {dest}")),
        There::File | There::Nothing => {
            let (parent, name) = split(dest);
            if matches!(name, "" | "." | "..") {
                return Err(format!("there is no folder {dest}"));
            }
            Ok((parent.to_owned(), Top::Renamed(name.to_owned())))
        }
    }
}

/// The path that a destination on this machine leads to when it is a link, also one to nothing: the link stays, as with
/// the reference.
///
/// # Errors
/// When a link cannot be read, or leads to itself.
pub(super) fn through_links(dest: &str) -> io::Result<String> {
    let mut path = PathBuf::from(dest);
    for _ in 0..MOST_LINKS {
        // One to a folder is as good as the folder.
        if path.is_dir() || !path.is_symlink() {
            return Ok(path.to_string_lossy().into_owned());
        }
        path = path.parent().unwrap_or(Path::new("")).join(fs::read_link(&path)?);
    }
    Err(io::Error::other(format!("{dest} leads through too many links")))
}

/// The folder of a path and its last name.
fn split(path: &str) -> (&str, &str) {
    let path = path.trim_end_matches('/');
    match path.rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some((parent, name)) => (parent, name),
        None => (".", path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_makes_a_service_unless_the_path_begins_like_one() {
        let inside =
            |service: &str, path: &str| Ok(End::Inside(ServiceName::new(service).unwrap(), path.to_owned()));
        let local = |path: &str| Ok(End::Local(path.to_owned()));
        assert_eq!(End::parse("app:/etc/passwd"), inside("app", "/etc/passwd"));
        assert_eq!(End::parse("app:etc"), inside("app", "/etc"));
        for path in ["a", "./a:b", "/a:b", "../a:b", "-", "."] {
            assert_eq!(End::parse(path), local(path), "{path}");
        }
        assert!(End::parse("a b:c").is_err());
    }

    fn lands(path: &str, folder: bool, dest: &str, there: There) -> Result<(String, Top), String> {
        landing(&Source { path, folder }, dest, there)
    }

    #[test]
    fn onto_a_folder_it_keeps_its_name_and_content_alone_has_none() {
        assert_eq!(lands("a/b", true, "x", There::Folder), Ok(("x".into(), Top::Kept)));
        assert_eq!(lands("a/b", false, "/", There::Folder), Ok(("/".into(), Top::Kept)));
        assert_eq!(lands("a/b/.", true, "x", There::Folder), Ok(("x".into(), Top::Dropped)));
    }

    #[test]
    fn onto_nothing_it_gets_the_name_that_was_given() {
        let renamed = |parent: &str, name: &str| Ok((parent.to_owned(), Top::Renamed(name.to_owned())));
        assert_eq!(lands("a", false, "x", There::Nothing), renamed(".", "x"));
        assert_eq!(lands("a", false, "/x", There::File), renamed("/", "x"));
        assert_eq!(lands("a", true, "y/x/", There::Nothing), renamed("y", "x"));
        assert_eq!(lands("a/.", true, "y/x", There::Nothing), renamed("y", "x"));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(lands("a", true, "x", There::File).is_err());
        assert!(lands("a", false, "x/", There::Nothing).is_err());
        assert!(lands("a", true, "x/..", There::Nothing).is_err());
    }

    #[test]
    fn links_to_nothing_and_to_files_are_followed_and_circles_refused() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        for (name, target) in [("none", "new"), ("two", "none"), ("up", "./two"), ("self", "self")] {
            std::os::unix::fs::symlink(target, at(name)).unwrap();
        }
        assert_eq!(through_links(&at("new")).unwrap(), at("new"));
        for name in ["none", "two", "up"] {
            assert!(through_links(&at(name)).unwrap().ends_with("/new"), "{name}");
        }
        assert!(through_links(&at("self")).unwrap_err().to_string().contains("too many links"));
    }
}
