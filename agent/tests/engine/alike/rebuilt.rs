//! What is rebuilt from inspection makes the same containers, networks and volumes again.

use composeyard::engine::Engine;
use composeyard_compose::{ProjectFiles, ProjectName};

use serde_json::{Value, json};

use super::{
    Stack, compare_all, has_compose,
    picture::{Pictures, differences, pictures},
    skipped, written_stacks,
};

/// The hash is that of the file, which is another one.
const OF_FILE: &str = "com.docker.compose.config-hash";

/// What the project's objects look like, apart from what means the same to the engine: options of a mount that say
/// nothing, and `no` as the restart policy.
fn looks(project: &str) -> Pictures {
    let mut pictures = pictures(project);
    for picture in pictures.values_mut() {
        let mounts = picture.get_mut("/HostConfig/Mounts").and_then(Value::as_array_mut);
        for mount in mounts.into_iter().flatten().filter_map(Value::as_object_mut) {
            mount.retain(|_, options| *options != json!({}));
        }
        if let Some(policy) = picture.get_mut("/HostConfig/RestartPolicy/Name").filter(|name| **name == "no")
        {
            *policy = json!("");
        }
    }
    pictures
}

#[tokio::main(flavor = "current_thread")]
async fn rebuilt(project: &str) -> Result<ProjectFiles, String> {
    let project = ProjectName::new(project).unwrap();
    Engine::connect(None).rebuild(&project).await.map_err(|error| error.to_string())
}

impl Stack {
    /// Up by the reference, rebuilt, up by the reference from what was rebuilt: compared.
    fn compare_rebuilt(&self) -> Result<(), String> {
        self.reference(&["up", "-d", "--no-build"])?;
        let before = looks(&self.project);
        let files = rebuilt(&self.project)?;
        self.reference(&["down", "-v", "-t", "0"])?;
        for (path, text) in &files.0 {
            std::fs::write(self.folder.path().join(path), text).unwrap();
        }
        let text = files.get("compose.yaml").unwrap_or_default();
        self.reference(&["up", "-d", "--no-build"]).map_err(|why| format!("it is refused: {why}\n{text}"))?;
        let after = looks(&self.project);
        let mut found = differences(&before, &after);
        found.retain(|difference| !difference.contains(OF_FILE));
        if found.is_empty() { Ok(()) } else { Err(format!("{}\n{text}", found.join("\n  "))) }
    }
}

#[test]
fn what_is_rebuilt_from_a_running_project_makes_it_again() {
    if skipped() || !has_compose() {
        return;
    }
    let (stacks, _in_use) = written_stacks(300);
    compare_all(&stacks, Stack::compare_rebuilt);
}
