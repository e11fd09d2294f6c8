// The view of a terminal. Rust owns the connection; this file shows bytes and reports what the user types.
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import css from "@xterm/xterm/css/xterm.css";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets.push(sheet);

/** Lines that can be scrolled back to. */
const SCROLLBACK = 5000;

/** The colours of the page, so that light and dark need no second theme. */
function theme() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  const plain = { black: token("text"), white: token("dim"), red: token("bad"), green: token("ok") };
  const others = { yellow: token("warn"), blue: token("svc"), magenta: token("sec"), cyan: token("net") };
  const colours = { ...plain, ...others };
  const bright = Object.entries(colours).map(([name, colour]) => [`bright${name[0].toUpperCase()}${name.slice(1)}`, colour]);
  return {
    ...colours,
    ...Object.fromEntries(bright),
    brightBlack: token("faint"),
    foreground: token("text"),
    background: token("surface"),
    cursor: token("accent"),
    cursorAccent: token("surface"),
    selectionBackground: token("accent"),
    selectionForeground: token("accent-ink"),
  };
}

class View {
  #terminal;
  #fit = new FitAddon();
  #report;
  #watchers = [];

  constructor(host, report) {
    this.#report = report;
    const mono = getComputedStyle(document.documentElement).getPropertyValue("--mono");
    this.#terminal = new Terminal({
      fontFamily: mono,
      fontSize: 12,
      lineHeight: 1.3,
      cursorBlink: false,
      scrollback: SCROLLBACK,
      minimumContrastRatio: 4.5,
      theme: theme(),
    });
    const terminal = this.#terminal;
    terminal.loadAddon(this.#fit);
    terminal.open(host);
    terminal.textarea?.setAttribute("aria-description", "Shift+Escape leaves the terminal.");
    terminal.attachCustomKeyEventHandler((event) => this.#key(event, report));
    const typed = new TextEncoder();
    terminal.onData((text) => report.typed(typed.encode(text)));
    terminal.onBinary((text) => report.typed(Uint8Array.from(text, (unit) => unit.charCodeAt(0))));
    terminal.onResize(({ rows, cols }) => report.resized(rows, cols));
    const resized = new ResizeObserver(() => this.#resize(host));
    resized.observe(host);
    const recoloured = new MutationObserver(() => (terminal.options.theme = theme()));
    recoloured.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#watchers.push(resized, recoloured);
    this.#resize(host);
  }

  /** A hidden pane has no size, and a terminal of no columns would break every line. */
  #resize(host) {
    if (host.clientWidth > 0 && host.clientHeight > 0) this.#fit.fit();
  }

  /** False for keys that are the page's and not the command's. */
  #key(event, report) {
    if (event.type !== "keydown") return true;
    const key = event.key.toLowerCase();
    if (event.shiftKey && key === "escape") {
      report.left();
      return false;
    }
    const command = event.ctrlKey && !event.altKey && !event.metaKey;
    // Pasting is the browser's own; the command gets it as the terminal's paste event.
    if (command && key === "v") return false;
    if (command && key === "c" && (event.shiftKey || this.#terminal.hasSelection())) {
      const text = this.#terminal.getSelection();
      if (text) navigator.clipboard?.writeText(text);
      this.#terminal.clearSelection();
      event.preventDefault();
      return false;
    }
    return true;
  }

  /** Shows bytes and reports once they are shown: so much more may come. */
  write(bytes) {
    this.#terminal.write(bytes, () => this.#report.shown(bytes.length));
  }

  rows() {
    return this.#terminal.rows;
  }

  columns() {
    return this.#terminal.cols;
  }

  /** An empty terminal for a new command. */
  reset() {
    this.#terminal.reset();
  }

  /** Whether keys mean anything. Without a command there is no cursor either. */
  listen(does) {
    this.#terminal.options.disableStdin = !does;
    this.#terminal.write(does ? "\x1b[?25h" : "\x1b[?25l");
  }

  focus() {
    this.#terminal.focus();
  }

  destroy() {
    for (const watcher of this.#watchers) watcher.disconnect();
    this.#terminal.dispose();
  }
}

export const create = (host, report) => new View(host, report);
