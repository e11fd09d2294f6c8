//! One learner's afternoon: open a stack, change it, take it away, run it on Docker, watch it, take it down.
#![expect(clippy::print_stderr, reason = "a test that leaves something out says so")]

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use composeyard_e2e::{
    agent::{Agent, free_port},
    browser::Browser,
    oracle,
    stack::{self, NAME as STACK, changed},
    unpacked,
};
use serde_json::Value;

/// Takes the project down whatever happens: the engine is not the test's own. What failed is not to be found out
/// without what its containers said.
struct Cleanup {
    failed: bool,
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        if self.failed {
            for words in [&["ps", "--all"][..], &["logs", "--timestamps", "--tail", "40"]] {
                let said = oracle::docker(&[&["compose", "-p", STACK], words].concat(), None);
                eprintln!("{}", said.unwrap_or_else(|error| error.to_string()));
            }
        }
        let words = ["compose", "-p", STACK, "down", "--volumes", "--remove-orphans", "--timeout", "1"];
        let _ = oracle::docker(&words, None);
    }
}

#[tokio::test]
async fn a_stack_is_designed_checked_downloaded_run_watched_and_taken_down() -> Result<()> {
    drop(Cleanup { failed: false });
    let mut cleanup = Cleanup { failed: true };
    let begin = Instant::now();
    let mut agent = Agent::start().await?;
    let page = Browser::start().await?;
    page.prefer("light").await?;
    page.open(&agent.link).await?;
    page.see_text("connection-state", "Docker").await?;

    chapter(begin, "open the stack");
    stack::open(&page).await?;
    chapter(begin, "edit on the canvas and in the text");
    edit_on_the_canvas_and_in_the_text(&page).await?;
    let port = free_port()?;
    chapter(begin, "publish on a free port");
    publish_on(&page, port).await?;
    chapter(begin, "download");
    take_it_away(&page, port).await?;
    chapter(begin, "up");
    bring_it_up(&page, port).await?;
    chapter(begin, "visit");
    visit(&page, port).await?;
    chapter(begin, "logs");
    see_the_request_in_the_logs(&page).await?;
    chapter(begin, "reload; the agent dies and comes back");
    agent = lose_and_find_the_agent(&page, agent).await?;
    chapter(begin, "scale, stop, start, restart");
    scale_stop_and_start(&page).await?;
    chapter(begin, "down");
    take_it_down(&page).await?;
    ensure!(agent.workspace().join(STACK).join("compose.yaml").is_file(), "the files stay in the workspace");
    page.quit().await?;
    cleanup.failed = false;
    Ok(())
}

/// Names the part of the story that follows, with the seconds since the start.
fn chapter(begin: Instant, name: &str) {
    eprintln!("{:>4} s  {name}", begin.elapsed().as_secs());
}

async fn edit_on_the_canvas_and_in_the_text(page: &Browser) -> Result<()> {
    let before = stack::text(page).await?;
    ensure!(before == stack::file("compose.yaml")?, "opening a stack changes no byte of it");

    page.click("node-redis").await?;
    page.fill("inspector-image", "redis:7.4-alpine3.20").await?;
    let (gone, come) = changed(&before, &stack::text(page).await?);
    ensure!(
        gone == ["    image: redis:7.4-alpine"] && come == ["    image: redis:7.4-alpine3.20"],
        "{gone:?} {come:?}"
    );
    page.click("undo").await?;
    ensure!(stack::text(page).await? == before, "undo gives the same bytes back");

    // Typing: a broken text keeps the last picture, a wrong one is found as it is typed.
    page.type_at_start("volume: a: b").await?;
    page.see_css(".stale-badge").await?;
    page.see("node-app").await?;
    page.type_more("\u{e003}\u{e003}\u{e003}").await?; // three times Backspace: `volume: a`
    let row = page.see_text("problem-row", "volume").await?;
    ensure!(
        row.attr("data-code").await?.is_some_and(|code| code.starts_with("CY2")),
        "an unknown key has its code"
    );
    page.screenshot("problems-light").await?;
    // Typing and erasing are two steps of the history.
    page.click("undo").await?;
    page.click("undo").await?;
    page.see_no("problem-row").await?;
    ensure!(stack::text(page).await? == before, "undo takes typing back");
    Ok(())
}

async fn publish_on(page: &Browser, port: u16) -> Result<()> {
    page.click("node-nginx").await?;
    page.fill_css("[data-testid=inspector] input[aria-label='Port 1']", &format!("{port}:80")).await?;
    ensure!(stack::text(page).await?.contains(&format!("- \"{port}:80\"")), "the port keeps its quotes");
    page.prefer("dark").await?;
    page.screenshot("design-dark").await?;
    page.resize(390, 844).await?;
    page.see("node-nginx").await?;
    page.screenshot("design-phone").await?;
    page.resize(1400, 900).await?;
    page.prefer("light").await?;
    // The phone shows one pane at a time: once the text is back, the page is wide again.
    page.see_css(".cm-content").await?;
    Ok(())
}

async fn take_it_away(page: &Browser, port: u16) -> Result<()> {
    page.click("download").await?;
    page.click("download-zip").await?;
    let zip = page.downloaded(&format!("{STACK}.zip")).await?;
    let folder = tempfile::tempdir()?;
    unpacked::unpack(&zip, folder.path())?;
    let project = folder.path().join(STACK);
    ensure!(
        std::fs::read_to_string(project.join("app/app.py"))? == stack::file("app/app.py")?,
        "sources are inside"
    );
    if oracle::is_there() {
        let config = oracle::docker(&["compose", "config", "--format", "json"], Some(&project))?;
        ensure!(config.contains(&format!("\"published\": \"{port}\"")), "docker compose reads it: {config}");
    }
    Ok(())
}

async fn bring_it_up(page: &Browser, port: u16) -> Result<()> {
    page.click("up-button").await?;
    page.see("plan-row").await?;
    page.see_text("job-state", "Up: done").await?;
    for service in ["nginx", "app", "redis"] {
        page.see_text(&format!("service-state-{service}"), "healthy").await?;
    }
    page.see(&format!("open-nginx-{port}")).await?;
    page.screenshot("run-light").await?;
    agree(&[("app", 1), ("nginx", 1), ("redis", 1)])
}

/// What `docker compose ps` says of the same project.
fn agree(expected: &[(&str, usize)]) -> Result<()> {
    if !oracle::is_there() {
        eprintln!("skipped: docker compose is not there to agree");
        return Ok(());
    }
    let rows = oracle::ps(STACK)?;
    for (service, count) in expected {
        let running = rows.iter().filter(|row| row.0 == *service && row.1 == "running").count();
        ensure!(
            running == *count,
            "docker compose ps shows {running} running {service}, not {count}: {rows:?}"
        );
    }
    Ok(())
}

/// Three visits through Nginx, each counted, in the tab that the page's own link opens.
async fn visit(page: &Browser, port: u16) -> Result<()> {
    page.follow_to_new_tab(&format!("open-nginx-{port}")).await?;
    for expected in 1..=3 {
        if expected > 1 {
            page.reload().await?;
        }
        let text = page.whole_text().await?;
        let answer: Value =
            serde_json::from_str(&text).with_context(|| format!("the counter says {text:?}"))?;
        ensure!(answer["visits"] == expected, "visit {expected} says {answer}");
    }
    page.close_tab().await
}

async fn see_the_request_in_the_logs(page: &Browser) -> Result<()> {
    page.click("dock-logs").await?;
    page.see_text("logs-state", "live").await?;
    page.fill("search-logs", "visits=3").await?;
    page.see_text("logs-found", "1").await?;
    page.see_text("logs", "visits=3").await?;
    page.screenshot("logs-light").await?;
    page.prefer("dark").await?;
    page.screenshot("logs-dark").await?;
    page.prefer("light").await
}

/// Everything survives a page reload and an agent that dies: the page connects again by itself.
async fn lose_and_find_the_agent(page: &Browser, agent: Agent) -> Result<Agent> {
    page.reload().await?;
    page.see_text("service-state-app", "healthy").await?;
    page.click("dock-logs").await?;
    page.see_text("logs", "visits=3").await?;
    let agent = agent.crash_and_restart().await?;
    page.see_text("connection-state", "3 of 3 healthy").await?;
    page.see_text("logs-state", "live").await?;
    page.fill("search-logs", "visits=3").await?;
    page.see_text("logs-found", "1 ").await?;
    Ok(agent)
}

async fn scale_stop_and_start(page: &Browser) -> Result<()> {
    page.click("node-app").await?;
    page.fill("inspector-replicas", "3").await?;
    page.click("up-button").await?;
    page.see_text("service-state-app", "3 healthy").await?;
    page.see_text("job-state", "Up: done").await?;
    agree(&[("app", 3), ("nginx", 1), ("redis", 1)])?;
    page.screenshot("scaled-light").await?;

    page.click("inspector-stop").await?;
    page.see_text("service-state-app", "stopped").await?;
    page.see_text("job-state", "Stop: done").await?;
    agree(&[("app", 0), ("nginx", 1), ("redis", 1)])?;
    page.click("inspector-start").await?;
    page.see_text("job-state", "Start: done").await?;
    page.see_text("service-state-app", "3 healthy").await?;
    page.click("inspector-restart").await?;
    page.see_text("job-state", "Restart: done").await?;
    agree(&[("app", 3), ("nginx", 1), ("redis", 1)])
}

async fn take_it_down(page: &Browser) -> Result<()> {
    page.click("run-menu").await?;
    page.click("down-volumes-button").await?;
    page.see_css("dialog[open] .btn.danger").await?.click().await?;
    page.see_text("job-state", "Down: done").await?;
    ensure!(oracle::docker(&["ps", "-aq", "--filter", &label()], None)?.is_empty(), "no container is left");
    ensure!(
        oracle::docker(&["volume", "ls", "-q", "--filter", &label()], None)?.is_empty(),
        "no volume is left"
    );
    ensure!(
        oracle::docker(&["network", "ls", "-q", "--filter", &label()], None)?.is_empty(),
        "no network is left"
    );
    Ok(())
}

fn label() -> String {
    format!("label=com.docker.compose.project={STACK}")
}
