// The view of one text. Rust owns the text, its history and its findings; this file shows them and reports what the
// user does. Offsets are UTF-16 units on this side of the border.
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { assistance, following } from "./assist.js";
import { language } from "./languages.js";
import { prose } from "./prose.js";
import { theme } from "./theme.js";

/** Marks a transaction that comes from Rust: it is not reported back. */
const fromRust = Annotation.define();

const markLines = StateEffect.define();

/** The lines of the selected node, softly coloured; they move with the text until Rust says otherwise. */
const markedLines = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    marks = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(markLines)) continue;
      const { from, to } = effect.value;
      const doc = transaction.state.doc;
      const lines = [];
      for (let at = from; from < to && at <= Math.min(to, doc.length); ) {
        const line = doc.lineAt(at);
        lines.push(Decoration.line({ class: "cm-node" }).range(line.from));
        at = line.to + 1;
      }
      marks = Decoration.set(lines);
    }
    return marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Words of the search panel, as the page's buttons are written. */
const phrases = {
  next: "Next",
  previous: "Previous",
  all: "Select all",
  "match case": "Match case",
  regexp: "Pattern",
  "by word": "Whole words",
  replace: "Replace",
  "replace all": "Replace all",
};

/** Folding shows when the pointer is near; what is folded always shows. */
function foldMarker(open) {
  const marker = document.createElement("span");
  marker.className = open ? "cm-fold cm-fold-open" : "cm-fold";
  marker.textContent = open ? "\u2304" : "\u203a";
  return marker;
}

/** What a finding's tooltip shows: message, code and help. */
function findingText(finding) {
  const text = document.createElement("span");
  text.append(...prose(finding.message));
  const code = document.createElement("span");
  code.className = "cm-finding-code";
  code.textContent = finding.code;
  text.append(code);
  if (finding.help) {
    const help = document.createElement("span");
    help.className = "cm-finding-help";
    help.append(...prose(finding.help));
    text.append(help);
  }
  return text;
}

class Editor {
  /** States of files that were shown before, by name: cursor, folds and selection survive a change of tabs. */
  #states = new Map();
  #scrolls = new Map();
  #file = "";
  #report;
  #locked = false;
  #nonce;
  #help;
  #view;

  constructor(host, nonce, report, viewOnly) {
    this.#nonce = nonce;
    this.#report = report;
    this.#locked = viewOnly;
    this.#help = viewOnly ? following(report) : assistance(report);
    this.#view = new EditorView({ parent: host, state: this.#state("", "", "") });
  }

  #state(doc, name, label) {
    const history = (command) => () => (this.#report.history(command), true);
    return EditorState.create({
      doc,
      extensions: [
        // A carriage return stays a character of its line: offsets agree with the text that Rust holds.
        EditorState.lineSeparator.of("\n"),
        EditorView.cspNonce.of(this.#nonce),
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorState.readOnly.of(this.#locked),
        lineNumbers(),
        foldGutter({ markerDOM: foldMarker }),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSpecialChars({ specialChars: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028\u2029\u202d\u202e\u2066\u2067\u2069\ufeff]/g }),
        highlightSelectionMatches(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("  "),
        EditorState.tabSize.of(2),
        bracketMatching(),
        closeBrackets(),
        search(),
        EditorState.phrases.of(phrases),
        markedLines,
        language(name),
        theme,
        this.#help,
        keymap.of([
          { key: "Mod-z", run: history("undo"), preventDefault: true },
          { key: "Mod-y", run: history("redo"), preventDefault: true },
          { key: "Mod-Shift-z", run: history("redo"), preventDefault: true },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...searchKeymap,
          ...lintKeymap,
          ...foldKeymap,
          indentWithTab,
          ...defaultKeymap,
        ]),
        EditorView.updateListener.of((update) => this.#updated(update)),
      ],
    });
  }

  #updated(update) {
    if (update.transactions.some((transaction) => transaction.annotation(fromRust))) return;
    if (update.docChanged) this.#report.change(update.state.doc.toString());
    if (update.selectionSet || update.docChanged) this.#report.cursor(update.state.selection.main.head);
  }

  /** Shows a file. Its text must be the whole text as Rust holds it. */
  show(file, doc, languageName, label) {
    if (this.#file) {
      this.#states.set(this.#file, this.#view.state);
      this.#scrolls.set(this.#file, this.#view.scrollSnapshot());
    }
    const seen = this.#states.get(file);
    const same = seen && seen.doc.toString() === doc;
    this.#file = file;
    this.#view.setState(same ? seen : this.#state(doc, languageName, label));
    this.#view.dispatch({
      annotations: fromRust.of(true),
      effects: same && this.#scrolls.has(file) ? [this.#scrolls.get(file)] : [],
    });
  }

  /** Forgets what was remembered of other files: another project was opened. */
  forget() {
    this.#states.clear();
    this.#scrolls.clear();
  }

  /** The text as shown. */
  text() {
    return this.#view.state.doc.toString();
  }

  /** Applies edits made elsewhere, `[{from, to, insert}]`, as one transaction; cursor and scroll survive. */
  dispatch(changes) {
    this.#view.dispatch({ changes, annotations: fromRust.of(true) });
  }

  /** Shows findings: `[{from, to, severity, code, message, help, fixes: [title]}]`. */
  setDiagnostics(findings) {
    const length = this.#view.state.doc.length;
    const shown = findings.map((finding, index) => ({
      from: Math.min(finding.from, length),
      to: Math.min(finding.to, length),
      severity: finding.severity,
      message: finding.message,
      renderMessage: () => findingText(finding),
      actions: finding.fixes.map((name, fix) => ({ name, apply: () => this.#report.fix(index, fix) })),
    }));
    const transaction = setDiagnostics(this.#view.state, shown);
    this.#view.dispatch({ ...transaction, annotations: fromRust.of(true) });
  }

  /** Puts the cursor at a range and scrolls it into the middle. */
  reveal(from, to, focus) {
    const length = this.#view.state.doc.length;
    const [start, end] = [Math.min(from, length), Math.min(to, length)];
    this.#view.dispatch({
      selection: { anchor: start, head: end },
      effects: EditorView.scrollIntoView(start, { y: "center" }),
      annotations: fromRust.of(true),
    });
    if (focus) this.#view.focus();
  }

  /** Colours the lines of a range and brings them into view; an empty range clears. */
  highlightRange(from, to, scroll) {
    const length = this.#view.state.doc.length;
    const effects = [markLines.of({ from: Math.min(from, length), to: Math.min(to, length) })];
    if (scroll && from < to && from <= length) {
      effects.push(EditorView.scrollIntoView(from, { y: "start", yMargin: 60 }));
    }
    this.#view.dispatch({ effects, annotations: fromRust.of(true) });
  }

  /** Puts the keyboard into the text. */
  focus() {
    this.#view.focus();
  }

  /** True while the keyboard is in the text. */
  hasFocus() {
    return this.#view.hasFocus;
  }

  /** Removes the view. */
  destroy() {
    this.#view.destroy();
  }
}

/**
 * Makes a view in `host`; `viewOnly` for a text that nobody types. `report` has the functions `change(text)`,
 * `cursor(offset)`, `history("undo" | "redo")`, `fix(finding, fix)`, `go(what, offset)` and, for a text that is
 * written, `complete(offset)`, `hover(offset)` and `open(fact)`.
 */
export const create = (host, nonce, report, viewOnly) => new Editor(host, nonce, report, viewOnly);
