//! A volume to a tar and back.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use super::super::project::Opened;
use crate::volumes::{self, find, is_live, users};

pub(super) async fn back_up(opened: &Opened, name: &str, path: &Path) -> anyhow::Result<ExitCode> {
    let project = &opened.project.name;
    let observed = opened.engine.observe(project, None).await?;
    let volume = find(&observed, project, name)?;
    if is_live(&observed, volume) {
        writeln!(
            io::stderr(),
            "warning: {} is in use by {}: what is written meanwhile may be torn in the copy. Pause or stop it first.",
            volume.name,
            users(&observed, volume).join(", ")
        )?;
    }
    let file = File::create_new(path).with_context(|| format!("{} cannot be made", path.display()))?;
    if let Err(error) = volumes::back_up(&opened.engine, project, &volume.name, file, |_| Ok(())).await {
        // Half a backup must not look like one.
        fs::remove_file(path)?;
        return Err(error.into());
    }
    writeln!(io::stderr(), " ✔ back up {} to {}", volume.name, path.display())?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(opened: &Opened, name: &str, path: &Path) -> anyhow::Result<ExitCode> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let restored = volumes::restore(&opened.engine, &opened.project, name, path, file).await?;
    writeln!(io::stderr(), " ✔ restore {restored} from {}", path.display())?;
    Ok(ExitCode::SUCCESS)
}
