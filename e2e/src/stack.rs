//! The stack of the tests, as the gallery has it, and its file as the page has it.

use std::path::Path;

use anyhow::{Context, Result};

use crate::browser::Browser;

/// Its name in the gallery and on the engine.
pub const NAME: &str = "flask-redis-nginx";

/// Opens it from the gallery and waits for its picture and its text.
///
/// # Errors
/// When a part of it does not appear.
pub async fn open(page: &Browser) -> Result<()> {
    page.see(&format!("gallery-card-{NAME}")).await?;
    page.screenshot("gallery-light").await?;
    page.click(&format!("gallery-card-{NAME}")).await?;
    for node in ["nginx", "app", "redis", "redis-data"] {
        page.see(&format!("node-{node}")).await?;
    }
    page.see("lane-app-network").await?;
    page.see_css(".cm-content").await?;
    page.screenshot("design-light").await
}

/// Its Compose file as it would be downloaded now.
///
/// # Errors
/// When it is not downloaded.
pub async fn text(page: &Browser) -> Result<String> {
    page.click("download").await?;
    page.click("download-yaml").await?;
    let path = page.downloaded("compose.yaml").await?;
    let text = std::fs::read_to_string(&path)?;
    std::fs::remove_file(path)?;
    Ok(text)
}

/// The lines of `before` that `after` does not have, and the other way round.
pub fn changed(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
    let only =
        |a: &str, b: &str| a.lines().filter(|l| !b.lines().any(|o| o == *l)).map(str::to_owned).collect();
    (only(before, after), only(after, before))
}

/// One of its files as the repository has it.
///
/// # Errors
/// When there is none of this name.
pub fn file(name: &str) -> Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../static/stacks").join(NAME).join(name);
    std::fs::read_to_string(&path).with_context(|| path.display().to_string())
}
