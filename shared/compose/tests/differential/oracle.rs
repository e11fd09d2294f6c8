//! The reference: the compose plugin of the docker client, each question a process of its own.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    outcome::{Outcome, Question},
    write::Case,
};

pub struct Oracle {
    plugin: PathBuf,
}

impl Oracle {
    /// The plugin, when it is there and of the version this test speaks about.
    pub fn find() -> Result<Self, String> {
        let template =
            "{{range .ClientInfo.Plugins}}{{if eq .Name \"compose\"}}{{.Path}}\t{{.Version}}{{end}}{{end}}";
        let info = Command::new("docker").args(["info", "--format", template]).output();
        let text = info.map_err(|error| format!("docker does not run: {error}"))?.stdout;
        let text = String::from_utf8_lossy(&text).into_owned();
        let (path, version) = text.trim().split_once('\t').ok_or("docker has no compose plugin")?;
        if !version.trim_start_matches('v').starts_with("2.40") {
            return Err(format!("docker compose is {version}, not 2.40"));
        }
        Ok(Self { plugin: path.into() })
    }

    pub fn ask(
        &self,
        case: &Case,
        folder: &Path,
        environment: &[(String, String)],
        question: Question,
    ) -> Outcome {
        let mut command = Command::new(&self.plugin);
        for file in &case.compose {
            command.arg("-f").arg(file);
        }
        for profile in &case.profiles {
            command.args(["--profile", profile]);
        }
        command.arg("config").args(question.flags());
        command.current_dir(folder).env_clear().envs(environment.iter().cloned());
        match command.output() {
            Ok(output) if output.status.success() => {
                Outcome::Accepted(String::from_utf8_lossy(&output.stdout).into_owned())
            }
            Ok(output) => Outcome::Refused(reason(&String::from_utf8_lossy(&output.stderr))),
            Err(error) => Outcome::Refused(format!("the reference did not run: {error}")),
        }
    }
}

/// The reason without warnings; of the stack of a crash only the part of the loader that crashed.
fn reason(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("time=") && !line.is_empty());
    let reason = lines.take_while(|line| !line.starts_with("goroutine ")).collect::<Vec<_>>().join(" ");
    let mut stack = text.lines().filter_map(|line| line.strip_prefix("github.com/compose-spec/compose-go/"));
    match stack.next().filter(|_| reason.contains("panic: ")) {
        Some(place) => {
            let place = place.strip_prefix("v2/").unwrap_or(place);
            format!("{reason} in {}", place.rsplit_once('(').map_or(place, |(function, _)| function))
        }
        None => reason,
    }
}
