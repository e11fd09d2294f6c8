//! Designing on a machine without Docker: everything but running works, and each edit changes the lines it must.

use anyhow::{Result, ensure};
use composeyard_e2e::{
    agent::Agent,
    browser::Browser,
    stack::{self, changed},
};

#[tokio::test]
async fn without_docker_a_stack_is_edited_and_mended_and_the_page_says_why_it_cannot_run() -> Result<()> {
    let agent = Agent::start_without_engine().await?;
    let page = Browser::start().await?;
    page.prefer("light").await?;
    page.open(&agent.link).await?;
    page.see_text("connection-state", "No engine").await?;
    stack::open(&page).await?;

    go_to_the_gallery_and_back(&page).await?;
    list_the_keys(&page).await?;
    say_why_nothing_runs(&page).await?;
    set_a_variable(&page).await?;
    wait_for_another_service(&page).await?;
    add_and_delete_a_service(&page).await?;
    mend_with_one_click(&page).await?;
    keep_the_fields_while_the_text_is_broken(&page).await?;
    move_what_is_drawn(&page).await?;
    take_what_another_tab_wrote(&page, &agent.address).await?;
    page.quit().await
}

/// The browser's own buttons lead between the two screens, and a reload stays.
async fn go_to_the_gallery_and_back(page: &Browser) -> Result<()> {
    page.click("gallery").await?;
    page.see("new-project").await?;
    page.back().await?;
    page.see("node-app").await?;
    page.forward().await?;
    page.see("new-project").await?;
    page.reload().await?;
    page.see("new-project").await?;
    page.back().await?;
    page.see("node-app").await.map(drop)
}

/// By its button and by its key; Escape closes the list.
async fn list_the_keys(page: &Browser) -> Result<()> {
    page.click("keys").await?;
    page.see("keys-list").await?;
    page.screenshot("keys-light").await?;
    page.click_css("[data-testid='keys-list'] .btn").await?;
    page.type_into("[data-testid='node-app']", "?").await?;
    page.see("keys-list").await?;
    page.click_css("[data-testid='keys-list'] .btn").await
}

async fn say_why_nothing_runs(page: &Browser) -> Result<()> {
    page.click("connection-state").await?;
    let help = page.see_css("#engine-help").await?.text().await?;
    ensure!(help.contains("no-engine.sock"), "the reason names the socket: {help}");
    page.screenshot("no-engine-light").await?;
    page.click("connection-state").await?;
    let up = page.see("up-button").await?;
    ensure!(!up.is_enabled().await? || up.attr("aria-disabled").await?.is_some(), "Up waits for an engine");
    Ok(())
}

/// An edit of the inspector: what it must change, and that undo and redo give the same bytes.
async fn changes(page: &Browser, before: &str, gone: &[&str], come: &[&str]) -> Result<()> {
    let after = stack::text(page).await?;
    let found = changed(before, &after);
    ensure!(found.0 == gone && found.1 == come, "wanted {gone:?} {come:?}, got {found:?}");
    page.click("undo").await?;
    ensure!(stack::text(page).await? == before, "undo gives the same bytes back");
    page.click("redo").await?;
    ensure!(stack::text(page).await? == after, "redo gives the edit back");
    page.click("undo").await
}

async fn set_a_variable(page: &Browser) -> Result<()> {
    let before = stack::text(page).await?;
    page.click("node-app").await?;
    page.fill_css("input[aria-label='Value of GUNICORN_WORKERS']", "4").await?;
    changes(page, &before, &["      GUNICORN_WORKERS: \"2\""], &["      GUNICORN_WORKERS: \"4\""]).await
}

async fn wait_for_another_service(page: &Browser) -> Result<()> {
    let before = stack::text(page).await?;
    page.click("node-nginx").await?;
    page.choose("select[aria-label='Wait for app']", "until it has started").await?;
    changes(
        page,
        &before,
        &["        condition: service_healthy # else the first requests get 502"],
        &["        condition: service_started # else the first requests get 502"],
    )
    .await
}

async fn add_and_delete_a_service(page: &Browser) -> Result<()> {
    let before = stack::text(page).await?;
    page.click("add-service").await?;
    page.fill_css("#add-image", "postgres:16-alpine").await?;
    page.see("node-postgres").await?;
    let with_it = stack::text(page).await?;
    let (gone, come) = changed(&before, &with_it);
    ensure!(
        gone.is_empty() && come.contains(&"    image: postgres:16-alpine".to_owned()),
        "{gone:?} {come:?}"
    );
    page.click("node-postgres").await?;
    page.click("inspector-delete").await?;
    page.see_no("node-postgres").await?;
    ensure!(stack::text(page).await? == before, "what was added goes without a trace");
    Ok(())
}

async fn mend_with_one_click(page: &Browser) -> Result<()> {
    let before = stack::text(page).await?;
    page.type_at_start("secrts: ").await?;
    let row = page.see_text("problem-row", "secrts").await?;
    ensure!(row.attr("data-code").await?.as_deref() == Some("CY201"), "it is an unknown key");
    page.click("problem-fix").await?;
    page.see_no("problem-fix").await?;
    ensure!(stack::text(page).await? == format!("secrets: {before}"), "the fix changes the one word");
    page.click("undo").await?;
    page.click("undo").await?;
    ensure!(stack::text(page).await? == before, "the fix and the typing are taken back");
    Ok(())
}

/// Half a word makes the text unreadable for a moment: the picture stays, and so does what the fields hold.
async fn keep_the_fields_while_the_text_is_broken(page: &Browser) -> Result<()> {
    let before = stack::text(page).await?;
    page.click("node-nginx").await?;
    page.type_at_start("x: [ ").await?;
    page.see_css(".stale-badge").await?;
    let port = page.see_css("[data-testid='inspector'] input[aria-label='Port 1']").await?;
    ensure!(port.prop("value").await?.as_deref() == Some("${HTTP_PORT:-8080}:80"), "the port is still there");
    page.click("undo").await?;
    ensure!(stack::text(page).await? == before, "undo takes the typing back");
    Ok(())
}

/// Moving, zooming and fitting change the picture and not a byte of the file.
async fn move_what_is_drawn(page: &Browser) -> Result<()> {
    let before = stack::text(page).await?;
    page.click("fit").await?;
    let home = page.corner("node-redis").await?;
    page.drag("node-redis", -60, 20).await?;
    let moved = page.corner("node-redis").await?;
    ensure!(moved.0 < home.0 - 40.0 && moved.1 > home.1 + 10.0, "dragged from {home:?} to {moved:?}");
    page.click("tidy").await?;
    let tidied = page.corner("node-redis").await?;
    ensure!((tidied.0 - home.0).abs() < 1.5, "tidied to {tidied:?}, was at {home:?}");
    page.click("fit").await?;
    let fitted = zoom(page).await?;
    page.click_css("button[aria-label='Zoom in']").await?;
    let zoomed = zoom(page).await?;
    ensure!((zoomed / fitted - 1.2).abs() < 0.02, "zoomed from {fitted} % to {zoomed} %");
    page.click("fit").await?;
    ensure!(zoom(page).await? == fitted, "fitting takes zooming back");
    ensure!(stack::text(page).await? == before, "the file does not know of it");
    Ok(())
}

/// Two tabs show one project: what is taken over is the other's text as it stands by then, not as it was when the notice
/// came up.
async fn take_what_another_tab_wrote(page: &Browser, address: &str) -> Result<()> {
    let before = stack::text(page).await?;
    page.open_in_new_tab(&format!("http://{address}/")).await?;
    page.resize(1400, 900).await?;
    page.see("node-app").await?;
    page.type_at_start("# one\n").await?;
    page.see_text("save-state", "Saved").await?;
    page.type_at_start("# two\n").await?;
    page.see_text("save-state", "Saved").await?;
    page.close_tab().await?;
    page.click_css(".notice.warn .link").await?;
    let after = stack::text(page).await?;
    ensure!(after == format!("# two\n# one\n{before}"), "the other tab's last text: {after}");
    Ok(())
}

/// The zoom as the canvas says it, in percent.
async fn zoom(page: &Browser) -> Result<f64> {
    Ok(page.see_css(".zoom").await?.text().await?.trim_end_matches([' ', '%']).parse()?)
}
