//! What Up will download is said before it, and in its plan.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use anyhow::Result;
use composeyard_e2e::{agent::Agent, browser::Browser, oracle};

const PROJECT: &str = "cy-sizes";
const IMAGE: &str = r#"{"schemaVersion":2,"config":{"digest":"sha256:c","size":1000000},
    "layers":[{"digest":"sha256:l","size":44000000}]}"#;

/// Takes away what came before the failed pull: the engine is not the test's own.
struct Cleanup;

impl Drop for Cleanup {
    fn drop(&mut self) {
        let _gone = oracle::docker(&["network", "rm", &format!("{PROJECT}_default")], None);
    }
}

/// A registry that has one manifest, and none of what it names. It listens for as long as the test runs.
fn registry() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let host = listener.local_addr()?.to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut asked = [0; 4096];
            let length = stream.read(&mut asked).unwrap_or_default();
            // Whoever tries TLS first is sent away.
            if asked[..length].starts_with(b"GET ") {
                let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}", IMAGE.len());
                let _gone = write!(stream, "{head}\r\n\r\n{IMAGE}");
            }
        }
    });
    Ok(host)
}

#[tokio::test]
async fn up_says_what_it_downloads_before_and_in_its_plan() -> Result<()> {
    if !oracle::is_there() {
        eprintln!("skipped: the engine must be on this machine");
        return Ok(());
    }
    let _cleanup = Cleanup;
    let image = format!("{}/app:1", registry()?);
    let agent = Agent::start().await?;
    let folder = agent.workspace().join(PROJECT);
    fs::create_dir(&folder)?;
    fs::write(folder.join("compose.yaml"), format!("services:\n  app:\n    image: {image}\n"))?;
    let page = Browser::start().await?;
    page.open(&agent.link).await?;
    page.click(&format!("machine-{PROJECT}")).await?;
    page.see("node-app").await?;
    page.see_css("[data-testid=up-button][title='Up will pull 1 image, 45 MB.']").await?;
    page.click("up-button").await?;
    page.see_text("plan-pulls", "Pull 1 image, 45 MB.").await?;
    page.see_text("plan-row", &format!("Pull {image}, 45 MB")).await?;
    page.see_text("job-state", "Up: failed").await?;
    page.screenshot("sizes").await?;
    page.quit().await
}
