//! What the page lets a visitor take away: each variant of each template is the project that the command line writes, and
//! `docker compose up` runs it.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use composeyard_compose::{
    ProjectFiles, archive, settings,
    stacks::{Card, Variant},
};
use composeyard_e2e::{
    agent::{Agent, free_port, new_project},
    browser::Browser,
    oracle, unpacked,
};
use tempfile::TempDir;

/// How long a started container may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Characters of a generated secret.
const SECRET: usize = 48;

#[tokio::test]
async fn every_variant_leaves_the_page_as_the_project_that_the_command_line_writes() -> Result<()> {
    let agent = Agent::start_without_engine().await?;
    let page = Browser::start().await?;
    page.open(&agent.link).await?;
    let mut count = 0;
    for card in cards()? {
        for variant in &card.variants {
            let what = format!("{} {}", card.name, variant.name);
            let zip = take_away(&page, &card, variant).await.with_context(|| what.clone())?;
            let (bytes, from_page) = (fs::read(zip.path().join("project.zip"))?, project(&zip, &card)?);
            ensure!(
                bytes == archive::zip(card.name.as_str(), &from_page),
                "{what}: the zip is the product's"
            );

            let folder = tempfile::tempdir()?;
            // What every tool takes anyway needs no `.env` that says so.
            let chosen = (variant != &card.variants[0]).then_some(variant.name.as_str());
            new_project(card.name.as_str(), chosen, &folder.path().join(card.name.as_str()))?;
            let written = project(&folder, &card)?;
            let mut ours = without_secrets(&from_page, &card, variant)?.0;
            let mut line = without_secrets(&written, &card, variant)?.0;
            ours.retain(|path, text| line.remove(path).as_ref() != Some(text));
            ensure!(ours.is_empty() && line.is_empty(), "{what}: {ours:?}, by the command line {line:?}");
            count += 1;
        }
    }
    ensure!(count >= 14, "{count} variants");
    page.quit().await
}

#[tokio::test]
async fn docker_compose_runs_the_zip_that_the_page_made_on_the_ports_of_its_form() -> Result<()> {
    if !oracle::is_there() {
        eprintln!("skipped: there is no docker compose to run the zip with");
        return Ok(());
    }
    let agent = Agent::start().await?;
    let page = Browser::start().await?;
    page.open(&agent.link).await?;
    let card = card("hello-multiapp")?;
    let variant = card.variant(Some("wait")).context("the variant")?;
    open(&page, &card, variant).await?;
    let (front, api) = (free_port()?, free_port()?);
    for (variable, port) in [("FRONTEND_PORT", front), ("API_PORT", api)] {
        let field = format!("input[aria-label='Value of the variable {variable}']");
        page.fill_css(&field, &port.to_string()).await?;
    }
    let zip = download(&page, &card).await?;
    let running = Running { zip: &zip, card: &card, project: format!("cy-zip-{}", std::process::id()) };
    running.compose(&["up", "--detach", "--build"])?;

    visit(&page, front).await?;
    let shown = "return ask().then(() => document.getElementById('greeting').textContent)";
    let greeting = page.script(shown).await?;
    ensure!(greeting == "Hello, world", "the stack's page shows what its api says: {greeting}");
    page.open(&format!("http://127.0.0.1:{api}/version")).await?;
    let version = page.whole_text().await?;
    ensure!(version.contains("\"environment\":\"docker\""), "{version}");
    running.compose(&["down", "--volumes"])?;
    page.quit().await
}

/// Opens the stack's page, again until it is there: Nginx listens a moment after its container runs.
async fn visit(page: &Browser, port: u16) -> Result<()> {
    let begun = Instant::now();
    let address = format!("http://127.0.0.1:{port}/");
    while page.open(&address).await.is_err() || page.script("return typeof ask === 'function'").await? != true
    {
        ensure!(begun.elapsed() < PATIENCE, "nothing answers at {address}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// A project that `docker compose` runs from an unpacked zip; taken down whatever happens.
struct Running<'a> {
    zip: &'a TempDir,
    card: &'a Card,
    project: String,
}

impl Running<'_> {
    fn compose(&self, words: &[&str]) -> Result<String> {
        let folder = self.zip.path().join(self.card.name.as_str());
        oracle::docker(&[&["compose", "-p", &self.project], words].concat(), Some(&folder))
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let _ = self.compose(&["down", "--volumes", "--timeout", "1"]);
        let images = ["api", "frontend"].map(|service| format!("{}-{service}", self.project));
        // What they were built from stays as the cache of the next build.
        let _ = oracle::docker(&["rmi", "-f", "--no-prune", &images[0], &images[1]], None);
    }
}

async fn take_away(page: &Browser, card: &Card, variant: &Variant) -> Result<TempDir> {
    page.click("gallery").await?;
    open(page, card, variant).await?;
    download(page, card).await
}

/// Opens a template in a variant from the gallery.
async fn open(page: &Browser, card: &Card, variant: &Variant) -> Result<()> {
    page.click(&format!("gallery-variant-{}-{}", card.name, variant.name)).await?;
    page.click(&format!("gallery-card-{}", card.name)).await?;
    page.see_no(&format!("gallery-card-{}", card.name)).await?;
    page.see("variant").await?;
    let chosen =
        page.script("return document.querySelector('[data-testid=variant]').selectedOptions[0].text").await?;
    ensure!(chosen == variant.name.as_str(), "the page shows {chosen}");
    Ok(())
}

/// The zip as `project.zip` in a folder, unpacked beside it.
async fn download(page: &Browser, card: &Card) -> Result<TempDir> {
    page.click("download").await?;
    page.click("download-zip").await?;
    let zip = page.downloaded(&format!("{}.zip", card.name)).await?;
    let folder = tempfile::tempdir()?;
    fs::copy(&zip, folder.path().join("project.zip"))?;
    fs::remove_file(&zip)?;
    unpacked::unpack(&folder.path().join("project.zip"), folder.path())?;
    Ok(folder)
}

fn project(folder: &TempDir, card: &Card) -> Result<ProjectFiles> {
    unpacked::files(&folder.path().join(card.name.as_str()))
}

/// The files with one word for each secret, which must be a fresh one.
fn without_secrets(files: &ProjectFiles, card: &Card, variant: &Variant) -> Result<ProjectFiles> {
    let mut files = files.clone();
    for path in &card.secret_files {
        let text = files.0.insert(path.clone(), "secret".to_owned()).with_context(|| path.clone())?;
        ensure!(text.len() == SECRET, "{path}: {text}");
    }
    let values = settings::values(&files);
    for name in &variant.generate {
        let value = values.get(name).with_context(|| name.clone())?;
        ensure!(value.len() == SECRET, "{name}: {value}");
        let env = files.0.get_mut(settings::FILE).context(".env")?;
        *env = env.replace(value, "secret");
    }
    Ok(files)
}

fn cards() -> Result<Vec<Card>> {
    let index: serde_json::Value = serde_json::from_str(&fs::read_to_string(static_file("index.json"))?)?;
    let names = index["stacks"].as_array().context("stacks")?;
    names.iter().map(|name| card(name.as_str().unwrap_or_default())).collect()
}

fn card(template: &str) -> Result<Card> {
    Ok(serde_json::from_str(&fs::read_to_string(static_file(&format!("{template}/stack.json")))?)?)
}

fn static_file(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/stacks").join(path)
}
