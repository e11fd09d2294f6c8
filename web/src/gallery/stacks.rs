//! The template projects: plain files beside the page, listed in `stacks/index.json`.

use std::sync::Arc;

use composeyard_compose::{ProjectFiles, ProjectName};
use futures_util::future::{join_all, try_join_all};
use gloo_net::http::Request;
use serde::{Deserialize, de::DeserializeOwned};

use crate::document::SavedProject;

#[derive(Deserialize)]
struct Index {
    stacks: Vec<String>,
}

/// What `stack.json` says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StackInfo {
    /// Folder and project name.
    pub name: ProjectName,
    /// For people.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// What one learns from it.
    #[serde(default)]
    pub teaches: Vec<String>,
    /// Every file of the project.
    pub files: Vec<String>,
    /// Which compose files belong together.
    #[serde(default)]
    pub variants: Vec<StackVariant>,
}

/// A variant of a template.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct StackVariant {
    /// `default`, `prod`, …
    pub name: String,
}

/// A template with its files.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// What it is.
    pub info: StackInfo,
    /// Its files.
    pub files: Arc<ProjectFiles>,
}

impl Stack {
    /// The project as it opens.
    pub fn project(&self) -> SavedProject {
        SavedProject::of_files(self.info.name.clone(), self.files.as_ref().clone())
    }
}

/// All templates that can be read, in the order of the index.
///
/// The error says what could not be read: the index, or every template.
pub async fn all() -> Result<Vec<Stack>, String> {
    let index: Index = json("stacks/index.json").await?;
    let found = join_all(index.stacks.iter().map(|name| load(name))).await;
    let (good, bad): (Vec<_>, Vec<_>) = found.into_iter().partition(Result::is_ok);
    let stacks: Vec<Stack> = good.into_iter().flatten().collect();
    match bad.into_iter().find_map(Result::err) {
        Some(error) if stacks.is_empty() => Err(error),
        _ => Ok(stacks),
    }
}

async fn load(name: &str) -> Result<Stack, String> {
    let info: StackInfo = json(&format!("stacks/{name}/stack.json")).await?;
    let file =
        async |path: &String| Ok::<_, String>((path.clone(), text(&format!("stacks/{name}/{path}")).await?));
    let files = try_join_all(info.files.iter().map(file)).await?;
    Ok(Stack { info, files: Arc::new(ProjectFiles(files.into_iter().collect())) })
}

async fn json<T: DeserializeOwned>(url: &str) -> Result<T, String> {
    serde_json::from_str(&text(url).await?)
        .map_err(|error| format!("{url} is not what it should be: {error}."))
}

/// `url` is relative to the page, so that it works below any path of a static host.
async fn text(url: &str) -> Result<String, String> {
    let failed = |error: gloo_net::Error| format!("{url} cannot be fetched: {error}.");
    let response = Request::get(url).send().await.map_err(failed)?;
    if !response.ok() {
        return Err(format!("{url} cannot be fetched: the server answers {}.", response.status()));
    }
    response.text().await.map_err(failed)
}
