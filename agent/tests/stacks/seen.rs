//! What the engine says of a stack, asked by docker's own command line.

use std::{
    collections::BTreeMap,
    process::{Command, Output},
};

use serde_json::Value;

use crate::machine::Stack;

impl Stack {
    /// What the engine says of each container, running or not.
    pub(crate) fn containers(&self) -> Vec<Value> {
        let ids = printed(&["ps", "-aq", "--filter", &self.label()]);
        let ids: Vec<&str> = ids.split_whitespace().collect();
        if ids.is_empty() {
            return Vec::new();
        }
        serde_json::from_str(&printed(&[&["inspect"], &ids[..]].concat())).unwrap()
    }

    /// The containers of one service.
    pub(crate) fn of(&self, service: &str) -> Vec<Value> {
        let is = |it: &Value| it["Config"]["Labels"]["com.docker.compose.service"] == service;
        self.containers().into_iter().filter(is).collect()
    }

    /// The name of the only container of a service.
    #[track_caller]
    pub(crate) fn container(&self, service: &str) -> String {
        let found = self.of(service);
        assert_eq!(found.len(), 1, "{service}");
        found[0]["Name"].as_str().unwrap().trim_start_matches('/').to_owned()
    }

    /// Services and how many containers of each run.
    pub(crate) fn running(&self) -> BTreeMap<String, usize> {
        let mut count = BTreeMap::new();
        for container in self.containers().iter().filter(|it| it["State"]["Status"] == "running") {
            let service = container["Config"]["Labels"]["com.docker.compose.service"].as_str().unwrap();
            *count.entry(service.to_owned()).or_default() += 1;
        }
        count
    }

    /// What a program inside a service's container prints.
    #[track_caller]
    pub(crate) fn inside(&self, service: &str, words: &[&str]) -> String {
        printed(&[&["exec", &self.container(service)], words].concat())
    }

    pub(crate) fn volumes(&self) -> Vec<String> {
        let listed = printed(&["volume", "ls", "-q", "--filter", &self.label()]);
        listed.split_whitespace().map(str::to_owned).collect()
    }

    /// CPU and memory limits, and memory reservations, in mebibytes, as the engine has them for each container.
    #[track_caller]
    pub(crate) fn limited(&self, table: &[(&str, f64, i64, i64)]) {
        let mega = 1024 * 1024;
        for (service, cpus, limit, reserved) in table {
            let containers = self.of(service);
            assert!(!containers.is_empty(), "{service}");
            for container in containers {
                let host = &container["HostConfig"];
                assert_eq!(host["NanoCpus"].as_f64(), Some(cpus * 1e9), "{service}");
                assert_eq!(host["Memory"].as_i64(), Some(limit * mega), "{service}");
                assert_eq!(host["MemoryReservation"].as_i64(), Some(reserved * mega), "{service}");
            }
        }
    }

    /// How many processes of each container of a service name a program.
    pub(crate) fn processes(&self, service: &str, program: &str) -> Vec<usize> {
        let (first, rest) = program.split_at(1);
        // The brackets keep the search from finding itself.
        let search = format!("grep -l '[{first}]{rest}' /proc/[0-9]*/cmdline 2>/dev/null | wc -l");
        let count = |container: &Value| {
            let id = container["Id"].as_str().unwrap();
            printed(&["exec", id, "sh", "-c", &search]).trim().parse().unwrap()
        };
        self.of(service).iter().map(count).collect()
    }

    pub(crate) fn label(&self) -> String {
        format!("label=com.docker.compose.project={}", self.name)
    }

    pub(crate) fn leftovers(&self) -> Vec<String> {
        let list = |words: &[&str]| printed(&[words, &["--filter", &self.label()]].concat());
        [list(&["ps", "-aq"]), list(&["network", "ls", "-q"]), list(&["volume", "ls", "-q"])]
            .iter()
            .flat_map(|ids| ids.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }
}

pub(crate) fn docker(words: &[&str]) -> Output {
    Command::new("docker").args(words).output().expect("these tests need Docker's command line")
}

/// What a docker command prints; it must succeed.
#[track_caller]
pub(crate) fn printed(words: &[&str]) -> String {
    let output = docker(words);
    assert!(output.status.success(), "docker {words:?}: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
