//! `cp`: files between this machine and containers.

mod place;
mod spool;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use composeyard_compose::ServiceName;
use composeyard_plan::{ObservedContainer, containers};
use futures_util::StreamExt;

use super::project::{Opened, RunArgs};
use crate::engine::{ContainerId, Top};
use place::{End, Source, There, landing};
use spool::Chunks;

/// Arguments of `cp`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Out of a container: keep users and groups; into one: give all to its user
    #[arg(short, long)]
    archive: bool,
    /// Copy what a link leads to, when the source is one
    #[arg(short = 'L', long)]
    follow_link: bool,
    /// Also containers of one-off runs
    #[arg(long)]
    all: bool,
    /// Number of the container [default: into all of a service, from the first]
    #[arg(long, value_name = "N")]
    index: Option<u32>,
    /// SERVICE:PATH, a path of this machine, or - for a tar from standard input
    source: String,
    /// SERVICE:PATH, a path of this machine, or - for a tar on standard output
    destination: String,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let end = |text: &str| End::parse(text).map_err(anyhow::Error::msg);
    let (from, to) = (end(&args.source)?, end(&args.destination)?);
    let (service, inside) = match (&from, &to) {
        (End::Inside(service, path), End::Local(_)) | (End::Local(_), End::Inside(service, path)) => {
            (service.clone(), path.clone())
        }
        (End::Inside(..), End::Inside(..)) => bail!("copying between services is not supported"),
        (End::Local(_), End::Local(_)) => bail!("one of the two paths must be SERVICE:PATH"),
    };
    // Before the engine is asked for anything: it may not answer until whoever makes the tar has got rid of it.
    let tar = matches!(&from, End::Local(source) if source == "-").then(spool::standard_input);
    let Some(opened) = args.run.open_for(std::slice::from_ref(&service)).await? else {
        return Ok(ExitCode::FAILURE);
    };
    let observed = opened.engine.observe(&opened.project.name, None).await?;
    let found = match containers(&observed, &service, args.index, args.all) {
        Ok(found) => found,
        Err(error) => {
            writeln!(std::io::stderr(), "{error}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    if opened.dry_run {
        return opened.not_done(&format!("copy {} to {}", args.source, args.destination));
    }
    let copy = Copy { opened: &opened, service, inside, archive: args.archive, follow: args.follow_link };
    match (from, to) {
        (End::Inside(..), End::Local(dest)) => copy.out(found[0], &dest).await,
        (End::Local(source), _) => copy.put(&found, &source, tar).await,
        (End::Inside(..), End::Inside(..)) => bail!("copying between services is not supported"),
    }
}

struct Copy<'a> {
    opened: &'a Opened,
    service: ServiceName,
    /// The path in the containers.
    inside: String,
    archive: bool,
    follow: bool,
}

impl Copy<'_> {
    async fn out(&self, container: &ObservedContainer, dest: &str) -> anyhow::Result<ExitCode> {
        let engine = &self.opened.engine;
        let id = ContainerId::new(container.id.as_str())?;
        let found = engine.stat(&id, without_dot(&self.inside)).await?;
        let Some(found) = found else { bail!("there is no {} in container {}", self.inside, container.name) };
        let content = self.inside.ends_with("/.");
        let path = match found.link.filter(|_| self.follow || content) {
            Some(target) => target,
            // Under its own name the archive can be unpacked under any.
            None => without_dot(&self.inside).to_owned(),
        };
        if path == "/" && !(dest == "-" || Path::new(dest).is_dir()) {
            bail!("{dest} is no folder: all of a container goes into one");
        }
        let folder = path == "/" || engine.stat(&id, &path).await?.is_some_and(|stat| stat.folder);
        if dest == "-" {
            let whole = if content { &self.inside } else { &path };
            let mut parts = std::pin::pin!(engine.download(&id, whole).await?);
            while let Some(part) = parts.next().await {
                std::io::stdout().write_all(&part?)?;
            }
            std::io::stdout().flush()?;
            return Ok(ExitCode::SUCCESS);
        }
        let dest = place::through_links(dest)?;
        let there = match fs::metadata(&dest) {
            Ok(found) if found.is_dir() => There::Folder,
            Ok(_) => There::File,
            Err(_) => There::Nothing,
        };
        let source = Source { path: &self.inside, folder };
        let (into, top) = landing(&source, &dest, there).map_err(anyhow::Error::msg)?;
        let top = match top {
            // What a link leads to goes by the name of the link.
            Top::Kept if path != without_dot(&self.inside) => Top::Renamed(last(&self.inside)),
            // The root has no name.
            _ if path == "/" => Top::Kept,
            top => top,
        };
        let path = if path == "/" { "/.".to_owned() } else { path };
        let left_out = engine.fetch(&id, &path, PathBuf::from(into), top, self.archive).await?;
        for one in &left_out {
            writeln!(std::io::stderr(), " ✘ {} was left out: {}", one.name, one.reason)?;
        }
        self.told(&format!("{}:{}", container.name, self.inside), &dest)?;
        Ok(if left_out.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// A tar in place of the source: it is given as `-`.
    async fn put(
        &self,
        found: &[&ObservedContainer],
        source: &str,
        mut tar: Option<Chunks>,
    ) -> anyhow::Result<ExitCode> {
        if tar.is_some() && found.len() > 1 {
            bail!(
                "{} has {} containers, and a tar is read once: name one with --index",
                self.service,
                found.len()
            );
        }
        for container in found {
            let id = ContainerId::new(container.id.as_str())?;
            match tar.take() {
                Some(tar) => self.tar_into(&id, tar).await?,
                None => self.path_into(&id, source).await?,
            }
            self.told(source, &format!("{}:{}", container.name, self.inside))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn path_into(&self, id: &ContainerId, path: &str) -> anyhow::Result<()> {
        let engine = &self.opened.engine;
        let read = if self.follow { fs::metadata(path) } else { fs::symlink_metadata(path) };
        let found = read.with_context(|| format!("{path} cannot be read"))?;
        let (dest, there) = self.there(id).await?;
        let source = Source { path, folder: found.is_dir() };
        let (into, top) = landing(&source, &dest, there).map_err(anyhow::Error::msg)?;
        // What is in a folder is there also behind a link to it.
        let follow = self.follow || source.is_content();
        let real = if follow { fs::canonicalize(path)? } else { std::path::absolute(path)? };
        let top = match top {
            Top::Kept if self.follow => Top::Renamed(last(path)),
            top => top,
        };
        Ok(engine.send(id, real, &into, top, self.archive).await?)
    }

    async fn tar_into(&self, id: &ContainerId, tar: Chunks) -> anyhow::Result<()> {
        let (dest, there) = self.there(id).await?;
        if there != There::Folder {
            bail!("{dest} is no folder: a tar is unpacked into one");
        }
        Ok(self.opened.engine.upload(id, &dest, self.archive, tar).await?)
    }

    /// What is at the destination, through one link.
    async fn there(&self, id: &ContainerId) -> anyhow::Result<(String, There)> {
        let mut dest = self.inside.clone();
        let mut found = self.opened.engine.stat(id, &dest).await?;
        if let Some(target) = found.as_ref().and_then(|stat| stat.link.clone()) {
            found = self.opened.engine.stat(id, &target).await?;
            dest = target;
        }
        let there = match found {
            Some(stat) if stat.folder => There::Folder,
            Some(_) => There::File,
            None => There::Nothing,
        };
        Ok((dest, there))
    }

    fn told(&self, from: &str, to: &str) -> std::io::Result<()> {
        writeln!(std::io::stderr(), " ✔ copy {from} to {to}")
    }
}

/// `/etc/.` as `/etc`.
fn without_dot(path: &str) -> &str {
    let bare = path.strip_suffix("/.").unwrap_or(path);
    if bare.is_empty() { "/" } else { bare }
}

/// The last name of a path.
fn last(path: &str) -> String {
    Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
