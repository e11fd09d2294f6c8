//! CY001 to CY015: the text itself, its variables and its env files.

use super::{Says, error, page, warning};
use crate::rules::Rule;

const YAML: &str = "https://yaml.org/spec/1.2.2/";
const ANCHORS: &str = page!("fragments/");
const VARIABLES: &str = page!("interpolation/");

pub(super) static RULES: [Rule; 15] = [
    error(
        ("CY001", "yaml-syntax"),
        Says(
            "The file is not YAML.",
            "Nothing of it can be read past this place.",
            "Mend the place; indentation, colons, quotes and tabs are the usual causes.",
        ),
        YAML,
        "services:\n  app:\n    image: \"nginx:1.27\n",
    ),
    error(
        ("CY002", "duplicate-key"),
        Says(
            "A key stands twice in one mapping.",
            "Compose refuses the file, because one of the two would be lost.",
            "Keep one of them, or rename one.",
        ),
        YAML,
        "services:\n  app:\n    image: nginx:1.27\n    image: nginx:1.28\n",
    ),
    error(
        ("CY003", "unknown-anchor"),
        Says(
            "An alias names an anchor that does not stand before it.",
            "YAML reads from top to bottom; an anchor must come first.",
            "Define the anchor with `&name` above the alias, in the same file and document.",
        ),
        ANCHORS,
        "services:\n  app:\n    image: nginx:1.27\n    environment: *variables\n",
    ),
    error(
        ("CY004", "alias-cycle"),
        Says(
            "An alias stands inside the value that its anchor names.",
            "The value would hold itself without end.",
            "Remove the alias, or move the anchor.",
        ),
        ANCHORS,
        "",
    ),
    error(
        ("CY005", "too-many-aliases"),
        Says(
            "Aliases of aliases multiply the file beyond measure.",
            "A small file could fill the memory.",
            "Use fewer aliases of aliases.",
        ),
        ANCHORS,
        "",
    ),
    error(
        ("CY006", "key-not-text"),
        Says(
            "A key is a number, a boolean or a collection.",
            "Compose takes text as keys only.",
            "Put the key in quotes.",
        ),
        YAML,
        "services:\n  app:\n    image: nginx:1.27\n    environment:\n      1: one\n",
    ),
    error(
        ("CY007", "invalid-merge"),
        Says(
            "`<<` has a value that cannot be merged.",
            "Only mappings can be merged into a mapping.",
            "Give it a mapping, an alias of one, or a list of those.",
        ),
        ANCHORS,
        "services:\n  app:\n    <<: nginx\n    image: nginx:1.27\n",
    ),
    error(
        ("CY008", "unreadable-file"),
        Says(
            "A file that the project names cannot be read.",
            "What it holds is missing from the project.",
            "Correct the path, or add the file.",
        ),
        page!(""),
        "services:\n  app:\n    image: nginx:1.27\n    extends:\n      file: missing.yaml\n      service: base\n",
    ),
    error(
        ("CY009", "no-compose-file"),
        Says(
            "There is no Compose file, or it is empty.",
            "There is nothing to load.",
            "Add a `compose.yaml` with at least one service.",
        ),
        page!(""),
        "",
    ),
    error(
        ("CY010", "invalid-variable"),
        Says(
            "A `$` starts something that is no variable reference.",
            "Compose replaces `$NAME` and `${NAME}` everywhere in values.",
            "Write `$$` for a dollar sign, or correct the reference.",
        ),
        VARIABLES,
        "services:\n  app:\n    image: nginx:1.27\n    command: echo ${1}\n",
    ),
    error(
        ("CY011", "required-variable"),
        Says(
            "A variable that must be set is not.",
            "The file asks for it with `${NAME:?}` or `${NAME?}`.",
            "Set it in `.env` or in the environment.",
        ),
        VARIABLES,
        "services:\n  app:\n    image: nginx:${VERSION:?}\n",
    ),
    warning(
        ("CY012", "unset-variable"),
        Says(
            "A variable is not set and has no default.",
            "An empty text takes its place, which is rarely meant.",
            "Set it in `.env`, or give a default: `${NAME:-value}`.",
        ),
        VARIABLES,
        "services:\n  app:\n    image: nginx:1.27\n    hostname: ${HOST_NAME}\n",
    ),
    error(
        ("CY013", "invalid-cast"),
        Says(
            "A value is not of the type that its key takes, after variables are replaced.",
            "Compose refuses the file.",
            "Correct the value, or the variable that it comes from.",
        ),
        VARIABLES,
        "services:\n  app:\n    image: nginx:1.27\n    scale: ${SCALE:-two}\n",
    ),
    error(
        ("CY014", "invalid-env-file"),
        Says(
            "A line of an env file cannot be read.",
            "Variables from that file are missing.",
            "Write `NAME=value`, one a line.",
        ),
        page!("services/#env_file"),
        "",
    ),
    error(
        ("CY015", "not-a-mapping"),
        Says(
            "The file holds a list or a single value.",
            "A Compose file is a mapping with `services` in it.",
            "Start with `services:`.",
        ),
        page!(""),
        "- nginx\n",
    ),
];
