//! A service: an image or a build, and some of all keys.

use super::{build, deploy, mounts, network, ports, process, scalars};
use crate::{
    dice::Dice,
    tree::{Node, raw},
};

type Make = fn(&mut Dice) -> Node;

const KEYS: [(&str, Make); 72] = [
    ("annotations", scalars::pairs),
    ("attach", scalars::flag),
    ("blkio_config", deploy::blkio),
    ("cap_add", |dice| scalars::texts(dice, &["ALL", "NET_ADMIN", "SYS_PTRACE"])),
    ("cap_drop", |dice| scalars::texts(dice, &["ALL", "MKNOD", "CHOWN"])),
    ("cgroup", |dice| dice.text(&["host", "private"])),
    ("cgroup_parent", |dice| dice.text(&["m-executor"])),
    ("command", scalars::command),
    ("configs", mounts::configs),
    ("container_name", |dice| dice.text(&["fixed", "my.name-1", "${NAME}"])),
    ("cpu_count", scalars::number),
    ("cpu_percent", |dice| dice.raw(&["50", "0", "\"2.5\"", "100"])),
    ("cpu_period", scalars::number),
    ("cpu_quota", scalars::number),
    ("cpu_rt_period", scalars::number),
    ("cpu_rt_runtime", scalars::number),
    ("cpu_shares", scalars::number),
    ("cpus", scalars::fraction),
    ("cpuset", |dice| dice.text(&["0-3", "0,1"])),
    ("credential_spec", process::credential_spec),
    ("deploy", deploy::deploy),
    ("develop", build::develop),
    ("device_cgroup_rules", |dice| scalars::texts(dice, &["c 1:3 mr", "a 7:* rmw"])),
    ("devices", process::devices),
    ("dns", |dice| scalars::text_or_texts(dice, &["8.8.8.8", "9.9.9.9"])),
    ("dns_opt", |dice| scalars::texts(dice, &["use-vc", "no-tld-query"])),
    ("dns_search", |dice| scalars::text_or_texts(dice, &["example.com", "dc1.example.com"])),
    ("domainname", |dice| dice.text(&["example.com"])),
    ("entrypoint", scalars::command),
    ("env_file", super::variables::env_file),
    ("environment", scalars::pairs),
    ("expose", ports::expose),
    ("external_links", |dice| scalars::texts(dice, &["redis", "db:mysql"])),
    ("extra_hosts", network::extra_hosts),
    ("gpus", deploy::gpus),
    ("group_add", |dice| dice.list(2, |dice| dice.raw(&["mail", "1000", "\"1000\""]))),
    ("healthcheck", process::healthcheck),
    ("hostname", |dice| dice.text(&["host", "${NAME}"])),
    ("init", scalars::flag),
    ("isolation", |dice| dice.text(&["default"])),
    ("label_file", |dice| scalars::text_or_texts(dice, &["app.labels", "./app.labels"])),
    ("labels", scalars::pairs),
    ("logging", process::logging),
    ("mac_address", |dice| dice.text(&["02:42:ac:11:65:43"])),
    ("mem_limit", scalars::size),
    ("mem_reservation", scalars::size),
    ("mem_swappiness", scalars::number),
    ("memswap_limit", scalars::size),
    ("oom_kill_disable", scalars::flag),
    ("oom_score_adj", |dice| dice.raw(&["500", "-500", "\"10\"", "0"])),
    ("pids_limit", |dice| dice.raw(&["10", "-1", "\"5\"", "0"])),
    ("platform", |dice| dice.text(&["linux/amd64", "linux/arm64/v8", "windows/amd64"])),
    ("ports", ports::ports),
    ("post_start", process::hooks),
    ("pre_stop", process::hooks),
    ("privileged", scalars::flag),
    ("pull_policy", |dice| {
        dice.text(&["always", "never", "missing", "build", "if_not_present", "daily", "every_12h"])
    }),
    ("read_only", scalars::flag),
    ("restart", |dice| dice.raw(&["always", "\"no\"", "on-failure", "on-failure:3", "unless-stopped", "no"])),
    ("runtime", |dice| dice.text(&["runc"])),
    ("secrets", mounts::secrets),
    ("security_opt", |dice| scalars::texts(dice, &["label:user:USER", "no-new-privileges:true"])),
    ("shm_size", scalars::size),
    ("stdin_open", scalars::flag),
    ("stop_grace_period", scalars::duration),
    ("stop_signal", |dice| dice.text(&["SIGINT", "SIGUSR1"])),
    ("storage_opt", scalars::options),
    ("sysctls", scalars::pairs),
    ("tmpfs", mounts::tmpfs),
    ("tty", scalars::flag),
    ("ulimits", process::ulimits),
    ("volumes", mounts::volumes),
];

const FEW: [(&str, Make); 9] = [
    ("use_api_socket", |dice| dice.raw(&["true", "false"])),
    ("user", |dice| dice.text(&["1000:1000", "root", "\"0\""])),
    ("userns_mode", |dice| dice.text(&["host"])),
    ("uts", |dice| dice.text(&["host"])),
    ("working_dir", |dice| dice.text(&["/code", "/a/../b"])),
    ("ipc", |dice| dice.text(&["host", "shareable"])),
    ("pid", |dice| dice.text(&["host"])),
    ("x-service", scalars::extension),
    ("scale", |dice| dice.raw(&["1", "2", "0", "${TWO}"])),
];

/// A service that may depend on those named `earlier`.
pub fn service(dice: &mut Dice, earlier: &[&'static str]) -> Node {
    let percent = dice.pick(&[3, 6, 6, 12]);
    let mut entries = Vec::new();
    match dice.below(8) {
        0 | 1 => entries.push(("build".to_owned(), build::build(dice))),
        2 if dice.chance(30) => entries.push(("provider".to_owned(), process::provider(dice))),
        3 => {
            entries.push(("build".to_owned(), build::build(dice)));
            entries.push(("image".to_owned(), image(dice)));
        }
        _ => entries.push(("image".to_owned(), image(dice))),
    }
    add(&mut entries, dice.keys(percent, &KEYS));
    add(&mut entries, dice.keys(percent, &FEW));
    if dice.chance(30) {
        add(&mut entries, Node::Map(vec![("networks".to_owned(), network::networks(dice))]));
    } else {
        let mut more = Vec::new();
        network::shared(dice, earlier, &mut more);
        add(&mut entries, Node::Map(more));
    }
    if dice.chance(30) {
        entries.push(("depends_on".to_owned(), network::depends_on(dice, earlier)));
    }
    if dice.chance(15) {
        let profiles = scalars::texts(dice, &["dev", "prod", "debug"]);
        entries.push(("profiles".to_owned(), profiles));
    }
    Node::Map(entries)
}

/// Part of a service, as override files have it.
pub fn part(dice: &mut Dice) -> Node {
    let percent = dice.pick(&[4, 8]);
    let mut entries = Vec::new();
    add(&mut entries, dice.keys(percent, &KEYS));
    add(&mut entries, dice.keys(percent, &FEW));
    for (key, make) in [("image", image as Make), ("build", build::build), ("networks", network::networks)] {
        if dice.chance(10) {
            entries.push((key.to_owned(), make(dice)));
        }
    }
    if entries.is_empty() {
        entries.push(("tty".to_owned(), raw("true")));
    }
    Node::Map(entries)
}

fn add(entries: &mut Vec<(String, Node)>, more: Node) {
    if let Node::Map(more) = more {
        for (key, value) in more {
            if entries.iter().all(|(known, _)| *known != key) {
                entries.push((key, value));
            }
        }
    }
}

fn image(dice: &mut Dice) -> Node {
    dice.text(&[
        "nginx:1.27",
        "redis",
        "ghcr.io/a/b@sha256:0123456789012345678901234567890123456789012345678901234567890123",
        "${IMAGE:-busybox}:${TAG-latest}",
        "a/b:c",
    ])
}
