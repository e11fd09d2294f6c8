// The languages of a project's files, by the name that the Rust side gives.
import { StreamLanguage } from "@codemirror/language";
import { yaml } from "@codemirror/lang-yaml";
import { dockerFile } from "@codemirror/legacy-modes/mode/dockerfile";
import { nginx } from "@codemirror/legacy-modes/mode/nginx";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { python } from "@codemirror/legacy-modes/mode/python";
import { shell } from "@codemirror/legacy-modes/mode/shell";

const known = {
  yaml: () => yaml(),
  dockerfile: () => StreamLanguage.define(dockerFile),
  nginx: () => StreamLanguage.define(nginx),
  env: () => StreamLanguage.define(properties),
  python: () => StreamLanguage.define(python),
  shell: () => StreamLanguage.define(shell),
};

export const language = (name) => known[name]?.() ?? [];
