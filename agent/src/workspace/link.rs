//! Projects that were there before the agent: their files stay in the folder they have.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use composeyard_compose::{LoadRequest, Project, ProjectName, load, model::MountType};
use composeyard_protocol::SavedProject;

use super::folder::Folder;
use super::limits::{MAX_FILE_BYTES, MAX_FILES, MAX_PROJECT_BYTES, accept_path};
use super::manifest::Manifest;
use super::{ProjectSource, Workspace, WorkspaceError};

/// A project elsewhere on this machine whose compose files can be read.
#[derive(Debug)]
pub struct Linkable {
    folder: PathBuf,
    /// Relative to the folder, in merge order.
    compose_files: Vec<String>,
}

impl Linkable {
    /// Looks whether all compose files are ordinary text files below the folder.
    pub fn find(folder: &Path, compose_files: &[PathBuf]) -> Option<Self> {
        let path = folder.canonicalize().ok()?;
        // Inside of the root is everything: no mount of such a project would ever be asked about.
        path.parent()?;
        let open = Folder::open_root(&path).ok()?;
        let inside = |file: &PathBuf| {
            let below = file.strip_prefix(folder).or_else(|_| file.strip_prefix(&path)).ok()?.to_str()?;
            read(&open, below).map(|_| below.to_owned())
        };
        let compose_files: Vec<String> = compose_files.iter().map(inside).collect::<Option<_>>()?;
        (!compose_files.is_empty()).then_some(Self { folder: path, compose_files })
    }

    /// Where it is, absolute, without links.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Workspace {
    /// Takes a project in with the folder it has: from now on it is read and saved there. Its files are those that the
    /// project names: compose files, env files, Dockerfiles, text files that are mounted.
    ///
    /// # Errors
    /// When there is a project of this name already, or the folder cannot be read.
    pub fn link(&self, project: &ProjectName, found: &Linkable) -> Result<SavedProject, WorkspaceError> {
        let _held = self.hold();
        if self.knows(project) {
            return Err(WorkspaceError::refused("", format!("the workspace has a project {project}")));
        }
        let io = |source| WorkspaceError::Io { path: found.folder.clone(), source };
        let folder = Folder::open_root(&found.folder).map_err(io)?;
        let manifest = Manifest {
            files: named_files(project, found)
                .map_err(io)?
                .into_iter()
                .filter(|path| read(&folder, path).is_some())
                .collect(),
            folder: Some(found.folder.clone()),
            compose_files: found.compose_files.clone(),
        };
        let manifest = within_limits(&folder, manifest);
        let own = |source| self.io(super::manifest::OWN_FOLDER, source);
        manifest.write(&self.shared.root, project).map_err(own)?;
        let saved = self.saved(project)?;
        self.shared.saves.send_modify(|count| *count += 1);
        Ok(saved)
    }

    /// Where an adopted project is.
    pub(super) fn linked(&self, project: &ProjectName) -> Result<Option<PathBuf>, WorkspaceError> {
        Ok(self.manifest(project)?.and_then(|manifest| manifest.folder))
    }

    pub(super) fn is_linked(&self, project: &ProjectName) -> bool {
        self.linked(project).is_ok_and(|folder| folder.is_some())
    }
}

/// The files that a project reads or names, relative to its folder.
fn named_files(project: &ProjectName, found: &Linkable) -> std::io::Result<BTreeSet<String>> {
    let source = ProjectSource::new(Folder::open_root(&found.folder)?, found.folder.clone());
    let request = LoadRequest {
        files: found.compose_files.clone(),
        project_dir: found.folder.to_string_lossy().into_owned(),
        project_name: Some(project.to_string()),
        ..LoadRequest::default()
    };
    let loaded = load(&source, &request);
    let mut files: BTreeSet<String> = found.compose_files.iter().cloned().collect();
    files.extend([".env".to_owned(), ".dockerignore".to_owned()]);
    files.extend(loaded.read.iter().filter_map(|path| below(&found.folder, path)));
    if let Some(loaded) = &loaded.project {
        files.extend(mentioned(loaded).iter().filter_map(|path| below(&found.folder, path)));
    }
    Ok(files)
}

/// Files of a loaded project that the loader itself does not read.
fn mentioned(project: &Project) -> Vec<String> {
    let mut paths = Vec::new();
    for service in project.services.values().chain(project.disabled_services.values()) {
        if let Some(build) = service.build.as_ref().filter(|build| !build.context.contains("://")) {
            let file = if build.dockerfile.is_empty() { "Dockerfile" } else { build.dockerfile.as_str() };
            paths.push(format!("{}/{file}", build.context));
        }
        let mounted = service.volumes.iter().filter(|mount| mount.kind == MountType::Bind);
        paths.extend(mounted.map(|mount| mount.source.clone()));
    }
    paths.extend(project.configs.values().map(|config| config.file.clone()));
    paths
}

/// A path, absolute or relative to the folder, as the workspace names it; none outside of it.
fn below(folder: &Path, path: &str) -> Option<String> {
    let inside = match Path::new(path).strip_prefix(folder) {
        Ok(inside) => inside.to_str()?,
        Err(_) if path.starts_with('/') => return None,
        Err(_) => path,
    };
    composeyard_compose::ProjectFiles::normalize(inside).filter(|path| accept_path(path).is_ok())
}

/// The text of an ordinary file within the limit.
fn read(folder: &Folder, path: &str) -> Option<String> {
    accept_path(path).ok()?;
    let (at, name) = folder.parent_of(path, false).ok()?;
    let text = String::from_utf8(at.read(name, MAX_FILE_BYTES as u64).ok()?).ok()?;
    (!text.contains('\0')).then_some(text)
}

/// Compose files first; what goes beyond what a project may hold stays on disk, unseen.
fn within_limits(folder: &Folder, mut manifest: Manifest) -> Manifest {
    let mut bytes = 0;
    let mut kept = BTreeSet::new();
    let others = manifest.files.iter().filter(|path| !manifest.compose_files.contains(path));
    for path in manifest.compose_files.iter().chain(others) {
        let size = read(folder, path).map_or(0, |text| text.len());
        if kept.len() < MAX_FILES && bytes + size <= MAX_PROJECT_BYTES {
            bytes += size;
            kept.insert(path.clone());
        }
    }
    manifest.files = kept;
    manifest
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPOSE: &str = "services:\n  web:\n    image: nginx:1.27-alpine\n    build: ./app\n    env_file: web.env\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n";

    fn put(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    struct Elsewhere {
        _both: tempfile::TempDir,
        shop: PathBuf,
        workspace: Workspace,
    }

    /// A project in a folder that is not the workspace's.
    fn elsewhere() -> Elsewhere {
        let both = tempfile::tempdir().unwrap();
        let shop = both.path().canonicalize().unwrap().join("shop");
        for (path, text) in [
            ("docker-compose.yml", COMPOSE),
            ("web.env", "A=1\n"),
            (".env", "B=2\n"),
            ("nginx.conf", "events {}\n"),
            ("app/Dockerfile", "FROM scratch\n"),
            ("letters/private.txt", "dear\n"),
        ] {
            put(&shop, path, text);
        }
        let workspace = Workspace::open(&both.path().join("workspace")).unwrap();
        Elsewhere { _both: both, shop, workspace }
    }

    fn linked(there: &Elsewhere) -> SavedProject {
        let found = Linkable::find(&there.shop, &[there.shop.join("docker-compose.yml")]).unwrap();
        there.workspace.link(&name(), &found).unwrap()
    }

    fn name() -> ProjectName {
        ProjectName::new("shop").unwrap()
    }

    #[test]
    fn an_adopted_project_comes_with_the_files_it_names_and_no_others() {
        let there = elsewhere();
        let saved = linked(&there);
        let files: Vec<&str> = saved.files.0.keys().map(String::as_str).collect();
        assert_eq!(files, [".env", "app/Dockerfile", "docker-compose.yml", "nginx.conf", "web.env"]);
        assert_eq!(saved.compose_files, ["docker-compose.yml"]);
        assert_eq!(there.workspace.projects().unwrap(), [name()]);
        assert_eq!(there.workspace.read(&name()).unwrap(), saved);
    }

    #[test]
    fn whoever_waits_for_the_project_hears_of_it() {
        let there = elsewhere();
        let saves = there.workspace.saves();
        linked(&there);
        assert!(saves.has_changed().unwrap());
    }

    #[test]
    fn a_project_around_the_workspace_cannot_write_what_the_agent_notes() {
        let both = tempfile::tempdir().unwrap();
        put(both.path(), "compose.yaml", "services: {}\n");
        let workspace = Workspace::open(&both.path().join("workspace")).unwrap();
        let found = Linkable::find(both.path(), &[both.path().join("compose.yaml")]).unwrap();
        let saved = workspace.link(&name(), &found).unwrap();
        let mut files = saved.files.clone();
        files.0.insert("workspace/.composeyard/other.json".to_owned(), r#"{"folder": "/"}"#.to_owned());
        let refused = workspace.save(&name(), &files, Some(&saved.revision)).unwrap_err().to_string();
        assert!(refused.contains("the agent's own folder"), "{refused}");
    }

    #[test]
    fn it_is_loaded_and_saved_where_it_is() {
        let there = elsewhere();
        let saved = linked(&there);
        assert_eq!(there.workspace.source(&name()).unwrap().base(), there.shop);
        let mut files = saved.files.clone();
        files.0.insert("web.env".to_owned(), "A=2\n".to_owned());
        let again = there.workspace.save(&name(), &files, Some(&saved.revision)).unwrap();
        assert_eq!(std::fs::read_to_string(there.shop.join("web.env")).unwrap(), "A=2\n");
        assert_eq!(again.compose_files, ["docker-compose.yml"]);
        assert!(there.shop.join("letters/private.txt").exists());
        assert!(!there.workspace.path().join("shop").exists());
    }

    #[test]
    fn what_someone_else_changed_there_is_not_overwritten() {
        let there = elsewhere();
        let saved = linked(&there);
        put(&there.shop, "web.env", "A=3\n");
        let mut files = saved.files.clone();
        files.0.insert("web.env".to_owned(), "A=2\n".to_owned());
        let refused = there.workspace.save(&name(), &files, Some(&saved.revision));
        assert!(matches!(refused, Err(WorkspaceError::Stale(_))), "{refused:?}");
    }

    #[test]
    fn compose_files_outside_of_the_folder_missing_or_behind_links_cannot_be_adopted() {
        let there = elsewhere();
        put(there.shop.parent().unwrap(), "outside.yaml", "services: {}\n");
        std::os::unix::fs::symlink("../outside.yaml", there.shop.join("link.yaml")).unwrap();
        for file in ["../outside.yaml", "missing.yaml", "link.yaml"] {
            assert!(Linkable::find(&there.shop, &[there.shop.join(file)]).is_none(), "{file}");
        }
        assert!(Linkable::find(&there.shop, &[there.shop.parent().unwrap().join("outside.yaml")]).is_none());
        assert!(Linkable::find(&there.shop, &[]).is_none());
    }

    #[test]
    fn the_root_of_the_machine_is_no_project() {
        let there = elsewhere();
        assert!(Linkable::find(Path::new("/"), &[there.shop.join("docker-compose.yml")]).is_none());
    }

    #[test]
    fn a_name_that_is_taken_stays_with_its_project() {
        let there = elsewhere();
        linked(&there);
        let found = Linkable::find(&there.shop, &[there.shop.join("docker-compose.yml")]).unwrap();
        assert!(there.workspace.link(&name(), &found).is_err());
    }
}
