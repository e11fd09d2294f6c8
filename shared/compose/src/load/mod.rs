//! Files to a project. The steps and their order are those of the reference; each value keeps its origin.
//!
//! | step | file |
//! |---|---|
//! | YAML to a value tree, aliases, merge keys, tags | `read`, `scalar`, `reset` |
//! | variables | `template`, `interpolate`, `dotenv`, `uses` |
//! | the compose files, and each by itself | `sources` |
//! | other files | `include`, `extends`, `env_file` |
//! | several files to one model | `documents`, `merge`, `unicity` |
//! | the merged model against the table of keys | `schema` |
//! | short forms, defaults, checks, paths, names | `canonical`, `defaults`, `validate`, `paths`, `normalize` |
//! | tree to types | `bind` |
//! | profiles, references | `select`, `consistency` |
//!
//! The everyday project, one file whose services share no text, can be built service by service, so that the next load
//! takes over those that did not change: `parts`, `piecewise`, `memory`.

mod bind;
mod canonical;
mod consistency;
mod convert;
mod cycle;
mod defaults;
mod documents;
mod dotenv;
mod env_file;
mod environment;
mod extends;
mod findings;
mod include;
mod interpolate;
mod map;
mod memory;
mod merge;
mod naming;
mod normalize;
mod origins;
mod parts;
mod path;
mod paths;
mod piecewise;
mod pipeline;
mod read;
mod reset;
pub(crate) mod scalar;
mod schema;
mod select;
mod sources;
mod template;
pub(crate) mod tree;
mod unicity;
mod uses;
mod validate;
mod variables;
#[cfg(test)]
mod vectors;

use std::collections::BTreeMap;

pub use environment::leaves_env_file_out;
pub(crate) use findings::MOST_OF_A_KIND;
pub use memory::Memory;
pub use origins::{Origin, Origins};
pub(crate) use parts::Part;
pub(crate) use sources::{Parsed, Sources};
pub(crate) use template::variables as template_variables;
pub use uses::{Use, uses};

use crate::{Diagnostic, FileSource, Project, default_files, rules};

/// What to load and how; the command line's flags and the page's choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadRequest {
    /// Compose files in merge order. Empty: the default names are looked for in the project folder.
    pub files: Vec<String>,
    /// The folder relative paths start from; empty stands for the root of a [`crate::ProjectFiles`], in which case
    /// paths in the model stay relative (`./app`). An absolute folder makes them absolute.
    pub project_dir: String,
    /// `-p`.
    pub project_name: Option<String>,
    /// Active profiles.
    pub profiles: Vec<String>,
    /// Files that feed interpolation; none: `.env` beside the first file, if it is there.
    pub env_files: Option<Vec<String>>,
    /// Variables that win over the env files. Never the agent's own environment.
    pub environment: BTreeMap<String, String>,
    /// Keep `${…}` as it is. Short forms that cannot be read because of it stay short.
    pub no_interpolate: bool,
    /// Stop at the tree, before it is bound to types: [`Loaded::project`] stays none, and
    /// [`crate::render::tree_yaml`] prints the tree. What `config --no-interpolate` of the reference works on.
    pub untyped: bool,
    /// Home folder for `~`; none leaves `~` as it is.
    pub home: Option<String>,
    /// Services to keep, with what they depend on, as in `up app`; empty for all. Their profiles become active.
    pub services: Vec<String>,
    /// Services whose profiles become active, as in `up app`; all others stay as they are.
    pub enable: Vec<String>,
    /// Drop networks, volumes, secrets and configs that no active service uses.
    pub prune: bool,
    /// Steps to leave out.
    pub skip: Skip,
}

impl LoadRequest {
    /// The files in merge order: those that are named, else the default ones that are in the project folder.
    pub(crate) fn files_or_default(&self, is_there: impl Fn(&str) -> bool) -> Vec<String> {
        if !self.files.is_empty() {
            return self.files.clone();
        }
        let folder = self.project_dir.trim_end_matches('/');
        let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        default_files(|name| is_there(&path(name))).into_iter().map(path).collect()
    }
}

/// Steps that the reference's `config` can leave out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skip {
    /// `--no-normalize`: no default network, no names, no implied dependencies.
    pub normalize: bool,
    /// `--no-consistency`: references and exclusions are not checked.
    pub consistency: bool,
    /// `--no-path-resolution`: paths stay as written.
    pub paths: bool,
    /// `--no-env-resolution`: env files stay unread.
    pub env_files: bool,
    /// Label files stay unread.
    pub label_files: bool,
    /// No checks of shape and rules before binding.
    pub validate: bool,
}

/// The outcome of a load.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The project; none when an error stopped the load, or when only the tree was asked for.
    pub project: Option<Project>,
    /// All findings, sorted by file, place and code.
    pub diagnostics: Vec<Diagnostic>,
    /// Where each value stands.
    pub origins: Origins,
    /// Every file that was read: compose files, env files, included and extended ones.
    pub read: Vec<String>,
    /// The variables that `${…}` was filled in from, `COMPOSE_PROJECT_NAME` among them; none when the load stopped
    /// before.
    pub environment: BTreeMap<String, String>,
}

/// The variables of an env file, as far as it can be read; the machine's own variables play no part.
pub fn dotenv_values(text: &str) -> BTreeMap<String, String> {
    env_files_values([text], &BTreeMap::new())
}

/// The variables of env files, as far as they can be read; later files win. What they name is filled in from `known`,
/// else from what stands before.
pub fn env_files_values<T: AsRef<str>>(
    texts: impl IntoIterator<Item = T>,
    known: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for text in texts {
        // What stands before a line that cannot be read still counts; the check names the line.
        let _ = dotenv::parse(text.as_ref(), &|name| known.get(name).cloned(), &mut values);
    }
    values
}

/// Loads without the rules of [`crate::rules`].
pub fn load(source: &dyn FileSource, request: &LoadRequest) -> Loaded {
    pipeline::load(source, request).0
}

/// Loads and applies every rule: what the page shows and `composeyard check` prints.
pub fn check(source: &dyn FileSource, request: &LoadRequest) -> Loaded {
    let (loaded, sources) = pipeline::load(source, request);
    rules::apply(source, request, loaded, sources)
}

/// [`check`] for a project that is checked again and again: finds the same, sooner.
pub fn check_again(source: &dyn FileSource, request: &LoadRequest, memory: &mut Memory) -> Loaded {
    let (loaded, sources) = pipeline::load_with(source, request, Some(memory));
    rules::apply(source, request, loaded, sources)
}
