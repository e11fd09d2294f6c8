//! CY208: a key without a value where one belongs.

use crate::Severity;
use crate::rules::Rule;

pub(super) static RULE: Rule = Rule {
    code: "CY208",
    name: "empty-value",
    severity: Severity::Error,
    what: "A key has no value, but takes one, and no earlier file gives it one.",
    why: "Compose refuses the file.",
    how: "Write the value behind the colon or on the lines below, indented deeper; or remove the key.",
    link: "https://docs.docker.com/reference/compose-file/services/",
    example: "services:\n  app:\n    image: nginx:1.27\n    ports:\n",
    good: "services:\n  app:\n    image: nginx:1.27\n    ports:\n      - \"80\"\n",
};
