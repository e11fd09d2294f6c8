//! Relative paths: against the project folder when it is absolute, kept as `./…` in the browser.

use super::{
    findings::Findings,
    path::Path,
    tree::{Data, Value},
};

/// Where relative paths start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Base<'a> {
    /// Absolute, or relative to the project's root; empty for the root itself.
    pub(crate) folder: &'a str,
    /// For `~`.
    pub(crate) home: Option<&'a str>,
    /// Relative results begin with their first folder, not with `./`: they are resolved once more.
    pub(crate) bare: bool,
}

impl Base<'_> {
    /// A path of the host: absolute ones, also of Windows, stay.
    pub(crate) fn resolve(&self, path: &str) -> String {
        let path = self.expand_home(path);
        if path.is_empty() || path.starts_with('/') || path.starts_with('~') || is_windows_absolute(&path) {
            return path;
        }
        let joined = join(self.folder, &path);
        if self.bare { joined.strip_prefix("./").map(str::to_owned).unwrap_or(joined) } else { joined }
    }

    /// A path that is mounted: an empty one stands for the folder itself, as it does in the reference.
    fn resolve_host(&self, path: &str) -> String {
        self.resolve(if path.is_empty() { "." } else { path })
    }

    fn expand_home(&self, path: &str) -> String {
        match (path.strip_prefix('~'), self.home) {
            (Some(""), Some(home)) => home.to_owned(),
            // `~name` is no other user's home to the reference, but a folder of the one home it knows.
            (Some(rest), Some(home)) => clean(&format!("{home}/{rest}")),
            _ => path.to_owned(),
        }
    }
}

/// `base/path`, cleaned. Without an absolute base the result starts with `./` or `../`, or is `.`.
pub(crate) fn join(base: &str, path: &str) -> String {
    let joined = if base.is_empty() { clean(path) } else { clean(&format!("{base}/{path}")) };
    let relative = !joined.starts_with('/') && joined != "." && joined != ".." && !joined.starts_with("../");
    if relative && !is_windows_absolute(&joined) { format!("./{joined}") } else { joined }
}

/// The folder of a file.
pub(crate) fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => "",
    }
}

/// True for nearly all paths that are written: no shorter one is equal.
pub(crate) fn is_clean(path: &str) -> bool {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// The shortest equal path, as Go's `path.Clean` gives it.
pub(crate) fn clean(path: &str) -> String {
    if is_clean(path) {
        return path.to_owned();
    }
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// `C:\x`, `C:/x`, `\\host\share\…`, `\\.\pipe\…`, `\??\…`.
pub(crate) fn is_windows_absolute(path: &str) -> bool {
    let is_slash = |byte: u8| byte == b'\\' || byte == b'/';
    match path.as_bytes() {
        [drive, b':', slash, ..] => drive.is_ascii_alphabetic() && is_slash(*slash),
        [b'\\', b'?', b'?', b'\\', ..] => true,
        [first, second, ..] => is_slash(*first) && is_slash(*second),
        _ => false,
    }
}

/// True for contexts that are no folder: URLs, other services, images.
pub(crate) fn is_remote_context(context: &str) -> bool {
    context.contains("://")
        || ["service:", "github.com/", "git@"].iter().any(|prefix| context.starts_with(prefix))
}

/// Resolves every path of a model.
pub(crate) fn resolve(model: &mut Value, base: Base<'_>, findings: &mut Findings) {
    let root = Path::Root;
    for_each(model, "services", |key, service| {
        let services = root.key("services");
        resolve_service(service, base, &services.key(key), findings);
    });
    for section in ["configs", "secrets"] {
        for_each(model, section, |_, object| set(object.get_mut("file"), |path| base.resolve_host(path)));
    }
    for_each(model, "volumes", |_, volume| resolve_driver_options(volume, base));
}

fn for_each(model: &mut Value, section: &str, mut step: impl FnMut(&str, &mut Value)) {
    if let Some(entries) = model.get_mut(section).and_then(Value::map_mut) {
        for (key, value) in entries.iter_mut() {
            step(key, value);
        }
    }
}

fn set(value: Option<&mut Value>, step: impl Fn(&str) -> String) {
    if let Some(value) = value
        && let Data::Text(text) = &value.data
    {
        value.data = Data::Text(step(text).into());
    }
}

fn resolve_service(service: &mut Value, base: Base<'_>, path: &Path<'_>, findings: &mut Findings) {
    if let Some(build) = service.get_mut("build") {
        resolve_build(build, base);
    }
    for file in list(service.get_mut("env_file")) {
        set(file.get_mut("path"), |path| base.resolve(path));
    }
    for file in list(service.get_mut("label_file")) {
        set(Some(file), |path| base.resolve(path));
    }
    set(service.get_mut("extends").and_then(|extends| extends.get_mut("file")), |path| base.resolve(path));
    let watch = service.get_mut("develop").and_then(|develop| develop.get_mut("watch"));
    for rule in list(watch) {
        set(rule.get_mut("path"), |path| base.resolve(path));
    }
    let path = path.key("volumes");
    for (index, mount) in list(service.get_mut("volumes")).iter_mut().enumerate() {
        resolve_mount(mount, base, &path.item(index), findings);
    }
}

fn list(value: Option<&mut Value>) -> &mut [Value] {
    value.and_then(Value::list_mut).map_or(&mut [], |list| list.as_mut_slice())
}

fn resolve_build(build: &mut Value, base: Base<'_>) {
    let context = |context: &str| {
        if is_remote_context(context) { context.to_owned() } else { base.resolve(context) }
    };
    set(build.get_mut("context"), context);
    if let Some(contexts) = build.get_mut("additional_contexts").and_then(Value::map_mut) {
        contexts.values_mut().for_each(|value| set(Some(value), context));
    }
    if let Some(keys) = build.get_mut("ssh").and_then(Value::map_mut) {
        keys.values_mut().for_each(|value| set(Some(value), |path| base.resolve(path)));
    }
}

fn resolve_mount(mount: &mut Value, base: Base<'_>, path: &Path<'_>, findings: &mut Findings) {
    if mount.get("type").and_then(Value::text) != Some("bind") {
        return;
    }
    if mount.get("source").is_none() {
        let message = "invalid mount config for type \"bind\": field Source must not be empty";
        findings.error("CY066", mount.place, path, message);
    }
    set(mount.get_mut("source"), |path| base.resolve_host(path));
}

/// `driver: local` with `o: bind` is a bind mount in disguise.
fn resolve_driver_options(volume: &mut Value, base: Base<'_>) {
    if volume.get("driver").and_then(Value::text) != Some("local") {
        return;
    }
    let Some(options) = volume.get_mut("driver_opts") else { return };
    if options.get("o").and_then(Value::text) == Some("bind") {
        set(options.get_mut("device"), |path| base.resolve_host(path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_browser_stay_relative_and_those_of_the_agent_become_absolute() {
        let browser = Base { folder: "", home: None, bare: false };
        let agent = Base { folder: "/srv/shop", home: Some("/home/me"), bare: false };
        for (path, in_browser, on_agent) in [
            (".", ".", "/srv/shop"),
            ("./app", "./app", "/srv/shop/app"),
            ("app/../x", "./x", "/srv/shop/x"),
            ("../x", "../x", "/srv/x"),
            ("/etc", "/etc", "/etc"),
            ("~/x", "~/x", "/home/me/x"),
            ("~", "~", "/home/me"),
            ("~x/y", "~x/y", "/home/me/x/y"),
            ("C:\\x", "C:\\x", "C:\\x"),
            ("\\\\.\\pipe\\x", "\\\\.\\pipe\\x", "\\\\.\\pipe\\x"),
            ("\\x", "./\\x", "/srv/shop/\\x"),
            ("", "", ""),
        ] {
            assert_eq!(browser.resolve(path), in_browser, "{path}");
            assert_eq!(agent.resolve(path), on_agent, "{path}");
        }
        assert_eq!(agent.resolve_host(""), "/srv/shop");
    }

    #[test]
    fn windows_paths_are_absolute_with_a_drive_or_two_slashes() {
        for path in ["C:\\x", "c:/x", "\\\\host", "\\\\host\\share\\x", "//host/share/x", "\\??\\x"] {
            assert!(is_windows_absolute(path), "{path}");
        }
        for path in ["c:", "c:x", "c:..", "\\x", "/x", "x", "", "5:/x"] {
            assert!(!is_windows_absolute(path), "{path}");
        }
    }
}
