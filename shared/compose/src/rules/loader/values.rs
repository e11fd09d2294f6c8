//! CY020 to CY047: values in their short and long forms, merging, `extends` and `include`.

use super::{Says, error, page};
use crate::rules::Rule;

const REFUSED: &str = "Compose refuses the file.";
const EXTENDS: &str = page!("services/#extends");
const INCLUDE: &str = page!("include/");

pub(super) static RULES: [Rule; 21] = [
    error(
        ("CY020", "wrong-kind"),
        Says(
            "A value has the wrong type once all files are merged and variables are replaced.",
            REFUSED,
            "Write the value as the message says.",
        ),
        page!("services/"),
        "",
    ),
    error(
        ("CY021", "invalid-port"),
        Says(
            "A port mapping cannot be read.",
            REFUSED,
            "Write `HOST:CONTAINER`, such as `\"8080:80\"`; ranges on both sides have the same length.",
        ),
        page!("services/#ports"),
        "services:\n  app:\n    image: nginx:1.27\n    ports:\n      - \"8080:http\"\n",
    ),
    error(
        ("CY022", "invalid-duration"),
        Says("A duration cannot be read.", REFUSED, "Write numbers with units: `1m30s`."),
        page!("extension/#specifying-durations"),
        "",
    ),
    error(
        ("CY023", "invalid-size"),
        Says("A size cannot be read.", REFUSED, "Write a number with `b`, `k`, `m` or `g`: `512m`."),
        page!("extension/#specifying-byte-values"),
        "",
    ),
    error(
        ("CY024", "invalid-mount"),
        Says(
            "A volume in short form cannot be read.",
            REFUSED,
            "Write `SOURCE:TARGET`, such as `data:/data:ro`.",
        ),
        page!("services/#volumes"),
        "services:\n  app:\n    image: nginx:1.27\n    volumes:\n      - \"data::/data\"\nvolumes:\n  data:\n",
    ),
    error(
        ("CY025", "invalid-device"),
        Says("A device in short form cannot be read.", REFUSED, "Write `HOST:CONTAINER:rwm`."),
        page!("services/#devices"),
        "services:\n  app:\n    image: nginx:1.27\n    devices:\n      - a:b:c:d\n",
    ),
    error(
        ("CY026", "invalid-number"),
        Says("A number cannot be read.", REFUSED, "Write a number."),
        page!("services/"),
        "",
    ),
    error(
        ("CY027", "invalid-service-name"),
        Says(
            "A service's name has a character it may not have.",
            "Names become parts of container and host names.",
            "Use letters, digits, dots, hyphens and underscores only.",
        ),
        page!("services/"),
        "",
    ),
    error(
        ("CY028", "invalid-command"),
        Says(
            "A command in one text cannot be split into words.",
            REFUSED,
            "Close the quote, or write a list of arguments.",
        ),
        page!("services/#command"),
        "services:\n  app:\n    image: nginx:1.27\n    command: echo 'half\n",
    ),
    error(
        ("CY029", "invalid-pair"),
        Says(
            "An item is not of the form `NAME=value`.",
            REFUSED,
            "Write `NAME=value` without blanks around the `=`.",
        ),
        page!("services/#environment"),
        "services:\n  app:\n    image: nginx:1.27\n    environment:\n      - NAME =value\n",
    ),
    error(
        ("CY030", "invalid-project-name"),
        Says(
            "The project's name is not valid, or nothing is left of it.",
            "It becomes a part of every container, network and volume name.",
            "Use lower-case letters, digits, hyphens and underscores, starting with a letter or digit.",
        ),
        page!("version-and-name/"),
        "",
    ),
    error(
        ("CY031", "cannot-merge"),
        Says(
            "Two files give one key values of different types.",
            "A list cannot be merged with a mapping, nor a mapping with text.",
            "Write it in the same form in both places, or replace it with `!override`.",
        ),
        page!("merge/"),
        "",
    ),
    error(
        ("CY032", "no-target"),
        Says(
            "A port, mount or device in long form has no `target`.",
            REFUSED,
            "Add `target`: the port or path in the container.",
        ),
        page!("services/#ports"),
        "services:\n  app:\n    image: nginx:1.27\n    ports:\n      - published: \"8080\"\n",
    ),
    error(
        ("CY033", "repeated-item"),
        Says(
            "A list that may hold each item once holds one twice, perhaps in two files.",
            "Compose refuses the file.",
            "Remove one of them.",
        ),
        page!("services/"),
        "services:\n  app:\n    image: nginx:1.27\n    group_add: [audio, audio]\n",
    ),
    error(
        ("CY040", "extends-without-service"),
        Says("`extends` does not name a service.", REFUSED, "Add `service`."),
        EXTENDS,
        "",
    ),
    error(
        ("CY041", "extends-unknown-service"),
        Says(
            "`extends` names a service that the file does not have.",
            REFUSED,
            "Correct the name or the file.",
        ),
        EXTENDS,
        "services:\n  app:\n    image: nginx:1.27\n    extends: base\n",
    ),
    error(
        ("CY042", "extends-cycle"),
        Says("Services extend each other in a circle.", REFUSED, "Remove one of the `extends`."),
        EXTENDS,
        "services:\n  a:\n    image: nginx:1.27\n    extends: b\n  b:\n    image: nginx:1.27\n    extends: a\n",
    ),
    error(
        ("CY043", "extends-no-services"),
        Says("The extended file has no services.", REFUSED, "Name a Compose file with services."),
        EXTENDS,
        "",
    ),
    error(
        ("CY045", "invalid-include"),
        Says(
            "`include` is not a list of paths.",
            REFUSED,
            "Write a list of paths, or of mappings with `path`.",
        ),
        INCLUDE,
        "",
    ),
    error(
        ("CY046", "include-cycle"),
        Says("Files include each other in a circle.", REFUSED, "Remove one of the includes."),
        INCLUDE,
        "",
    ),
    error(
        ("CY047", "remote-include"),
        Says(
            "`include` names a remote project.",
            "Composeyard loads files of the project only.",
            "Copy the file into the project and include it from there.",
        ),
        INCLUDE,
        "include:\n  - https://example.com/compose.git\nservices:\n  app:\n    image: nginx:1.27\n",
    ),
];
