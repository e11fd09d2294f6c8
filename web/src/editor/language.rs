//! Which language a file is written in, by its name.

/// The name of a language that `web/js/languages.js` knows; empty for plain text.
pub(super) fn language(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match (name, extension) {
        (_, "yaml" | "yml") => "yaml",
        (_, "py") => "python",
        (_, "sh") => "shell",
        ("nginx.conf", _) => "nginx",
        (_, "conf") if path.contains("nginx") => "nginx",
        (_, "env" | "properties" | "ini") => "env",
        _ if name.starts_with("Dockerfile") || extension == "dockerfile" => "dockerfile",
        _ if name.starts_with(".env") => "env",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_stack_are_known_by_their_names() {
        for (path, expected) in [
            ("compose.prod.yaml", "yaml"),
            ("app/Dockerfile", "dockerfile"),
            ("app/Dockerfile.dev", "dockerfile"),
            ("nginx/default.conf", "nginx"),
            (".env.example", "env"),
            ("app/app.py", "python"),
            ("README.md", ""),
        ] {
            assert_eq!(language(path), expected, "{path}");
        }
    }
}
