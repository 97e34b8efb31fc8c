import { LitElement, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { icon } from "./icons.js";
import { pathOf, readLines } from "../core/kube.js";
import { KEPT, LONGEST_LINE, Ring, markOf, matching, readLine } from "../core/loglines.js";

const SHOWN = 1200;
const AT_ONCE = 24;
const QUIET = 200;

/**
 * Logs of one or many pods as one stream.
 * `sources`: [{namespace, pod, container, label, path?}]; a stream that ends is opened again by the next
 * set of sources only when its pod has a new start.
 */
class Logs extends LitElement {
  static properties = {
    sources: { attribute: false },
    words: { state: true },
    level: { state: true },
    paused: { state: true },
    wrap: { state: true },
    previous: { state: true },
    unseen: { state: true },
    tick: { state: true },
  };

  streams = new Map();
  ring = new Ring();
  follow = true;

  constructor() {
    super();
    this.words = this.level = "";
    this.wrap = true;
    this.unseen = new Set();
  }

  createRenderRoot() {
    return this;
  }

  willUpdate(changes) {
    if (changes.has("sources")) this.tune();
  }

  /** Opens what is new, closes what is gone: one pod less does not lose the others' lines. */
  tune() {
    const wanted = new Map((this.sources || []).slice(0, AT_ONCE).map((source) => [this.keyOf(source), source]));
    for (const [key, stop] of this.streams) {
      if (!wanted.has(key)) {
        stop.abort();
        this.streams.delete(key);
      }
    }
    for (const [key, source] of wanted) if (!this.streams.has(key)) this.open(key, source);
  }

  keyOf = (source) => `${source.namespace}/${source.pod}/${source.container || ""}/${source.start || ""}/${this.previous || ""}`;

  async open(key, source) {
    const stop = new AbortController();
    this.streams.set(key, stop);
    const query = new URLSearchParams({ timestamps: "true", tailLines: "400", ...(this.previous ? { previous: "true" } : { follow: "true" }) });
    if (source.container) query.set("container", source.container);
    try {
      await readLines(`${source.path || pathOf("pods", source.namespace, source.pod, "log")}?${query}`, stop.signal, (text) => this.take(readLine(text, source.label)), LONGEST_LINE);
    } catch (failure) {
      if (failure.name !== "AbortError") this.take({ time: "", text: failure.message, source: source.label, level: "note" });
    }
  }

  take(line) {
    this.ring.add(line);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (!this.paused) this.tick = this.ring.serial;
    }, QUIET);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const stop of this.streams.values()) stop.abort();
    this.streams.clear();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) this.tune();
  }

  updated() {
    const paper = this.querySelector(".paper");
    if (this.follow && paper) paper.scrollTop = paper.scrollHeight;
  }

  render() {
    if (!this.paused) this.shown = matching(this.ring.lines, { words: this.words, level: this.level, hidden: this.unseen });
    const lines = (this.shown || []).slice(-SHOWN);
    const labels = [...new Set((this.sources || []).map((source) => source.label))];
    return html`<div class="logs card">
      <div class="row logbar" role="search">
        <label class="searchbox">${icon("search")}<span class="unseen">Search in the lines</span>
          <input type="search" placeholder="Search in the lines" .value=${this.words} @input=${(event) => (this.words = event.target.value)} /></label>
        <label><span class="unseen">Level</span><select @change=${(event) => (this.level = event.target.value)}>
          <option value="">All levels</option><option value="warning">Warnings and errors</option><option value="error">Errors</option></select></label>
        <button aria-pressed=${this.paused ? "true" : "false"} @click=${() => (this.paused = !this.paused)}>${icon(this.paused ? "play" : "paused")}${this.paused ? "Go on" : "Pause"}</button>
        <label class="row tight small"><input type="checkbox" ?checked=${this.wrap} @change=${(event) => (this.wrap = event.target.checked)} />Wrap</label>
        <label class="row tight small"><input type="checkbox" @change=${(event) => this.before(event.target.checked)} />Before the last restart</label>
        <button class="quiet push" @click=${this.download}>${icon("down")}Download</button>
      </div>
      ${labels.length > 1 ? this.legend(labels) : nothing}
      <div class="paper ${this.wrap ? "wrap" : ""}" role="region" aria-label="Log lines" tabindex="0" @scroll=${this.scrolled}>
        ${lines.length === 0 ? html`<p class="soft pad">${this.ring.lines.length ? "No line matches." : "No line yet."}</p>` : nothing}
        ${repeat(lines, (line) => line.id, (line) => this.line(line, labels.length > 1))}
      </div>
      <p class="small soft num logfoot">${this.count()}</p>
    </div>`;
  }

  legend(labels) {
    return html`<ul class="row legend small" aria-label="Pods">${labels.map(
      (label) => html`<li><label class="row tight"><input type="checkbox" ?checked=${!this.unseen.has(label)} @change=${() => this.toggle(label)} />
        <span class="podmark m${markOf(label)}">${label}</span></label></li>`,
    )}</ul>`;
  }

  line = (line, many) => html`<div class="logline ${line.level}"><span class="at num" title=${line.time}>${line.time.slice(11, 19)}</span>${many
      ? html`<span class="podmark m${markOf(line.source)} cut" title=${line.source}>${line.source}</span>`
      : nothing}${line.level === "error" || line.level === "warning" ? html`<span class="unseen">${line.level}: </span>` : nothing}<span class="text">${line.text}</span></div>`;

  count() {
    const all = this.ring.lines.length;
    const more = (this.sources || []).length > AT_ONCE ? ` Lines of the first ${AT_ONCE} of ${this.sources.length} pods.` : "";
    const kept = this.ring.dropped ? ` The last ${KEPT} are kept.` : "";
    return `${this.shown?.length === all ? all : `${this.shown?.length ?? 0} of ${all}`} lines.${kept}${more}`;
  }

  toggle(label) {
    const next = new Set(this.unseen);
    next.delete(label) || next.add(label);
    this.unseen = next;
  }

  before(previous) {
    this.previous = previous;
    this.ring.clear();
    this.tune();
  }

  /** Following stops when somebody scrolls up, and goes on at the end. */
  scrolled(event) {
    const { scrollTop, scrollHeight, clientHeight } = event.target;
    this.follow = scrollHeight - scrollTop - clientHeight < 24;
  }

  download() {
    const text = matching(this.ring.lines, { words: this.words, level: this.level, hidden: this.unseen }).map((line) => `${line.time} ${line.source} ${line.text}\n`);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(text, { type: "text/plain" }));
    link.download = "berth-logs.txt";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}
customElements.define("berth-logs", Logs);
