//! A zip, or a folder that `composeyard new` made, as files.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use composeyard_compose::ProjectFiles;

/// Unpacks a zip into a folder, by a program that is not the product's.
///
/// # Errors
/// When it is no zip.
pub fn unpack(zip: &Path, folder: &Path) -> Result<()> {
    let unpack = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])";
    let status = Command::new("python3").args(["-c", unpack]).arg(zip).arg(folder).status()?;
    ensure!(status.success(), "{} unpacks", zip.display());
    Ok(())
}

/// All files below a folder.
///
/// # Errors
/// When one of them is no text.
pub fn files(folder: &Path) -> Result<ProjectFiles> {
    let mut files = ProjectFiles::default();
    collect(folder, "", &mut files)?;
    Ok(files)
}

fn collect(folder: &Path, below: &str, files: &mut ProjectFiles) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.0.insert(path, fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}
