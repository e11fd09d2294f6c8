//! The template projects: plain files beside the page, listed in `stacks/index.json`. The gallery fetches the cards and
//! the Compose files, which it draws; the rest comes when a template is opened.

use std::sync::Arc;

use composeyard_compose::{
    LoadRequest, Project, ProjectFiles, load,
    settings::{SECRET_BYTES, secret_text},
    stacks::{Card, Variant, add_secrets},
};
use futures_util::future::{join_all, try_join_all};
use gloo_net::http::Request;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    document::{Library, SavedProject},
    random,
};

#[derive(Deserialize)]
struct Index {
    stacks: Vec<String>,
}

/// A template as the gallery shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// What it says of itself.
    pub card: Arc<Card>,
    /// Its Compose files.
    compose: Arc<ProjectFiles>,
}

impl Stack {
    /// A variant as it is drawn; none when its files do not load.
    pub fn drawn(&self, variant: &Variant) -> Option<Project> {
        let mut files = self.compose.as_ref().clone();
        // A picture needs no real secrets.
        add_secrets(&mut files, &self.card, variant, &mut || "secret".to_owned());
        let request = LoadRequest {
            files: variant.files.clone(),
            profiles: variant.profiles.clone(),
            project_name: Some(self.card.name.to_string()),
            ..LoadRequest::default()
        };
        load(&files, &request).project
    }

    /// The project as it opens in a variant, with secrets of its own.
    ///
    /// # Errors
    /// When a file cannot be fetched, or the browser gives no random numbers.
    pub async fn project(&self, variant: Variant) -> Result<SavedProject, String> {
        let card = &self.card;
        let mut files = fetch(card.name.as_str(), card.files.iter()).await?;
        // A copy that was opened before keeps its secrets: it is no other project because of them.
        if let Some(kept) = Library::load(card.name.as_str()) {
            let secrets = card.secret_files.iter().map(String::as_str);
            for path in secrets.chain([composeyard_compose::settings::FILE]) {
                if let Some(text) = kept.files.get(path) {
                    files.0.entry(path.to_owned()).or_insert_with(|| text.to_owned());
                }
            }
        }
        let mut failed = None;
        add_secrets(&mut files, card, &variant, &mut || match random::bytes::<SECRET_BYTES>() {
            Ok(bytes) => secret_text(&bytes),
            Err(error) => {
                failed = Some(error);
                String::new()
            }
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(SavedProject::of_variant(card.name.clone(), files, variant, card.variants.clone())),
        }
    }
}

/// All templates that can be read, in the order of the index.
///
/// The error says what could not be read: the index, or every template.
pub async fn all() -> Result<Vec<Stack>, String> {
    let index: Index = json("stacks/index.json").await?;
    let found = join_all(index.stacks.iter().map(|name| load_card(name))).await;
    let (good, bad): (Vec<_>, Vec<_>) = found.into_iter().partition(Result::is_ok);
    let stacks: Vec<Stack> = good.into_iter().flatten().collect();
    match bad.into_iter().find_map(Result::err) {
        Some(error) if stacks.is_empty() => Err(error),
        _ => Ok(stacks),
    }
}

async fn load_card(name: &str) -> Result<Stack, String> {
    let card: Card = json(&format!("stacks/{name}/stack.json")).await?;
    let is_compose = |path: &&String| !path.contains('/') && path.ends_with(".yaml");
    let compose = fetch(name, card.files.iter().filter(is_compose)).await?;
    Ok(Stack { card: Arc::new(card), compose: Arc::new(compose) })
}

async fn fetch(name: &str, paths: impl Iterator<Item = &String>) -> Result<ProjectFiles, String> {
    let file =
        async |path: &String| Ok::<_, String>((path.clone(), text(&format!("stacks/{name}/{path}")).await?));
    let files = try_join_all(paths.map(file)).await?;
    Ok(ProjectFiles(files.into_iter().collect()))
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
