//! A running stack is operated from the page: every verb has its button, and says why when it makes no sense.
#![expect(clippy::print_stderr, reason = "a measurement is printed")]

use std::fs;

use anyhow::{Context, Result, ensure};
use composeyard_e2e::{agent::Agent, browser::Browser, oracle};

const VERBS: &str = "cy-operate";
const TERMINAL: &str = "cy-terminal";
const VOLUMES: &str = "cy-volumes";
/// Where keys go in a terminal.
const KEYS: &str = ".xterm-helper-textarea";
const COMPOSE: &str = "services:
  web:
    image: busybox:latest
    command: [\"httpd\", \"-f\", \"-p\", \"8000\"]
    stop_grace_period: 1s
    volumes:
      - data:/data
  tool:
    build:
      dockerfile_inline: |
        FROM busybox:latest
        RUN echo built > /built
    command: [\"sleep\", \"1000\"]
    stop_grace_period: 1s
volumes:
  data:
";

/// Takes the project down whatever happens: the engine is not the test's own.
struct Cleanup(&'static str);

impl Drop for Cleanup {
    fn drop(&mut self) {
        let words = [
            "compose",
            "-p",
            self.0,
            "down",
            "--volumes",
            "--remove-orphans",
            "--rmi=local",
            "--timeout",
            "1",
        ];
        let _ = oracle::docker(&words, None);
    }
}

/// An agent with this project in its workspace, and a page that has brought it up.
async fn running(project: &str) -> Result<(Agent, Browser)> {
    let agent = Agent::start().await?;
    let folder = agent.workspace().join(project);
    fs::create_dir(&folder)?;
    fs::write(folder.join("compose.yaml"), COMPOSE)?;
    let page = Browser::start().await?;
    page.prefer("light").await?;
    page.open(&agent.link).await?;
    page.click(&format!("machine-{project}")).await?;
    page.see("node-web").await?;
    up_with_times(&page).await?;
    Ok((agent, page))
}

/// Brings the stack up and says when the first sign of it, the plan and the end were drawn.
async fn up_with_times(page: &Browser) -> Result<()> {
    page.see_css("[data-testid=up-button]:not(:disabled)").await?;
    page.script(
        "const begin = performance.now();
        const times = window.upTimes = {};
        const note = (name, there) => { if (there && !(name in times)) times[name] = performance.now() - begin; };
        new MutationObserver(() => {
            const state = document.querySelector('[data-testid=job-state]');
            note('sign', state);
            note('plan', document.querySelector('[data-testid=plan-row]'));
            note('end', state?.textContent.includes('Up: done'));
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
        document.querySelector('[data-testid=up-button]').click();",
    )
    .await?;
    page.see_text("job-state", "Up: done").await?;
    let times = page.script("return window.upTimes").await?;
    let time = |name: &str| times[name].as_f64().unwrap_or(f64::INFINITY);
    let (sign, plan, end) = (time("sign"), time("plan"), time("end"));
    eprintln!("up: first sign {sign:.0} ms after the click, plan {plan:.0} ms, end {end:.0} ms");
    ensure!(sign <= plan && plan < end, "the plan is shown before it is carried out: {times}");
    ensure!(sign < end / 4.0, "the page answers a click long before the engine does: {times}");
    Ok(())
}

/// Chooses something of a menu.
async fn choose(page: &Browser, menu: &str, item: &str) -> Result<()> {
    page.click(menu).await?;
    page.click(item).await
}

#[tokio::test]
async fn every_verb_has_its_button_and_says_why_when_it_makes_no_sense() -> Result<()> {
    let _cleanup = Cleanup(VERBS);
    drop(Cleanup(VERBS));
    let (_agent, page) = running(VERBS).await?;
    page.click("node-web").await?;

    page.click("service-menu").await?;
    page.see_text("service-unpause", "Nothing is paused.").await?;
    page.see_text("service-build", "The files have no build for it.").await?;
    page.screenshot("service-menu-light").await?;
    page.click("service-pause").await?;
    page.see_text("job-state", "Pause: done").await?;
    page.see_text("service-state-web", "paused").await?;
    choose(&page, "service-menu", "service-unpause").await?;
    page.see_text("job-state", "Unpause: done").await?;
    page.see_text("service-state-web", "running").await?;

    choose(&page, "service-menu", "service-processes").await?;
    page.see_text("look", "httpd -f -p 8000").await?;
    page.screenshot("processes-light").await?;
    page.click_css("dialog[open] .btn.primary").await?;
    choose(&page, "run-menu", "images-button").await?;
    page.see_text("look", &format!("{VERBS}-tool")).await?;
    page.click_css("dialog[open] .btn.primary").await?;

    page.click("node-tool").await?;
    choose(&page, "service-menu", "service-build").await?;
    page.see_text("job-state", "Build: done").await?;

    choose(&page, "service-menu", "service-kill").await?;
    page.see_css("dialog[open] h2").await?;
    page.screenshot("signal-light").await?;
    page.click_css("dialog[open] .btn.danger").await?;
    page.see_text("job-state", "Signal: done").await?;
    page.see_text("service-state-tool", "stopped").await?;
    choose(&page, "service-menu", "service-rm").await?;
    page.click_css("dialog[open] .btn.danger").await?;
    page.see_text("job-state", "Remove: done").await?;
    page.see_text("drift", "A container is missing").await?;
    page.see_text("plan-row", "Remove tool 1").await?;
    page.see_css(".plan-row.done").await?;
    let left = oracle::ps(VERBS)?;
    ensure!(left.len() == 1 && left[0].0 == "web", "only web is left: {left:?}");

    page.click("run-menu").await?;
    page.screenshot("project-menu-light").await?;
    page.see_text("unpause-button", "Nothing is paused.").await?;
    page.prefer("dark").await?;
    page.screenshot("project-menu-dark").await?;
    page.quit().await
}

#[tokio::test]
async fn a_terminal_in_the_page_takes_keys_follows_its_size_and_shows_the_exit_code() -> Result<()> {
    let _cleanup = Cleanup(TERMINAL);
    drop(Cleanup(TERMINAL));
    let (agent, page) = running(TERMINAL).await?;
    page.click("node-web").await?;
    choose(&page, "service-menu", "service-terminal").await?;
    page.see_text("terminal-state", &format!("{TERMINAL}-web-1")).await?;
    page.type_into(KEYS, "echo $((40+2))\n").await?;
    page.see_text("terminal", "42").await?;
    page.screenshot("terminal-light").await?;
    page.prefer("dark").await?;
    page.type_into(KEYS, "printf '\\033[31mred\\033[0m \\033[38;2;90;160;90mtrue\\033[0m\\n'\n").await?;
    page.see_text("terminal", "red true").await?;
    page.screenshot("terminal-dark").await?;
    page.prefer("light").await?;

    page.click("dock-events").await?;
    page.see_text("events", "started").await?;
    page.screenshot("events-light").await?;
    page.click("dock-terminal").await?;

    // The command learns of the size that the window has.
    let before = columns(&page, "wide").await?;
    page.resize(1000, 900).await?;
    let after = columns(&page, "narrow").await?;
    ensure!(after < before, "a narrower window has fewer columns: {before} and {after}");
    page.resize(1400, 900).await?;

    // A flood neither freezes the page nor keeps Ctrl-C from its command.
    page.type_into(KEYS, "yes flood\n").await?;
    page.see_text("terminal", "flood").await?;
    page.click("dock-plan").await?;
    page.see("plan").await?;
    page.click("dock-terminal").await?;
    page.type_into(KEYS, thirtyfour::Key::Control + "c").await?;
    // A shell that is about to ask throws away what was typed before.
    page.see_text("terminal", "# ").await?;
    page.type_into(KEYS, "echo st\"\"ill here\n").await?;
    page.see_text("terminal", "still here").await?;
    page.insert("echo pas\"\"ted").await?;
    page.type_into(KEYS, "\n").await?;
    page.see_text("terminal", "\npasted").await?;

    page.type_into(KEYS, "exit 3\n").await?;
    page.see_text("terminal-state", "ended with code 3").await?;
    page.screenshot("terminal-ended").await?;

    // What was lost with the agent is not pretended to go on.
    page.fill("terminal-command", "sh").await?;
    page.see_text("terminal-state", &format!("{TERMINAL}-web-1")).await?;
    let _agent = agent.crash_and_restart().await?;
    page.see_text("terminal-state", "the session with it").await?;
    page.see_text("terminal-open", "Open a new one").await?;
    ensure!(refused_styles(&page).await? == 0, "the page's policy refuses no style of the terminal");
    page.quit().await
}

#[tokio::test]
async fn a_volume_is_backed_up_removed_and_restored_from_the_page() -> Result<()> {
    let _cleanup = Cleanup(VOLUMES);
    drop(Cleanup(VOLUMES));
    let (_agent, page) = running(VOLUMES).await?;
    let container = format!("{VOLUMES}-web-1");
    oracle::docker(&["exec", &container, "sh", "-c", "echo precious > /data/kept"], None)?;
    page.click("dock-volumes").await?;
    page.see_text("volume-data", &container).await?;
    page.see_text("volume-data", "9 B").await?;
    page.click("volume-backup-data").await?;
    page.see_css("dialog[open] h2").await?;
    page.click_css("dialog[open] .btn.primary").await?;
    page.see_text("volumes-note", "Backed up data.").await?;
    page.see("backup-data-1.tar").await?;
    page.screenshot("volumes-light").await?;
    page.prefer("dark").await?;
    page.screenshot("volumes-dark").await?;
    page.prefer("light").await?;
    page.click("backup-download-data-1.tar").await?;
    let tar = page.downloaded("data-1.tar").await?;
    let listed = std::process::Command::new("tar").arg("-tf").arg(tar).output()?;
    ensure!(String::from_utf8_lossy(&listed.stdout).contains("kept"), "{listed:?}");

    choose(&page, "run-menu", "down-button").await?;
    page.see_text("job-state", "Down: done").await?;
    page.click("dock-volumes").await?;
    page.see_text("volume-data", "nothing").await?;
    page.click("volume-remove-data").await?;
    page.click_css("dialog[open] .btn.danger").await?;
    page.see_text("volumes-note", "Removed data.").await?;
    page.see_no("volume-data").await?;
    page.click("backup-restore-data-1.tar").await?;
    page.click_css("dialog[open] .btn.danger").await?;
    page.see_text("volumes-note", "Restored data").await?;
    page.click("up-button").await?;
    page.see_text("job-state", "Up: done").await?;
    ensure!(
        oracle::docker(&["exec", &container, "cat", "/data/kept"], None)? == "precious\n",
        "the data is back"
    );
    page.quit().await
}

/// The columns that a command in the terminal is told of. It prints the mark behind them.
async fn columns(page: &Browser, mark: &str) -> Result<u32> {
    // What is typed is shown too, and must not hold the mark.
    let (head, tail) = mark.split_at(1);
    page.type_into(KEYS, format!("echo $(stty size) {head}\"\"{tail}\n")).await?;
    let shown = page.see_text("terminal", mark).await?.text().await?;
    let size = shown.lines().find_map(|line| line.trim_end().strip_suffix(mark));
    let columns = size.and_then(|size| size.split_whitespace().nth(1));
    Ok(columns.with_context(|| format!("no size in {shown}"))?.parse()?)
}

/// Style sheets of the terminal that the policy has emptied.
async fn refused_styles(page: &Browser) -> Result<u64> {
    let empty = page
        .script(
            "return [...document.querySelectorAll('.xterm style')]
                .filter(style => style.textContent && !style.sheet?.cssRules.length).length",
        )
        .await?;
    Ok(empty.as_u64().unwrap_or(u64::MAX))
}
