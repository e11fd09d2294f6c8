//! The files that cases are made from: the project's own stacks, and those of a folder that `COMPOSEYARD_CORPUS` names.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// Texts of YAML files.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    pub(super) texts: Vec<String>,
}

/// Longer files make slow cases that find nothing more.
const LONGEST: u64 = 8000;

impl Corpus {
    /// Only the files of the repository, the same everywhere.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn own() -> io::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut paths = Vec::new();
        collect(&root.join("static/stacks"), &mut paths)?;
        Self::read(paths)
    }

    /// Those of `COMPOSEYARD_CORPUS` too.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn all() -> io::Result<Self> {
        let mut corpus = Self::own()?;
        if let Some(folder) = env::var_os("COMPOSEYARD_CORPUS") {
            let mut paths = Vec::new();
            collect(Path::new(&folder), &mut paths)?;
            corpus.texts.extend(Self::read(paths)?.texts);
        }
        Ok(corpus)
    }

    fn read(mut paths: Vec<PathBuf>) -> io::Result<Self> {
        paths.sort();
        let texts = paths.iter().map(fs::read).collect::<io::Result<Vec<_>>>()?;
        Ok(Self { texts: texts.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect() })
    }
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        if path.is_dir() {
            collect(&path, found)?;
        } else if is_yaml && entry.metadata()?.len() <= LONGEST {
            found.push(path);
        }
    }
    Ok(())
}
