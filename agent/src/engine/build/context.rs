//! The build context as a tar stream: mode bits and symlinks kept, owners dropped, ignored files left out.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use tokio::{sync::mpsc, task};

use super::{
    super::{
        EngineError,
        archive::{Pipe, WAITING},
    },
    ignore::Ignore,
};

/// A context larger than this is almost always a forgotten `.dockerignore`.
const LARGEST: u64 = 2 << 30;

/// Where the Dockerfile comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Recipe {
    /// A file, inside or outside the context.
    File(PathBuf),
    /// The text itself.
    Inline(String),
}

/// A context on its way.
#[derive(Debug)]
pub(super) struct Packed {
    /// Path of the Dockerfile inside the tar.
    pub(super) dockerfile: String,
    /// The tar's bytes; an error ends it.
    pub(super) chunks: mpsc::Receiver<io::Result<Bytes>>,
}

/// Lists the context, then streams it from a blocking thread.
pub(super) async fn pack(folder: PathBuf, recipe: Recipe) -> Result<Packed, EngineError> {
    let listing = task::spawn_blocking(move || list(&folder, &recipe).map(|listing| (folder, listing)));
    let (folder, listing) = listing
        .await
        .map_err(|error| EngineError::Step(format!("listing the context failed: {error}")))??;
    let (sender, chunks) = mpsc::channel(WAITING);
    let dockerfile = listing.dockerfile.clone();
    task::spawn_blocking(move || {
        let mut pipe = Pipe::to(sender);
        if let Err(error) = write(&folder, &listing, &mut pipe) {
            pipe.fail(error);
        }
    });
    Ok(Packed { dockerfile, chunks })
}

/// What goes into the tar.
#[derive(Debug, Default)]
struct Listing {
    /// Paths relative to the context, parents first, sorted.
    entries: Vec<String>,
    bytes: u64,
    dockerfile: String,
    /// A Dockerfile that is not in the context.
    extra: Option<String>,
}

fn list(folder: &Path, recipe: &Recipe) -> Result<Listing, EngineError> {
    let (dockerfile, extra) = place(folder, recipe)?;
    let mut ignore = read_ignore(folder, recipe)?;
    ignore.keep(".dockerignore");
    ignore.keep(&dockerfile);
    let mut listing = Listing { dockerfile, extra, ..Default::default() };
    walk(folder, "", &ignore, &mut listing)?;
    Ok(listing)
}

/// The Dockerfile's path in the tar, and its text when it has to be added.
fn place(folder: &Path, recipe: &Recipe) -> Result<(String, Option<String>), EngineError> {
    const ADDED: &str = ".composeyard.dockerfile";
    match recipe {
        Recipe::Inline(text) => Ok((ADDED.to_owned(), Some(text.clone()))),
        Recipe::File(path) => {
            let real = |path: &Path| path.canonicalize().map_err(|error| unreadable(path, &error));
            match real(path)?.strip_prefix(real(folder)?) {
                Ok(inside) => Ok((inside.to_string_lossy().into_owned(), None)),
                Err(_) => {
                    let text = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
                    Ok((ADDED.to_owned(), Some(text)))
                }
            }
        }
    }
}

/// `<Dockerfile>.dockerignore` wins over `.dockerignore`.
fn read_ignore(folder: &Path, recipe: &Recipe) -> Result<Ignore, EngineError> {
    let own = match recipe {
        Recipe::File(path) => Some(PathBuf::from(format!("{}.dockerignore", path.display()))),
        Recipe::Inline(_) => None,
    };
    for path in own.into_iter().chain([folder.join(".dockerignore")]) {
        match fs::read_to_string(&path) {
            Ok(text) => return Ok(Ignore::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(&path, &error)),
        }
    }
    Ok(Ignore::default())
}

fn walk(folder: &Path, inside: &str, ignore: &Ignore, listing: &mut Listing) -> Result<(), EngineError> {
    let here = folder.join(inside);
    let read = fs::read_dir(&here).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = read.map_err(|error| unreadable(&here, &error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let path = if inside.is_empty() { name.into_owned() } else { format!("{inside}/{name}") };
        let kept = !ignore.excludes(&path);
        let kind = entry.file_type().map_err(|error| unreadable(&entry.path(), &error))?;
        if kind.is_dir() {
            if kept {
                listing.entries.push(path.clone());
            }
            if kept || ignore.may_keep_below(&path) {
                walk(folder, &path, ignore, listing)?;
            }
        } else if kept && (kind.is_file() || kind.is_symlink()) {
            listing.bytes += entry.metadata().map_or(0, |metadata| metadata.len());
            listing.entries.push(path);
        }
        if listing.bytes > LARGEST {
            return Err(EngineError::Step(format!(
                "the build context {} is larger than 2 GiB: leave out what the image does not need with a \
                 .dockerignore file",
                folder.display()
            )));
        }
    }
    Ok(())
}

fn write(folder: &Path, listing: &Listing, pipe: &mut Pipe) -> io::Result<()> {
    let mut tar = tar::Builder::new(&mut *pipe);
    tar.follow_symlinks(false);
    for entry in &listing.entries {
        append(&mut tar, folder, entry)?;
    }
    if let Some(text) = &listing.extra {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, &listing.dockerfile, text.as_bytes())?;
    }
    tar.finish()?;
    drop(tar);
    pipe.flush()
}

fn append(tar: &mut tar::Builder<&mut Pipe>, folder: &Path, entry: &str) -> io::Result<()> {
    let path = folder.join(entry);
    let metadata = fs::symlink_metadata(&path)?;
    let mut header = tar::Header::new_gnu();
    header.set_metadata(&metadata);
    header.set_uid(0);
    header.set_gid(0);
    if metadata.is_symlink() {
        header.set_size(0);
        return tar.append_link(&mut header, entry, fs::read_link(&path)?);
    }
    if metadata.is_dir() {
        header.set_size(0);
        return tar.append_data(&mut header, format!("{entry}/"), io::empty());
    }
    // A file that grows or shrinks meanwhile must not break the archive around it.
    let size = metadata.len();
    header.set_size(size);
    let content = io::Read::chain(fs::File::open(&path)?, io::repeat(0));
    tar.append_data(&mut header, entry, io::Read::take(content, size))
}

fn unreadable(path: &Path, error: &io::Error) -> EngineError {
    EngineError::File { path: path.display().to_string(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, os::unix::fs::PermissionsExt};

    use super::*;

    /// Path in the tar to (mode, link target or text).
    async fn packed(folder: &Path, recipe: Recipe) -> (String, BTreeMap<String, (u32, String)>) {
        let mut packed = pack(folder.to_owned(), recipe).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(chunk) = packed.chunks.recv().await {
            bytes.extend(chunk.unwrap());
        }
        let mut found = BTreeMap::new();
        for entry in tar::Archive::new(bytes.as_slice()).entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            io::Read::read_to_string(&mut entry, &mut text).unwrap();
            if let Some(link) = entry.link_name().unwrap() {
                text = format!("-> {}", link.display());
            }
            let path = entry.path().unwrap().display().to_string();
            found.insert(path, (entry.header().mode().unwrap() & 0o777, text));
        }
        (packed.dockerfile, found)
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("src/deep")).unwrap();
        fs::create_dir_all(at("node_modules/x")).unwrap();
        for (path, text) in [
            ("Dockerfile", "FROM busybox"),
            (".dockerignore", "node_modules\nDockerfile\n**/*.tmp\n"),
            ("src/run.sh", "echo hi"),
            ("src/deep/a.tmp", "no"),
            ("node_modules/x/y", "no"),
        ] {
            fs::write(at(path), text).unwrap();
        }
        fs::set_permissions(at("src/run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", at("src/link")).unwrap();
        folder
    }

    #[tokio::test]
    async fn modes_and_links_are_kept_and_ignored_files_left_out() {
        let folder = folder();
        let (dockerfile, tar) = packed(folder.path(), Recipe::File(folder.path().join("Dockerfile"))).await;
        assert_eq!(dockerfile, "Dockerfile");
        let paths: Vec<&str> = tar.keys().map(String::as_str).collect();
        assert_eq!(paths, [".dockerignore", "Dockerfile", "src/", "src/deep/", "src/link", "src/run.sh"]);
        assert_eq!(tar["src/run.sh"], (0o755, "echo hi".to_owned()));
        assert_eq!(tar["src/link"].1, "-> /etc/passwd");
    }

    #[tokio::test]
    async fn a_dockerfile_from_elsewhere_or_inline_is_added() {
        let folder = folder();
        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join("My.Dockerfile"), "FROM scratch").unwrap();
        for recipe in
            [Recipe::File(other.path().join("My.Dockerfile")), Recipe::Inline("FROM scratch".to_owned())]
        {
            let (dockerfile, tar) = packed(folder.path(), recipe).await;
            assert_eq!(tar[&dockerfile].1, "FROM scratch");
        }
    }

    #[tokio::test]
    async fn a_dockerfiles_own_ignore_file_wins() {
        let folder = folder();
        fs::write(folder.path().join("Dockerfile.dockerignore"), "src").unwrap();
        let (_, tar) = packed(folder.path(), Recipe::File(folder.path().join("Dockerfile"))).await;
        assert!(tar.contains_key("node_modules/x/y") && !tar.contains_key("src/run.sh"));
    }
}
