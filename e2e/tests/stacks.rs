//! The gallery: every template with its variants, and what opening one in a variant brings.

use anyhow::{Result, ensure};
use composeyard_e2e::{agent::Agent, browser::Browser};

const NAMES: [&str; 5] = ["hello-multiapp", "flask-redis-nginx", "unified-stack", "compose-examples", "loc8"];

#[tokio::test]
async fn a_template_opens_in_the_variant_that_was_chosen_with_secrets_of_its_own() -> Result<()> {
    let agent = Agent::start_without_engine().await?;
    let page = Browser::start().await?;
    page.prefer("light").await?;
    page.open(&agent.link).await?;
    for name in NAMES {
        page.see(&format!("gallery-card-{name}")).await?;
    }
    look_at_the_gallery(&page).await?;

    page.click("gallery-variant-loc8-prod").await?;
    page.click("gallery-card-loc8").await?;
    page.see("node-backend").await?;
    let variant =
        page.script("return document.querySelector('[data-testid=variant]').selectedOptions[0].text").await?;
    ensure!(variant == "prod", "{variant}");
    page.see_no("problem-row").await?;

    let (password, key) = (value(&page, "POSTGRES_PASSWORD").await?, value(&page, "SECRET_KEY").await?);
    ensure!(password.len() == 48 && key.len() == 48 && password != key, "each secret is a random one");
    page.click("generate-SECRET_KEY").await?;
    ensure!(value(&page, "SECRET_KEY").await? != key, "a new one is made on request");
    page.click("undo").await?;
    ensure!(value(&page, "SECRET_KEY").await? == key, "and taken back");

    page.click("profiles").await?;
    page.click("profile-database").await?;
    let pressed = page.see("profile-database").await?.attr("aria-checked").await?;
    ensure!(pressed.as_deref() == Some("true"), "the profile is on");
    page.click("profiles").await?;
    page.resize(390, 844).await?;
    page.click("profiles").await?;
    page.click("profile-cache").await?;
    let pressed = page.see("profile-cache").await?.attr("aria-checked").await?;
    ensure!(pressed.as_deref() == Some("true"), "a phone has them too");
    page.screenshot("profiles-phone").await?;
    page.quit().await
}

async fn look_at_the_gallery(page: &Browser) -> Result<()> {
    page.screenshot("gallery-stacks-light").await?;
    page.prefer("dark").await?;
    page.screenshot("gallery-stacks-dark").await?;
    page.resize(390, 844).await?;
    page.screenshot("gallery-stacks-phone").await?;
    page.resize(1440, 900).await?;
    page.prefer("light").await
}

/// What the form says of a variable.
async fn value(page: &Browser, name: &str) -> Result<String> {
    page.see_css(&format!("input[aria-label='Value of the variable {name}']")).await?;
    let read =
        format!("return document.querySelector(\"input[aria-label='Value of the variable {name}']\").value");
    Ok(page.script(&read).await?.as_str().unwrap_or_default().to_owned())
}
