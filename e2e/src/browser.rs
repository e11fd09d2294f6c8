//! Chromium by WebDriver, and the words the tests speak.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities, Key, TypingData, WebDriver,
    components::SelectElement,
    extensions::query::ElementQueryable,
    prelude::{By, ElementWaitable, WebDriverError, WebElement},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// How long a thing may take to appear: a build of an image is among the things waited for.
const PATIENCE: Duration = Duration::from_secs(60);
const GLANCE: Duration = Duration::from_millis(50);

/// Flags that keep Chromium off the network and usable as root in a container.
const FLAGS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
];

/// Calls back when no transition is under way. The second frame is the first that knows of those just begun.
const REST: &str = "const done = arguments[0];
    const rest = () => Promise.allSettled(
        document.getAnimations().filter(each => each instanceof CSSTransition).map(each => each.finished));
    requestAnimationFrame(() => requestAnimationFrame(() => rest().then(() => done())));";

/// Calls back with true at the next frame, with false when none comes: a tab that is not in front draws none.
const FRAME: &str = "const done = arguments[0];
    requestAnimationFrame(() => done(true));
    setTimeout(() => done(false), 1000);";

/// A Chromium with a profile and a download folder of its own.
pub struct Browser {
    driver: WebDriver,
    server: Child,
    profile: TempDir,
}

impl Browser {
    /// Starts chromedriver on a free port and Chromium by it.
    ///
    /// # Errors
    /// When either cannot be started.
    pub async fn start() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .context("chromedriver: install chromium-driver")?;
        let stdout = server.stdout.take().context("no output")?;
        let mut lines = BufReader::new(stdout).lines();
        while !lines.next_line().await?.context("chromedriver ended")?.contains("started successfully") {}
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });

        let profile = TempDir::new()?;
        let driver =
            WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities(profile.path())?).await?;
        let browser = Self { driver, server, profile };
        browser.resize(1400, 900).await?;
        Ok(browser)
    }

    /// Goes to a page.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn open(&self, link: &str) -> Result<()> {
        Ok(self.driver.goto(link).await?)
    }

    /// Loads the page anew.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.driver.refresh().await?)
    }

    /// Presses the browser's Back.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn back(&self) -> Result<()> {
        Ok(self.driver.back().await?)
    }

    /// Presses the browser's Forward.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn forward(&self) -> Result<()> {
        Ok(self.driver.forward().await?)
    }

    /// Waits until the element with this `data-testid` is shown.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn see(&self, id: &str) -> Result<WebElement> {
        self.find(By::Testid(id), id).await
    }

    /// Waits until the element that this CSS selector names is shown.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn see_css(&self, selector: &str) -> Result<WebElement> {
        self.find(By::Css(selector), selector).await
    }

    async fn find(&self, by: By, name: &str) -> Result<WebElement> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let found = self.driver.query(by.clone()).wait(PATIENCE, GLANCE).and_displayed().first().await;
            match found {
                Ok(element) => return Ok(element),
                // What was drawn anew between finding and looking is looked for again.
                Err(error) if is_stale(&error) && tokio::time::Instant::now() < deadline => {}
                Err(error) => return Err(self.failure(format!("{name} did not appear: {error}")).await),
            }
        }
    }

    /// Waits until no element with this `data-testid` is left.
    ///
    /// # Errors
    /// When one stays.
    pub async fn see_no(&self, id: &str) -> Result<()> {
        let query = self.driver.query(By::Testid(id)).wait(PATIENCE, GLANCE);
        if query.not_exists().await? {
            return Ok(());
        }
        Err(self.failure(format!("{id} is still there")).await)
    }

    /// Waits until an element's text holds `wanted`.
    ///
    /// # Errors
    /// When it does not come to it; the error says what stood there instead.
    pub async fn see_text(&self, id: &str, wanted: &str) -> Result<WebElement> {
        let mut last = String::new();
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < deadline {
            // The element may be replaced between finding and reading it: look again.
            if let Ok(element) = self.driver.query(By::Testid(id)).wait(GLANCE, GLANCE).first().await
                && let Ok(text) = element.text().await
            {
                if text.contains(wanted) {
                    return Ok(element);
                }
                last = text;
            }
            tokio::time::sleep(GLANCE).await;
        }
        Err(self.failure(format!("{id} never said {wanted:?}; last it said {last:?}")).await)
    }

    /// Waits until the cursor stands on this line of the editor.
    ///
    /// # Errors
    /// When it does not come to it; the error says where it stands.
    pub async fn see_line(&self, wanted: &str) -> Result<()> {
        let mut last = String::new();
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < deadline {
            let line = self.driver.query(By::Css(".cm-activeLine")).wait(GLANCE, GLANCE).first().await;
            if let Ok(line) = line
                && let Ok(Some(text)) = line.prop("textContent").await
            {
                if text == wanted {
                    return Ok(());
                }
                last = text;
            }
            tokio::time::sleep(GLANCE).await;
        }
        Err(self.failure(format!("the cursor never stood on {wanted:?}, but on {last:?}")).await)
    }

    /// How many elements with this `data-testid` are there now.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn count(&self, id: &str) -> Result<usize> {
        Ok(self.driver.find_all(By::Testid(id)).await?.len())
    }

    /// Clicks the element with this `data-testid` once it can be clicked.
    ///
    /// # Errors
    /// When it does not appear or something covers it.
    pub async fn click(&self, id: &str) -> Result<()> {
        self.click_css(&format!("[data-testid='{id}']")).await
    }

    /// Replaces the text of an input and leaves it with Enter.
    ///
    /// # Errors
    /// When it does not appear or takes no text.
    pub async fn fill(&self, id: &str, text: &str) -> Result<()> {
        self.fill_css(&format!("[data-testid='{id}']"), text).await
    }

    /// As [`Browser::fill`], for the input that this CSS selector names.
    ///
    /// # Errors
    /// When it does not appear or takes no text.
    pub async fn fill_css(&self, selector: &str, text: &str) -> Result<()> {
        self.click_css(selector).await?;
        let element = self.see_css(selector).await?;
        element.send_keys(Key::Control + "a").await?;
        element.send_keys(text).await?;
        Ok(element.send_keys(Key::Enter + "").await?)
    }

    /// Clicks the element that this CSS selector names.
    ///
    /// # Errors
    /// When it does not appear or something covers it.
    pub async fn click_css(&self, selector: &str) -> Result<()> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let element = self.see_css(selector).await?;
            let clicked = match element.wait_until().wait(PATIENCE, GLANCE).clickable().await {
                Ok(()) => element.click().await,
                failed => failed,
            };
            match clicked {
                Ok(()) => return Ok(()),
                // What was drawn anew between looking and clicking is looked for again.
                Err(error) if is_stale(&error) && tokio::time::Instant::now() < deadline => {}
                Err(error) => {
                    return Err(self.failure(format!("{selector} cannot be clicked: {error}")).await);
                }
            }
        }
    }

    /// Chooses an option of the list that this CSS selector names, by its text.
    ///
    /// # Errors
    /// When there is no such list or option.
    pub async fn choose(&self, selector: &str, option: &str) -> Result<()> {
        let list = SelectElement::new(&self.see_css(selector).await?).await?;
        Ok(list.select_by_visible_text(option).await?)
    }

    /// Drags the element with this `data-testid` by some pixels.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn drag(&self, id: &str, right: i64, down: i64) -> Result<()> {
        let element = self.see(id).await?;
        let hand = self.driver.action_chain();
        Ok(hand.drag_and_drop_element_by_offset(&element, right, down).release().perform().await?)
    }

    /// The left top corner of the element with this `data-testid`, in pixels of the page.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn corner(&self, id: &str) -> Result<(f64, f64)> {
        let place = self.see(id).await?.rect().await?;
        Ok((place.x, place.y))
    }

    /// Types at the start of the file in the editor, key by key as a person does.
    ///
    /// # Errors
    /// When there is no editor.
    pub async fn type_at_start(&self, text: &str) -> Result<()> {
        let editor = self.see_css(".cm-content").await?;
        editor.click().await?;
        editor.send_keys(Key::Control + Key::Home).await?;
        Ok(editor.send_keys(text).await?)
    }

    /// Replaces the whole text of the editor, as pasting does.
    ///
    /// # Errors
    /// When there is no editor.
    pub async fn paste(&self, text: &str) -> Result<()> {
        let editor = self.see_css(".cm-content").await?;
        editor.click().await?;
        editor.send_keys(Key::Control + "a").await?;
        self.devtools("Input.insertText", json!({ "text": text })).await
    }

    /// Goes on typing where the cursor is.
    ///
    /// # Errors
    /// When there is no editor.
    pub async fn type_more(&self, text: impl Into<TypingData>) -> Result<()> {
        Ok(self.see_css(".cm-content").await?.send_keys(text).await?)
    }

    /// Types into the element that this CSS selector names, key by key, wherever it is on the page.
    ///
    /// # Errors
    /// When there is no such element.
    pub async fn type_into(&self, selector: &str, text: impl Into<TypingData>) -> Result<()> {
        let query = self.driver.query(By::Css(selector)).wait(PATIENCE, GLANCE);
        Ok(query.first().await?.send_keys(text).await?)
    }

    /// Inserts a text where the focus is, as pasting does.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn insert(&self, text: &str) -> Result<()> {
        self.devtools("Input.insertText", json!({ "text": text })).await
    }

    /// Runs a function body in the page and returns what it returns.
    ///
    /// # Errors
    /// When it throws.
    pub async fn script(&self, body: &str) -> Result<Value> {
        Ok(self.driver.execute(body, Vec::new()).await?.json().clone())
    }

    /// Sets the page's size, as a window of that size would show it.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 760 });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await
    }

    /// Shows the page as someone who prefers light or dark sees it.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn prefer(&self, scheme: &str) -> Result<()> {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", features).await
    }

    /// Lets nothing through to addresses that match one of these (`*` for any text), as a connection that is lost; an
    /// empty list lets all through again.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn block(&self, addresses: &[&str]) -> Result<()> {
        self.devtools("Network.enable", json!({})).await?;
        self.devtools("Network.setBlockedURLs", json!({ "urls": addresses })).await
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Result<()> {
        self.driver
            .cdp()
            .send_raw(command, parameters)
            .await
            .map_err(|error| anyhow!("{command}: {error}"))?;
        Ok(())
    }

    /// Opens a page in a second tab and goes there, until [`Browser::close_tab`].
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn open_in_new_tab(&self, link: &str) -> Result<()> {
        let tab = self.driver.new_tab().await?;
        self.driver.switch_to_window(tab).await?;
        self.open(link).await
    }

    /// Clicks a link that opens in a tab of its own and goes there, until [`Browser::close_tab`].
    ///
    /// # Errors
    /// When no tab opens.
    pub async fn follow_to_new_tab(&self, id: &str) -> Result<()> {
        let known = self.driver.windows().await?;
        self.click(id).await?;
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < deadline {
            if let Some(tab) = self.driver.windows().await?.into_iter().find(|tab| !known.contains(tab)) {
                return Ok(self.driver.switch_to_window(tab).await?);
            }
            tokio::time::sleep(GLANCE).await;
        }
        Err(anyhow!("{id} opened no tab"))
    }

    /// Closes the tab and goes back to the first one.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn close_tab(&self) -> Result<()> {
        self.driver.close_window().await?;
        let first = self.driver.windows().await?.into_iter().next().context("no tab is left")?;
        self.driver.switch_to_window(first).await?;
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < deadline {
            // The tab that closes may hold the front for a moment longer than its closing takes to be told.
            self.devtools("Page.bringToFront", json!({})).await?;
            let drawn = self.driver.execute_async(FRAME, Vec::new()).await?;
            if drawn.json().as_bool() == Some(true) {
                return Ok(());
            }
        }
        Err(anyhow!("the first tab draws nothing though it is the only one"))
    }

    /// What a page says that is no page of ours: JSON, for one, which Chromium does not show as elements.
    ///
    /// # Errors
    /// When it says nothing.
    pub async fn whole_text(&self) -> Result<String> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        // A tab is blank before it goes anywhere.
        while tokio::time::Instant::now() < deadline {
            let body = self.driver.query(By::Css("body")).wait(PATIENCE, GLANCE).first().await?;
            match body.prop("textContent").await {
                Ok(Some(text)) if !text.is_empty() => return Ok(text),
                Err(error) if !is_stale(&error) => return Err(error.into()),
                _ => tokio::time::sleep(GLANCE).await,
            }
        }
        Err(anyhow!("the page stays empty"))
    }

    /// An error that tells where the page stands: its address and what can be read on it. A picture is saved as
    /// `failure.png`.
    async fn failure(&self, what: String) -> anyhow::Error {
        let read = "return location.href + '\\n' + document.body.innerText";
        let page = self.script(read).await.ok().and_then(|page| page.as_str().map(str::to_owned));
        // The failure counts, whether or not there is a picture of it.
        let picture = self.screenshot("failure").await.err();
        let picture = picture.map_or("see failure.png".to_owned(), |error| format!("no picture: {error}"));
        anyhow!("{what} ({picture})\n{}", page.as_deref().unwrap_or("the page does not answer"))
    }

    /// Saves a picture of the page as `e2e/screenshots/NAME.png`, once all colours have come to rest.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn screenshot(&self, name: &str) -> Result<()> {
        self.driver.execute_async(REST, Vec::new()).await?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
        std::fs::create_dir_all(&folder)?;
        Ok(self.driver.screenshot(&folder.join(format!("{name}.png"))).await?)
    }

    /// Waits for a finished download and returns its path.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn downloaded(&self, name: &str) -> Result<PathBuf> {
        let path = self.profile.path().join("downloads").join(name);
        let deadline = tokio::time::Instant::now() + PATIENCE;
        // Chromium holds the name with an empty file until the last byte has come.
        while !path.metadata().is_ok_and(|file| file.len() > 0) {
            if tokio::time::Instant::now() > deadline {
                return Err(anyhow!("{name} was not downloaded"));
            }
            tokio::time::sleep(GLANCE).await;
        }
        Ok(path)
    }

    /// Ends Chromium and its driver.
    ///
    /// # Errors
    /// When they do not answer.
    pub async fn quit(self) -> Result<()> {
        Ok(self.driver.clone().quit().await?)
    }
}

/// A test that fails leaves no Chromium behind: it is in the process group of its driver.
impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(group) = self.server.id() {
            let _ = std::process::Command::new("kill").args(["-KILL", "--", &format!("-{group}")]).status();
        }
    }
}

fn is_stale(error: &WebDriverError) -> bool {
    error.to_string().contains("stale element")
}

fn capabilities(profile: &Path) -> Result<ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    for flag in FLAGS {
        wanted.add_arg(flag)?;
    }
    wanted.add_arg(&format!("--user-data-dir={}", profile.join("profile").display()))?;
    let downloads = profile.join("downloads");
    std::fs::create_dir_all(&downloads)?;
    wanted.add_experimental_option(
        "prefs",
        json!({ "download.default_directory": downloads, "download.prompt_for_download": false }),
    )?;
    Ok(wanted)
}
