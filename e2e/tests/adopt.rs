//! A stack that `docker compose` started is found, taken over, changed and handed back without being made anew.

use std::{fs, path::Path};

use anyhow::{Result, ensure};
use composeyard_e2e::{agent::Agent, browser::Browser, oracle};

const NAME: &str = "cy-adopted";
const GONE: &str = "cy-gone";
const FILE: &str = "docker-compose.yml";
/// A bind mount and a variable make the folder and its `.env` part of what runs.
const COMPOSE: &str = "# made by hand
services:
  web:
    image: busybox:latest
    command: [\"httpd\", \"-f\", \"-p\", \"8000\", \"-h\", \"/site\"]
    environment:
      GREETING: ${GREETING}
    volumes:
      - ./site:/site:ro
    depends_on:
      - cache
    stop_grace_period: 1s
  cache:
    image: redis:7-alpine
    volumes:
      - data:/data
volumes:
  data:
";

/// Takes the project down whatever happens: the engine is not the test's own.
struct Cleanup(&'static str);

impl Drop for Cleanup {
    fn drop(&mut self) {
        let words = ["compose", "-p", self.0, "down", "--volumes", "--remove-orphans", "--timeout", "1"];
        let _ = oracle::docker(&words, None);
    }
}

fn compose(folder: &Path, words: &[&str]) -> Result<String> {
    oracle::docker(&[&["compose", "-p", NAME], words].concat(), Some(folder))
}

/// The ids of all containers: they stay as long as nothing is made anew.
fn containers(folder: &Path) -> Result<Vec<String>> {
    let ids = compose(folder, &["ps", "--all", "--quiet", "--no-trunc"])?;
    let mut ids: Vec<String> = ids.lines().map(str::to_owned).collect();
    ids.sort();
    Ok(ids)
}

/// A stack of `docker compose` in a folder of its own.
fn started(name: &str) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("site"))?;
    fs::write(folder.path().join("site/index.html"), "hello\n")?;
    fs::write(folder.path().join(FILE), COMPOSE)?;
    fs::write(folder.path().join(".env"), "GREETING=hello\n")?;
    oracle::docker(&["compose", "-p", name, "up", "--detach"], Some(folder.path()))?;
    Ok(folder)
}

#[tokio::test]
async fn a_stack_whose_files_are_gone_is_rebuilt_from_what_runs() -> Result<()> {
    if !oracle::is_there() {
        eprintln!("skipped: docker compose is not there to start a stack");
        return Ok(());
    }
    let _cleanup = Cleanup(GONE);
    drop(Cleanup(GONE));
    fs::remove_file(started(GONE)?.path().join(FILE))?;
    let agent = Agent::start().await?;
    let page = Browser::start().await?;
    page.open(&agent.link).await?;
    page.click(&format!("machine-{GONE}")).await?;
    page.see_css("dialog[open] h2").await?;
    page.screenshot("machine-rebuild").await?;
    page.click_css("dialog[open] .btn.primary").await?;
    page.see_text("service-state-web", "running").await?;
    page.see("node-data").await?;
    let written = fs::read_to_string(agent.workspace().join(GONE).join("compose.yaml"))?;
    for part in ["redis:7-alpine", "GREETING: hello", "data:/data"] {
        ensure!(written.contains(part), "{part} is missing: {written}");
    }
    page.quit().await
}

#[tokio::test]
async fn a_stack_of_docker_compose_is_taken_over_changed_and_handed_back() -> Result<()> {
    if !oracle::is_there() {
        eprintln!("skipped: docker compose is not there to start a stack");
        return Ok(());
    }
    let _cleanup = Cleanup(NAME);
    drop(Cleanup(NAME));
    let folder = started(NAME)?;
    let folder = folder.path().canonicalize()?;
    let made = containers(&folder)?;
    ensure!(made.len() == 2, "{made:?}");

    let agent = Agent::start().await?;
    let page = Browser::start().await?;
    page.prefer("light").await?;
    page.open(&agent.link).await?;
    page.see_text(&format!("machine-{NAME}"), "made elsewhere").await?;
    page.screenshot("machine-light").await?;
    page.click(&format!("machine-{NAME}")).await?;
    page.see_css("dialog[open] h2").await?;
    page.screenshot("machine-consent").await?;
    page.click_css("dialog[open] .btn.primary").await?;

    // Nothing differs, so nothing would be done.
    page.see_text("service-state-web", "running").await?;
    page.see_text("up-button", "no changes").await?;

    // A change shows where it stands, and is in the folder's file.
    page.click("node-web").await?;
    page.fill_css("[data-testid=inspector] input[aria-label='Value of GREETING']", "good day").await?;
    page.see("node-drift").await?;
    page.see_text("drift", "GREETING changed").await?;
    page.screenshot("drift-light").await?;
    page.prefer("dark").await?;
    page.screenshot("drift-dark").await?;
    page.prefer("light").await?;
    let written = fs::read_to_string(folder.join(FILE))?;
    ensure!(written == COMPOSE.replace("${GREETING}", "good day"), "{written}");
    page.click("undo").await?;
    page.see_no("node-drift").await?;
    page.see_text("up-button", "no changes").await?;
    ensure!(fs::read_to_string(folder.join(FILE))? == COMPOSE, "undo gives the same bytes back");

    // What ours makes is the reference's to keep.
    page.click("node-cache").await?;
    page.click("dock-plan").await?;
    page.click("inspector-restart").await?;
    page.see_text("job-state", "Restart: done").await?;
    compose(&folder, &["up", "--detach"])?;
    ensure!(containers(&folder)? == made, "docker compose makes a container anew");
    page.quit().await
}
