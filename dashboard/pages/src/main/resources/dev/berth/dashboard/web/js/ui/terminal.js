import { LitElement, html, nothing } from "lit";
import { icon } from "./icons.js";
import { openExec } from "../core/exec.js";

const BASE = new URL("../../vendor/xterm-6.0.0/", import.meta.url);
const SHELL = ["sh", "-c", "command -v bash >/dev/null && exec bash || exec sh"];

/**
 * A terminal in a container. xterm is loaded when the first one is opened. It wants to write style
 * elements, which the page's policy forbids: each becomes a constructed sheet, which it allows.
 */
class Terminal extends LitElement {
  static properties = { namespace: {}, pod: {}, containers: { attribute: false }, container: { state: true }, note: { state: true }, open: { state: true } };

  createRenderRoot() {
    return this;
  }

  render() {
    const names = this.containers || [];
    return html`<div class="card terminal"><div class="row logbar">
        ${names.length > 1 ? html`<label>Container <select ?disabled=${this.open} @change=${(event) => (this.container = event.target.value)}>${names.map((name) => html`<option>${name}</option>`)}</select></label>` : nothing}
        ${this.open ? html`<button @click=${this.end}>Close</button>` : html`<button class="primary" @click=${this.begin}>${icon("terminal")}Open a shell</button>`}
        <span role="status" class="soft small">${this.note || "Everything you type runs in the container."}</span></div>
      <div class="screen" ?hidden=${!this.open && !this.xterm}></div></div>`;
  }

  async begin() {
    this.note = "Connecting";
    const [{ Terminal: XTerm }, { FitAddon }] = await Promise.all([import(new URL("xterm.mjs", BASE)), import(new URL("addon-fit.mjs", BASE))]);
    loadSheet(new URL("xterm.css", BASE));
    this.clear();
    this.open = true;
    await this.updateComplete;
    const colour = (name) => {
      this.style.color = `var(${name})`;
      const value = getComputedStyle(this).color;
      this.style.color = "";
      return value;
    };
    this.xterm = new XTerm({ fontFamily: getComputedStyle(this).getPropertyValue("--mono"), fontSize: 13, cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches, screenReaderMode: true, theme: { background: colour("--sunk"), foreground: colour("--text"), cursor: colour("--accent"), selectionBackground: "#8aa9ad66" } });
    const fit = new FitAddon();
    this.xterm.loadAddon(fit);
    this.sheets = withConstructedSheets(() => this.xterm.open(this.querySelector(".screen")));
    fit.fit();
    this.exec = openExec(
      { namespace: this.namespace, pod: this.pod, container: this.container || this.containers[0], command: SHELL },
      {
        output: (bytes) => this.xterm?.write(bytes),
        open: () => {
          this.note = "Connected. Tab goes to the shell; Ctrl+Shift+Esc leaves it.";
          this.exec.size(this.xterm.cols, this.xterm.rows);
          this.xterm.focus();
        },
        ended: (why) => {
          this.note = why;
          this.open = false;
        },
      },
    );
    this.xterm.onData((text) => this.exec.type(text));
    this.xterm.onResize(({ cols, rows }) => this.exec.size(cols, rows));
    // A terminal takes Tab for itself, so the keyboard needs another way out.
    this.xterm.attachCustomKeyEventHandler((event) => !(event.key === "Escape" && event.ctrlKey && event.shiftKey && (this.querySelector("button").focus(), true)));
    this.observer = new ResizeObserver(() => fit.fit());
    this.observer.observe(this.querySelector(".screen"));
  }

  end() {
    this.exec?.close();
  }

  clear() {
    this.exec?.close();
    this.observer?.disconnect();
    this.xterm?.dispose();
    this.sheets?.();
    this.xterm = this.exec = this.sheets = undefined;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.clear();
  }
}

function loadSheet(url) {
  if (document.querySelector(`link[href="${url.href}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: url.href }));
}

/**
 * While `work` runs, and for elements it makes, a style element is an inert one whose text goes to a
 * constructed sheet. @returns {() => void} takes the sheets away again
 */
function withConstructedSheets(work) {
  const create = document.createElement;
  const sheets = [];
  const inert = () => {
    const sheet = new CSSStyleSheet();
    sheets.push(sheet);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    const element = create.call(document, "span");
    element.hidden = true;
    Object.defineProperty(element, "textContent", { get: () => "", set: (text) => sheet.replaceSync(text) });
    Object.defineProperty(element, "innerText", { get: () => "", set: (text) => sheet.replaceSync(text) });
    Object.defineProperty(element, "sheet", { get: () => sheet });
    return element;
  };
  document.createElement = (name, options) => (String(name).toLowerCase() === "style" ? inert() : create.call(document, name, options));
  try {
    work();
  } finally {
    delete document.createElement;
  }
  return () => (document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet)));
}
customElements.define("berth-terminal", Terminal);
