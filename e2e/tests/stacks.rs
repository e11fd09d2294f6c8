//! The gallery: every template with its variants, and what opening one in a variant brings.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use composeyard_e2e::{agent::Agent, browser::Browser};
use serde_json::{Value, json};

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

/// The services that a card draws before a variant is chosen, those that a profile would add too.
const DRAWN: [(&str, &[&str]); 5] = [
    ("hello-multiapp", &["api", "frontend"]),
    ("flask-redis-nginx", &["nginx", "app", "redis"]),
    ("unified-stack", &["proxy", "frontend", "backend", "db", "redis", "celery"]),
    ("compose-examples", &["web", "api", "db", "redis"]),
    ("loc8", &["nginx", "frontend", "backend", "postgres", "redis"]),
];

#[tokio::test]
async fn a_card_shows_the_picture_and_all_that_it_says_and_the_designer_the_sums() -> Result<()> {
    let agent = Agent::start_without_engine().await?;
    let page = Browser::start().await?;
    page.open(&agent.link).await?;
    for (name, services) in DRAWN {
        page.see(&format!("gallery-card-{name}")).await?;
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/stacks").join(name).join("stack.json");
        let said: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
        ensure!(words(&page, name, ".card-teaches li").await? == said["teaches"], "{name}");
        let named = said["services"].as_array().context("services")?;
        let field = |field: &str| named.iter().map(|service| service[field].clone()).collect::<Value>();
        ensure!(words(&page, name, ".card-services dt").await? == field("name"), "{name}");
        ensure!(words(&page, name, ".card-services dd").await? == field("summary"), "{name}");
        let needs = words(&page, name, ".card-needs").await?[0].as_str().unwrap_or_default().to_owned();
        for need in said["needs"].as_array().context("needs")?.iter().filter_map(Value::as_str) {
            ensure!(needs.contains(need), "{name}: {needs}");
        }
        let drawn = words(&page, name, ".picture text").await?;
        let drawn = drawn.as_array().context("a picture")?;
        for service in named.iter().map(|service| &service["name"]) {
            let wanted = services.iter().any(|name| service == name);
            ensure!(drawn.contains(service) == wanted, "{name} {service}: {drawn:?}");
        }
    }

    the_picture_follows_the_choice(&page).await?;

    page.click("gallery-variant-unified-stack-with-celery").await?;
    page.click("gallery-card-unified-stack").await?;
    page.see("node-celery").await?;
    let facts = page.see_css(".facts").await?.text().await?;
    for (what, sum) in [("CPU limit", "7 CPU"), ("CPU reserved", "2.75 CPU"), ("Memory limit", "4.5 GB")] {
        let mut lines = facts.lines();
        ensure!(lines.any(|line| line == what) && lines.next() == Some(sum), "{what}: {facts}");
    }
    page.quit().await
}

/// Template, variant, what is drawn faintly since no profile needs it, and a text that this variant alone has.
const CHOICES: [(&str, &str, &[&str], &str); 9] = [
    ("hello-multiapp", "scale", &[], "lb"),
    ("hello-multiapp", "scale", &[], "api ×3"),
    ("flask-redis-nginx", "prod", &[], "app ×3"),
    ("unified-stack", "default", &["celery"], ""),
    ("unified-stack", "with-celery", &[], ""),
    ("compose-examples", "cluster", &[], "nginx"),
    ("loc8", "prod", &["postgres", "redis", "postgres_d…"], ""),
    ("loc8", "prod-data", &[], ""),
    ("loc8", "dev", &["postgres", "redis", "postgres_d…"], ""),
];

async fn the_picture_follows_the_choice(page: &Browser) -> Result<()> {
    for (name, variant, off, own) in CHOICES {
        let before = words(page, name, ".picture text").await?;
        page.click(&format!("gallery-variant-{name}-{variant}")).await?;
        let drawn = words(page, name, ".picture text").await?;
        ensure!(words(page, name, ".picture text.off").await? == json!(off), "{name} {variant}: {drawn}");
        let has = |texts: &Value| texts.as_array().is_some_and(|texts| texts.contains(&json!(own)));
        ensure!(own.is_empty() || has(&drawn), "{name} {variant}: {drawn}, before {before}");
    }
    page.screenshot("gallery-choices-light").await?;
    page.prefer("dark").await?;
    page.screenshot("gallery-choices-dark").await?;
    page.resize(390, 844).await?;
    page.script("document.querySelector('[data-testid=gallery-card-loc8]').scrollIntoView()").await?;
    page.screenshot("gallery-choices-phone").await?;
    page.resize(1400, 900).await?;
    page.prefer("light").await
}

/// The texts of a card's elements that a CSS selector names, those that are folded away too.
async fn words(page: &Browser, card: &str, selector: &str) -> Result<Value> {
    page.script(&format!(
        "const card = document.querySelector('[data-testid=gallery-card-{card}]').closest('article');
         return [...card.querySelectorAll('{selector}')].map((element) => element.textContent);"
    ))
    .await
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
