// Colours of the editor, all from the page's tokens, so that light and dark need no second theme.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const chrome = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "12px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.62" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 12px 0 10px" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent)",
  },
  ".cm-gutters": { color: "var(--faint)", backgroundColor: "var(--surface)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 6px 0 12px", minWidth: "34px" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--text) 4%, transparent)" },
  ".cm-activeLineGutter": { color: "var(--dim)", backgroundColor: "transparent" },
  ".cm-line.cm-node": { backgroundColor: "var(--accent-soft)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--accent) 18%, transparent)",
    borderRadius: "2px",
  },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--warn) 20%, transparent)" },
  ".cm-searchMatch": { backgroundColor: "color-mix(in srgb, var(--warn) 34%, transparent)", borderRadius: "2px" },
  ".cm-searchMatch-selected": { outline: "1.5px solid var(--warn)" },
  ".cm-lintRange": { backgroundImage: "none", textUnderlineOffset: "3px", textDecorationSkipInk: "none" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad) 1.2px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn) 1.2px" },
  ".cm-lintRange-hint": { backgroundImage: "none", textDecoration: "underline dotted var(--dim) 1.5px" },
  ".cm-lintPoint::after": { borderBottomColor: "var(--bad)" },
  ".cm-lintPoint-warning::after": { borderBottomColor: "var(--warn)" },
  ".cm-tooltip": {
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line2)",
    borderRadius: "8px",
    boxShadow: "var(--shadow)",
    overflow: "hidden",
  },
  ".cm-diagnostic": {
    maxWidth: "44ch",
    padding: "8px 12px",
    fontFamily: "var(--font)",
    fontSize: "12.5px",
    lineHeight: "1.45",
    whiteSpace: "normal",
    border: "none",
    borderLeft: "3px solid var(--idle)",
  },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-diagnosticText": { display: "block" },
  ".cm-finding-help": { display: "block", marginTop: "2px", color: "var(--dim)" },
  ".cm-finding-code": { marginLeft: "6px", color: "var(--faint)", fontFamily: "var(--mono)", fontSize: "11px" },
  ".cm-diagnosticAction": {
    margin: "6px 8px 0 0",
    padding: "3px 10px",
    color: "var(--accent-ink)",
    backgroundColor: "var(--accent)",
    borderRadius: "6px",
    fontSize: "12px",
    cursor: "pointer",
  },
  ".cm-panels": { color: "var(--text)", backgroundColor: "var(--surface)", fontFamily: "var(--font)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "8px 10px" },
  ".cm-textfield": {
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line2)",
    borderRadius: "6px",
    padding: "3px 8px",
    fontSize: "12px",
  },
  ".cm-button": {
    color: "var(--text)",
    background: "var(--raised)",
    border: "1px solid var(--line2)",
    borderRadius: "6px",
    fontSize: "12px",
  },
  ".cm-foldGutter .cm-gutterElement": { color: "var(--faint)", cursor: "pointer" },
  ".cm-foldPlaceholder": {
    color: "var(--dim)",
    backgroundColor: "var(--bg)",
    border: "1px solid var(--line)",
  },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName), tags.keyword], color: "var(--svc)" },
  { tag: [tags.string, tags.special(tags.string), tags.attributeValue], color: "var(--ok)" },
  { tag: [tags.content], color: "var(--ok)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--vol)" },
  { tag: [tags.labelName, tags.typeName, tags.variableName], color: "var(--sec)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--faint)", fontStyle: "italic" },
  { tag: [tags.meta, tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--dim)" },
  { tag: tags.invalid, color: "var(--bad)" },
]);

export const theme = [chrome, syntaxHighlighting(colours)];
