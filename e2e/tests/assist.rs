//! Help while writing, in the browser: choices, declarations, renaming, the resolved project.

use anyhow::{Result, ensure};
use composeyard_e2e::{agent::Agent, browser::Browser};
use thirtyfour::Key;

const STACK: &str = "services:
  web:
    image: nginx:${TAG:-1.27-alpine}
    ports:
      - \"8080:80\"
    depends_on: [db] # waits
  db:
    image: redis:7-alpine
";

#[tokio::test]
async fn the_editor_offers_choices_leads_to_declarations_renames_and_shows_what_is_resolved() -> Result<()> {
    let agent = Agent::start_without_engine().await?;
    let page = Browser::start().await?;
    page.prefer("light").await?;
    page.open(&agent.link).await?;
    page.click("new-project").await?;
    page.see_css(".cm-content").await?;

    choose_a_key(&page).await?;
    page.paste(STACK).await?;
    page.see("node-db").await?;
    go_to_the_declaration(&page).await?;
    rename_where_it_is_declared(&page).await?;
    page.click("resolved-toggle").await?;
    page.see_text("resolved", "image: nginx:1.27-alpine").await?;
    page.screenshot("resolved-light").await?;
    page.quit().await
}

async fn choose_a_key(page: &Browser) -> Result<()> {
    page.paste("ser").await?;
    page.type_more(Key::Control + " ").await?;
    page.see_css(".cm-tooltip-autocomplete li[aria-selected]").await?;
    page.screenshot("completion-light").await?;
    page.click_css(".cm-tooltip-autocomplete li[aria-selected]").await?;
    // The key comes with its colon, and the cursor stands where the first service goes.
    page.see_line("  ").await
}

async fn go_to_the_declaration(page: &Browser) -> Result<()> {
    page.type_at_start("").await?;
    for _ in 0..5 {
        page.type_more(Key::Down).await?;
    }
    page.type_more(Key::End).await?;
    // From the end of the line back into `[db]`.
    for _ in 0.." # waits]b".len() {
        page.type_more(Key::Left).await?;
    }
    page.see_line("    depends_on: [db] # waits").await?;
    page.type_more(Key::F12).await?;
    page.see_line("  db:").await
}

async fn rename_where_it_is_declared(page: &Browser) -> Result<()> {
    page.type_more(Key::F2).await?;
    page.fill("rename-field", "store").await?;
    page.see_no("rename-field").await?;
    page.see("node-store").await?;
    page.see_no("node-db").await?;
    page.click("download").await?;
    page.click("download-yaml").await?;
    let text = std::fs::read_to_string(page.downloaded("compose.yaml").await?)?;
    let wanted = STACK.replace("[db]", "[store]").replace("  db:", "  store:");
    ensure!(text == wanted, "the name changes in both places and nothing else: {text}");
    Ok(())
}
