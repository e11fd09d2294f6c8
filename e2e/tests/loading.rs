//! Parts of the page that a connection does not bring.

use anyhow::Result;
use composeyard_e2e::{agent::Agent, browser::Browser};

#[tokio::test]
async fn a_page_that_is_not_brought_whole_says_so_and_is_there_once_it_can_be() -> Result<()> {
    let agent = Agent::start_without_engine().await?;
    let page = Browser::start().await?;
    page.block(&["*.wasm"]).await?;
    page.open(&agent.link).await?;
    page.see_text("not-loaded", "could not be loaded").await?;
    page.block(&[]).await?;
    page.reload().await?;
    page.see("new-project").await?;
    page.quit().await
}

#[tokio::test]
async fn without_the_editor_a_plain_field_takes_its_place() -> Result<()> {
    let agent = Agent::start_without_engine().await?;
    let page = Browser::start().await?;
    page.open(&agent.link).await?;
    page.see("new-project").await?;
    page.block(&["*/editor.js"]).await?;
    page.click("new-project").await?;
    page.fill_css("textarea.plain-text", "services: {app: {image: redis:7}}").await?;
    page.see("node-app").await?;
    page.quit().await
}
