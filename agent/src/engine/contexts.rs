//! Docker contexts: named engines, as the docker command keeps them in `DOCKER_CONFIG` or `~/.docker`. A context's
//! folder is named by the SHA-256 of its name: `contexts/meta/<hash>/meta.json`.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The context that stands for the machine's own engine.
const OWN: &str = "default";

/// The docker command's own folder.
pub(super) fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    named.or_else(|| Some(std::env::home_dir()?.join(".docker")))
}

/// `config.json`, as far as contexts go.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Config {
    current_context: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Meta {
    endpoints: BTreeMap<String, Endpoint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Endpoint {
    host: String,
}

/// The address of the engine that a context stands for: the named one, else the one that `docker context use` has
/// chosen. None for the machine's own engine.
///
/// # Errors
/// When there is no such context, or it cannot be read: what, where and what to do.
pub(super) fn host(folder: &Path, named: Option<&str>) -> Result<Option<String>, String> {
    let name = chosen(folder, named);
    if name.is_empty() || name == OWN {
        return Ok(None);
    }
    let path = folder.join("contexts/meta").join(hash(&name)).join("meta.json");
    let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!("there is no Docker context {name}"),
        _ => format!("{}: {error}", path.display()),
    })?;
    let meta: Meta = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    match meta.endpoints.get("docker").filter(|endpoint| !endpoint.host.is_empty()) {
        Some(endpoint) => Ok(Some(endpoint.host.clone())),
        None => Err(format!("Docker context {name} names no engine")),
    }
}

/// The folder of the certificates that are kept for a context: its engine is reached over TLS.
pub(super) fn certificates(folder: &Path, named: Option<&str>) -> Option<PathBuf> {
    let kept = folder.join("contexts/tls").join(hash(&chosen(folder, named))).join("docker");
    kept.is_dir().then_some(kept)
}

fn chosen(folder: &Path, named: Option<&str>) -> String {
    match named.filter(|name| !name.is_empty()) {
        Some(name) => name.to_owned(),
        None => current(folder),
    }
}

fn hash(name: &str) -> String {
    Sha256::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file that is missing or broken chooses none, as the docker command has it.
fn current(folder: &Path) -> String {
    let text = fs::read_to_string(folder.join("config.json")).unwrap_or_default();
    serde_json::from_str::<Config>(&text).unwrap_or_default().current_context
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder as `docker context create remote --docker host=tcp://…` leaves it, with `remote` in use.
    fn docker_folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        put(
            folder.path(),
            "remote",
            r#"{"Name":"remote","Metadata":{},"Endpoints":{"docker":{"Host":"tcp://10.0.0.7:2375","SkipTLSVerify":false}}}"#,
        );
        fs::write(folder.path().join("config.json"), r#"{"auths":{},"currentContext":"remote"}"#).unwrap();
        folder
    }

    fn put(folder: &Path, name: &str, meta: &str) {
        let folder = folder.join("contexts/meta").join(hash(name));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("meta.json"), meta).unwrap();
    }

    #[test]
    fn the_context_in_use_counts_unless_another_is_named() {
        let folder = docker_folder();
        put(
            folder.path(),
            "other",
            r#"{"Name":"other","Endpoints":{"docker":{"Host":"unix:///run/other.sock"}}}"#,
        );
        assert_eq!(host(folder.path(), None).unwrap().as_deref(), Some("tcp://10.0.0.7:2375"));
        assert_eq!(host(folder.path(), Some("")).unwrap().as_deref(), Some("tcp://10.0.0.7:2375"));
        assert_eq!(host(folder.path(), Some("other")).unwrap().as_deref(), Some("unix:///run/other.sock"));
    }

    #[test]
    fn a_context_with_certificates_is_reached_over_tls() {
        let folder = docker_folder();
        assert_eq!(certificates(folder.path(), None), None);
        let kept = folder.path().join("contexts/tls").join(hash("remote")).join("docker");
        fs::create_dir_all(&kept).unwrap();
        assert_eq!(certificates(folder.path(), None), Some(kept));
        assert_eq!(certificates(folder.path(), Some("other")), None);
    }

    #[test]
    fn the_default_context_is_the_machines_own_engine() {
        let folder = docker_folder();
        assert_eq!(host(folder.path(), Some("default")), Ok(None));
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(host(empty.path(), None), Ok(None));
        fs::write(empty.path().join("config.json"), "no json").unwrap();
        assert_eq!(host(empty.path(), None), Ok(None));
    }

    #[test]
    fn a_context_that_is_missing_or_broken_is_said() {
        let folder = docker_folder();
        let error = host(folder.path(), Some("../../etc")).unwrap_err();
        assert_eq!(error, "there is no Docker context ../../etc");
        put(folder.path(), "bare", r#"{"Name":"bare","Endpoints":{}}"#);
        assert_eq!(host(folder.path(), Some("bare")).unwrap_err(), "Docker context bare names no engine");
        put(folder.path(), "broken", "{");
        assert!(host(folder.path(), Some("broken")).unwrap_err().contains("meta.json: EOF"));
    }
}
