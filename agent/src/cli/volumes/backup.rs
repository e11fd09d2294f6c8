//! A volume to a tar and back.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use bytes::Bytes;
use composeyard_plan::ContainerState;
use tokio::sync::mpsc;

use super::super::project::Opened;
use super::{by, find, users};

/// Bytes that are read at once.
const CHUNK: usize = 64 * 1024;

pub(super) async fn back_up(opened: &Opened, name: &str, path: &Path) -> anyhow::Result<ExitCode> {
    let observed = opened.engine.observe(&opened.project.name, None).await?;
    let volume = find(&observed, opened, name)?;
    let running = observed.containers.iter().any(|container| {
        container.state == ContainerState::Running && container.volumes.contains(&volume.name)
    });
    if running {
        let users = users(&observed, volume);
        writeln!(
            io::stderr(),
            "warning: {} is in use{}: what is written meanwhile may be torn in the copy. Pause or stop it first.",
            volume.name,
            by(&users)
        )?;
    }
    let mut file = File::create_new(path).with_context(|| format!("{} cannot be made", path.display()))?;
    let written = opened
        .engine
        .read_volume(&opened.project.name, &volume.name, |bytes| file.write_all(&bytes))
        .await
        .map_err(anyhow::Error::from)
        .and_then(|()| Ok(file.sync_all()?));
    if let Err(error) = written {
        // Half a backup must not look like one.
        fs::remove_file(path)?;
        return Err(error);
    }
    writeln!(io::stderr(), " ✔ back up {} to {}", volume.name, path.display())?;
    Ok(ExitCode::SUCCESS)
}

/// The tar is read to its end before the old data goes.
pub(super) async fn restore(opened: &Opened, name: &str, path: &Path) -> anyhow::Result<ExitCode> {
    check(path).with_context(|| format!("{} is no whole tar", path.display()))?;
    let observed = opened.engine.observe(&opened.project.name, None).await?;
    let volume = find(&observed, opened, name)?;
    let users = users(&observed, volume);
    if !users.is_empty() {
        bail!("volume {} is used{}: take the project down first", volume.name, by(&users));
    }
    let Some(wanted) = opened.project.volumes.get(&volume.key) else {
        bail!("the files do not say how volume {} is made", volume.name);
    };
    if !opened.engine.remove_volume(&volume.name).await? {
        bail!("volume {} is used{}", volume.name, by(&[]));
    }
    opened.engine.create_volume(&opened.project.name, &volume.key, wanted).await?;
    let file = File::open(path)?;
    let (sender, receiver) = mpsc::channel(4);
    let reading = tokio::task::spawn_blocking(move || send(file, &sender));
    opened.engine.write_volume(&opened.project.name, &volume.name, receiver).await?;
    reading.await?;
    writeln!(io::stderr(), " ✔ restore {} from {}", volume.name, path.display())?;
    Ok(ExitCode::SUCCESS)
}

fn check(path: &Path) -> io::Result<()> {
    for entry in tar::Archive::new(File::open(path)?).entries()? {
        io::copy(&mut entry?, &mut io::sink())?;
    }
    Ok(())
}

/// Hands a file on; an error goes along and ends the restore.
fn send(mut file: File, to: &mpsc::Sender<io::Result<Bytes>>) {
    let mut buffer = vec![0; CHUNK];
    loop {
        let part = match file.read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => Ok(Bytes::copy_from_slice(&buffer[..length])),
            Err(error) => Err(error),
        };
        let broken = part.is_err();
        if to.blocking_send(part).is_err() || broken {
            return;
        }
    }
}
