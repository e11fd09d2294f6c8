//! What runs in a service's containers: program, user, health check.

use serde_json::{Value, json};

use super::{
    inspection::{Config, Container, HealthConfig},
    sheet::{Sheet, pairs, time, words},
};

/// `command` and `entrypoint`, where the image's would not do.
///
/// An entrypoint of its own clears the image's command; the engine fills in what is left open.
pub(super) fn program(sheet: &mut Sheet, config: &Config, image: &Config) {
    let needs_entrypoint =
        config.entrypoint != image.entrypoint || (config.cmd.is_empty() && !image.cmd.is_empty());
    if needs_entrypoint {
        sheet.keep("entrypoint", words(&config.entrypoint));
    }
    let left_open = if needs_entrypoint && !config.entrypoint.is_empty() { &Vec::new() } else { &image.cmd };
    if config.cmd != *left_open {
        sheet.put("command", words(&config.cmd));
    }
}

/// User, folder, terminal.
pub(super) fn surroundings(sheet: &mut Sheet, config: &Config, image: &Config) {
    if config.user != image.user {
        sheet.put("user", config.user.as_str());
    }
    if config.working_dir != image.working_dir {
        sheet.put("working_dir", config.working_dir.as_str());
    }
    sheet.put("tty", config.tty);
    sheet.put("stdin_open", config.open_stdin);
}

/// `hostname` and `domainname`, unless the engine or another container gave them.
pub(super) fn host_name(sheet: &mut Sheet, container: &Container) {
    let config = &container.config;
    let mode = container.host_config.network_mode.as_str();
    if mode.starts_with("container:") {
        return;
    }
    let starts_the_id = config.hostname.len() == 12 && container.id.starts_with(&config.hostname);
    let given_by_engine = mode == "host" || starts_the_id;
    if !given_by_engine {
        sheet.put("hostname", config.hostname.as_str());
    }
    sheet.put("domainname", config.domainname.as_str());
}

/// `stop_signal` and `stop_grace_period`.
pub(super) fn stop(sheet: &mut Sheet, config: &Config, image: &Config) {
    let by_default = if image.stop_signal.is_empty() { "SIGTERM" } else { &image.stop_signal };
    if config.stop_signal != by_default {
        sheet.put("stop_signal", config.stop_signal.as_str());
    }
    if let Some(seconds) = config.stop_timeout {
        sheet.keep("stop_grace_period", crate::model::Duration(seconds * 1_000_000_000).to_string());
    }
}

/// `healthcheck`, with what differs from the image's.
pub(super) fn healthcheck(sheet: &mut Sheet, config: &Config, image: &Config) {
    let Some(check) = config.healthcheck.as_ref().filter(|_| config.healthcheck != image.healthcheck) else {
        return;
    };
    if check.test == ["NONE"] {
        sheet.keep("healthcheck", json!({"disable": true}));
        return;
    }
    let image = image.healthcheck.clone().unwrap_or_default();
    let mut written = Sheet::default();
    if check.test != image.test {
        written.put("test", test(check));
    }
    for (key, nanos, inherited) in [
        ("interval", check.interval, image.interval),
        ("timeout", check.timeout, image.timeout),
        ("start_period", check.start_period, image.start_period),
        ("start_interval", check.start_interval, image.start_interval),
    ] {
        if nanos != inherited {
            written.put(key, time(nanos));
        }
    }
    if check.retries != image.retries {
        written.put("retries", check.retries);
    }
    sheet.put("healthcheck", written);
}

fn test(check: &HealthConfig) -> Value {
    match &check.test[..] {
        [shell, line] if shell == "CMD-SHELL" => line.as_str().into(),
        test => test.into(),
    }
}

/// `logging`, unless it is what every container of the engine gets.
pub(super) fn logging(sheet: &mut Sheet, container: &Container, default_driver: &str) {
    let log = &container.host_config.log_config;
    let by_default = if default_driver.is_empty() { "json-file" } else { default_driver };
    if !log.r#type.is_empty() && (log.r#type != by_default || !log.config.is_empty()) {
        let mut written = Sheet::default();
        written.put("driver", log.r#type.as_str());
        written.put("options", pairs(&log.config));
        sheet.put("logging", written);
    }
}
