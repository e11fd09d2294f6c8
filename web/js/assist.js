// Help while writing: the popup of choices, the card about the thing under the pointer, and the keys that lead from a
// name to its declaration, its uses and its new name. Rust answers; this file asks and shows.
import { autocompletion, pickedCompletion, startCompletion } from "@codemirror/autocomplete";
import { StateEffect, StateField } from "@codemirror/state";
import { closeHoverTooltips, EditorView, hasHoverTooltips, hoverTooltip, keymap, showTooltip } from "@codemirror/view";
import { prose } from "./prose.js";

/** Typing that asks for choices by itself: a word, or the place for a value. An empty line waits for Ctrl-Space. */
function wanted(context) {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  return /[\w.\-/*$]$/.test(before.replace(/^\s*-$/, "")) || /(:|(^|\s)-|,)\s+$|[[{]$/.test(before);
}

function choose(view, choice, from, to) {
  view.dispatch({
    changes: { from, to: to + choice.tail, insert: choice.insert },
    selection: { anchor: from + choice.caret },
    scrollIntoView: true,
    userEvent: "input.complete",
    annotations: pickedCompletion.of(choice),
  });
  if (choice.again) startCompletion(view);
}

function choices(report) {
  return (context) => {
    if (!context.explicit && !wanted(context)) return null;
    const found = report.complete(context.pos);
    if (!found.options.length) return null;
    const tail = Math.max(0, found.to - context.pos);
    const options = found.options.map((option, index) => ({
      ...option,
      tail,
      boost: -Math.min(index, 99),
      info: option.doc ? () => described(option) : undefined,
      apply: choose,
    }));
    return { from: found.from, options, validFor: /^[\w.\-/:*]*$/ };
  };
}

function element(name, className, ...content) {
  const node = document.createElement(name);
  node.className = className;
  node.append(...content);
  return node;
}

function described(option) {
  return element("div", "cm-choice-info", ...prose(option.doc));
}

function kindMark(option) {
  const mark = element("span", `cm-kind cm-kind-${option.kind}`);
  mark.setAttribute("aria-hidden", "true");
  return mark;
}

/** A line of a card; where it was written is a button that leads there. */
function factRow(fact, index, report) {
  // What has a place is a piece of a file, to be shown as it stands there.
  const text = fact.place || fact.text.includes("\n") ? [fact.text] : prose(fact.text);
  const value = element("dd", fact.text.includes("\n") ? "cm-card-block" : "", ...text);
  if (fact.place) {
    const place = element("button", "cm-card-place", fact.place);
    place.type = "button";
    place.onclick = () => report.open(index);
    value.append(" ", place);
  }
  return [element("dt", "", fact.label), value];
}

function card(hover, report) {
  const dom = element("div", "cm-card");
  dom.dataset.testid = "hover-card";
  dom.append(element("div", "cm-card-title", hover.title));
  if (hover.doc) dom.append(element("p", "", ...prose(hover.doc)));
  const facts = hover.facts.flatMap((fact, index) => factRow(fact, index, report));
  if (facts.length) dom.append(element("dl", "", ...facts));
  for (const example of hover.examples) dom.append(element("pre", "", example));
  if (hover.link) {
    const link = element("a", "", "Reference");
    Object.assign(link, { href: hover.link, target: "_blank", rel: "noopener noreferrer" });
    dom.append(link);
  }
  return dom;
}

const tooltip = (found, report) => ({
  pos: found.from,
  end: found.to,
  above: true,
  create: () => ({ dom: card(found, report) }),
});

const setCard = StateEffect.define();

/** The card that was asked for by the keyboard; the next change or move of the cursor closes it. */
const askedCard = StateField.define({
  create: () => null,
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(setCard)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

function askCard(view, report) {
  const found = report.hover(view.state.selection.main.head);
  if (!found) return false;
  const shown = tooltip(found, report);
  const spoken = {
    ...shown,
    create: (view) => {
      const made = shown.create(view);
      made.dom.setAttribute("role", "status");
      return made;
    },
  };
  view.dispatch({ effects: [closeHoverTooltips, setCard.of(spoken)] });
  return true;
}

function closeCard(view) {
  if (!view.state.field(askedCard) && !hasHoverTooltips(view.state)) return false;
  view.dispatch({ effects: [closeHoverTooltips, setCard.of(null)] });
  return true;
}

/** Ctrl-click, or Cmd-click, goes where F12 goes. */
const follow = (report) =>
  EditorView.domEventHandlers({
    mousedown(event, view) {
      if (event.button !== 0 || !(event.ctrlKey || event.metaKey)) return false;
      const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
      if (at === null || !report.go("declaration", at)) return false;
      event.preventDefault();
      return true;
    },
  });

/** Everything for a text that is written here. */
export function assistance(report) {
  const go = (what) => (view) => (report.go(what, view.state.selection.main.head), true);
  return [
    autocompletion({
      override: [choices(report)],
      icons: false,
      maxRenderedOptions: 60,
      addToOptions: [{ render: kindMark, position: 10 }],
    }),
    hoverTooltip((_, at) => {
      const found = report.hover(at);
      return found ? tooltip(found, report) : null;
    }, { hoverTime: 450, hideOnChange: true }),
    askedCard,
    follow(report),
    keymap.of([
      { key: "F12", run: go("declaration"), preventDefault: true },
      { key: "Shift-F12", run: go("uses"), preventDefault: true },
      { key: "F2", run: go("rename"), preventDefault: true },
      { key: "Mod-Shift-o", run: go("outline"), preventDefault: true },
      { key: "Mod-k Mod-i", run: (view) => askCard(view, report), preventDefault: true },
      { key: "Escape", run: closeCard },
    ]),
  ];
}

/** For a text that is only looked at: a click, Enter or F12 leads to where its line was written. */
export function following(report) {
  const go = (view) => (report.go("declaration", view.state.selection.main.head), true);
  return [
    EditorView.domEventHandlers({
      click(event, view) {
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (at !== null && view.state.selection.main.empty) report.go("declaration", at);
        return false;
      },
    }),
    keymap.of([
      { key: "Enter", run: go },
      { key: "F12", run: go, preventDefault: true },
    ]),
  ];
}
