//! The images of the gallery's stacks on a machine that reaches no registry. What is missing there gets its name from an
//! image of the same major version, as `redis:7.4-alpine` from `redis:7-alpine`; the stacks stay as they are shipped.

use std::{collections::BTreeSet, fs, io, path::Path, process::Command};

const STACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/stacks");

/// Names the stand-ins of those images that the engine neither has nor can pull. Without a stand-in the start of the
/// stack says what is missing, as to any user.
pub(crate) fn name() -> io::Result<()> {
    let format = ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"];
    let listed = String::from_utf8_lossy(&Command::new("docker").args(format).output()?.stdout).into_owned();
    let there: BTreeSet<&str> = listed.lines().collect();
    let mut wanted = BTreeSet::new();
    collect(Path::new(STACKS), &mut wanted)?;
    for image in wanted.iter().filter(|image| !there.contains(image.as_str())) {
        let stand_in = of_the_same_major_version(image).filter(|name| there.contains(name.as_str()));
        let Some(stand_in) = stand_in else { continue };
        let pulled = Command::new("docker").args(["pull", "--quiet", image]).output()?;
        if !pulled.status.success() {
            Command::new("docker").args(["tag", &stand_in, image]).output()?;
        }
    }
    Ok(())
}

/// The images that the Compose files and Dockerfiles below a folder name.
fn collect(folder: &Path, images: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, images)?;
            continue;
        }
        for line in fs::read_to_string(&path)?.lines().map(str::trim_start) {
            let rest = line.strip_prefix("image: ").or_else(|| line.strip_prefix("FROM "));
            images.extend(rest.and_then(|rest| rest.split_whitespace().next()).map(str::to_owned));
        }
    }
    Ok(())
}

/// `redis:7-alpine` for `redis:7.4-alpine`.
fn of_the_same_major_version(image: &str) -> Option<String> {
    let (major, rest) = image.split_once('.')?;
    let kind = rest.find('-').map_or("", |at| &rest[at..]);
    Some(format!("{major}{kind}"))
}
