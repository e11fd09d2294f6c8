//! What the flags of `run` change about its service. What Compose has short forms for becomes one more Compose file, so
//! that the loader reads it.

use composeyard_compose::ServiceName;
use composeyard_compose::model::Service;
use serde_json::{Value, json};

use super::variables;

/// Flags that change the service.
#[derive(Debug, clap::Args)]
pub(super) struct Changes {
    /// Add rights
    #[arg(long, value_name = "CAPABILITY")]
    cap_add: Vec<String>,
    /// Take rights away
    #[arg(long, value_name = "CAPABILITY")]
    cap_drop: Vec<String>,
    /// The program, in place of the image's
    #[arg(long, value_name = "PROGRAM")]
    entrypoint: Option<String>,
    /// A variable; without a value it is taken from the shell
    #[arg(short, long, value_name = "NAME[=VALUE]")]
    env: Vec<String>,
    /// A file with variables; those of --env win over them
    #[arg(long, value_name = "FILE")]
    env_from_file: Vec<String>,
    /// A label
    #[arg(short, long, value_name = "NAME=VALUE")]
    label: Vec<String>,
    /// A port for the host, in place of the service's own
    #[arg(short, long, value_name = "PORT")]
    publish: Vec<String>,
    /// With the ports of the service
    #[arg(short = 'P', long)]
    service_ports: bool,
    /// With the names that the service has on its networks
    #[arg(long)]
    use_aliases: bool,
    /// As this user
    #[arg(short, long)]
    user: Option<String>,
    /// A volume or a folder of this machine
    #[arg(short, long, value_name = "VOLUME")]
    volume: Vec<String>,
    /// In this folder of the container
    #[arg(short, long)]
    workdir: Option<String>,
}

impl Changes {
    /// The variables, as `NAME=value` or, where the shell has the value, as `NAME`. None when a file of them has errors,
    /// which are then printed.
    ///
    /// # Errors
    /// When the current folder cannot be told, or nobody reads what is printed.
    pub(super) fn variables(&self) -> anyhow::Result<Option<Vec<String>>> {
        if self.env_from_file.is_empty() {
            return Ok(Some(self.env.clone()));
        }
        variables::with_files(&self.env, &self.env_from_file)
    }

    /// As a Compose file to lay over the others.
    pub(super) fn as_file(&self, service: &ServiceName, variables: &[String]) -> String {
        // A dollar of the command line is meant: the shell has already replaced what it should.
        let plain = |texts: &[String]| Value::from_iter(texts.iter().map(|text| text.replace('$', "$$")));
        let mut changes = json!({
            "cap_add": plain(&self.cap_add),
            "cap_drop": plain(&self.cap_drop),
            "environment": plain(variables),
            "labels": plain(&self.label),
            "volumes": plain(&self.volume),
        });
        if let Some(entrypoint) = &self.entrypoint {
            changes["entrypoint"] = entrypoint.replace('$', "$$").into();
        }
        let own_ports = if self.service_ports { "" } else { "!override " };
        let fields = changes.to_string();
        let fields = fields.trim_start_matches('{');
        format!("services: {{\"{service}\": {{\"ports\": {own_ports}{}, {fields}}}\n", plain(&self.publish))
    }

    /// What is said of the loaded service.
    pub(super) fn apply(
        &self,
        service: &mut Service,
        own_name: &ServiceName,
        name: &str,
        command: &[String],
        tty: bool,
    ) {
        name.clone_into(&mut service.container_name);
        service.restart.clear();
        if let Some(deploy) = &mut service.deploy {
            deploy.restart_policy = None;
        }
        service.pre_start.clear();
        service.tty = tty;
        service.stdin_open = true;
        if self.entrypoint.is_some() {
            service.command = Some(Vec::new());
        }
        if !command.is_empty() {
            service.command = Some(command.to_vec());
        }
        if let Some(user) = &self.user {
            service.user.clone_from(user);
        }
        if let Some(folder) = &self.workdir {
            service.working_dir.clone_from(folder);
        }
        for endpoint in service.networks.values_mut() {
            if self.use_aliases {
                endpoint.get_or_insert_default().aliases.push(own_name.to_string());
            } else if let Some(endpoint) = endpoint {
                endpoint.aliases.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use composeyard_compose::{LoadRequest, ProjectFiles, load};

    use super::*;

    #[derive(clap::Parser)]
    struct Only {
        #[command(flatten)]
        changes: Changes,
    }

    /// The service `app` with these flags.
    fn changed(flags: &[&str]) -> Service {
        changed_for(flags, &["echo".to_owned(), "$HOME".to_owned()])
    }

    fn changed_for(flags: &[&str], command: &[String]) -> Service {
        let changes = <Only as clap::Parser>::parse_from([&["run"], flags].concat()).changes;
        let app: ServiceName = "app".parse().unwrap();
        let own = "name: shop\nservices: {app: {image: a, command: own, restart: always, ports: ['80:80'], environment: {A: 1}}}\n";
        let files = [("a.yaml", own.to_owned()), ("b.yaml", changes.as_file(&app, &changes.env))];
        let files = ProjectFiles(files.map(|(path, text)| (path.to_owned(), text)).into());
        let request = LoadRequest { files: vec!["a.yaml".into(), "b.yaml".into()], ..LoadRequest::default() };
        let loaded = load(&files, &request);
        let project = loaded.project.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
        let mut service = (*project.services[&app]).clone();
        changes.apply(&mut service, &app, "shop-app-run-1", command, false);
        service
    }

    #[test]
    fn short_forms_are_read_as_in_a_file_and_dollars_are_left() {
        let service = changed(&["-e", "A=$B", "-e", "C=2", "-v", "./data:/data", "-l", "x=y"]);
        assert_eq!(service.environment["A"].as_deref(), Some("$B"));
        assert_eq!(service.environment["C"].as_deref(), Some("2"));
        assert_eq!(service.volumes[0].target, "/data");
        assert_eq!(service.labels["x"], "y");
        assert_eq!(service.command.unwrap(), ["echo", "$HOME"]);
        assert_eq!((service.restart.as_str(), service.container_name.as_str()), ("", "shop-app-run-1"));
    }

    #[test]
    fn ports_are_published_only_when_asked_for() {
        let ports = |flags: &[&str]| {
            changed(flags).ports.iter().map(|port| port.published.clone()).collect::<Vec<_>>()
        };
        assert_eq!(ports(&[]), [""; 0]);
        assert_eq!(ports(&["-P"]), ["80"]);
        assert_eq!(ports(&["-p", "81:80"]), ["81"]);
        assert_eq!(ports(&["-P", "-p", "81:81"]), ["80", "81"]);
    }

    #[test]
    fn an_entrypoint_is_split_as_a_shell_would_and_takes_the_place_of_the_command_too() {
        let words = |flag: &str| {
            let service = changed_for(&["--entrypoint", flag], &[]);
            assert_eq!(service.command.as_deref(), Some(&[][..]));
            service.entrypoint.unwrap()
        };
        assert_eq!(words("sh -c 'echo \"a  b\" $0'"), ["sh", "-c", "echo \"a  b\" $0"]);
        assert_eq!(words("one\\ word"), ["one word"]);
        assert_eq!(words(""), [""; 0]);
        assert_eq!(changed(&["--entrypoint", "sh"]).command.unwrap(), ["echo", "$HOME"]);
        assert_eq!(changed_for(&[], &[]).command.unwrap(), ["own"]);
    }
}
