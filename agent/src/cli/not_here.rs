//! Commands of `docker compose` that do not exist here, and what does the same.

/// What to do instead of a command; none for a word that is no command anywhere.
pub(super) fn instead(word: &str) -> Option<&'static str> {
    Some(match word {
        "attach" => {
            "use composeyard logs -f SERVICE to read along, or docker attach CONTAINER to type into it"
        }
        "bridge" | "publish" => "use composeyard config to print the project as one file",
        "commit" => "use docker commit CONTAINER IMAGE",
        "convert" => "use composeyard config",
        "export" => "use composeyard cp SERVICE:/ FOLDER, or docker export CONTAINER",
        "stats" => "use docker stats, or composeyard top for the processes",
        "watch" => "run composeyard up -d --build after a change, or mount the sources as a volume",
        _ => return None,
    })
}
