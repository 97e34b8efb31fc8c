import { html, nothing } from "lit";
import { RowsPage } from "../ui/rows-page.js";
import { Page } from "../ui/page.js";
import { ago, command, empty, facts, failed, fixOf, head, loading, objectLink, state } from "../ui/bits.js";
import { icon } from "../ui/icons.js";
import { keyOf } from "../ui/table.js";
import { pathOf, read, verdict } from "../core/kube.js";
import { nothingYet, rightsIn } from "../core/rights.js";
import { span } from "../core/format.js";
import { to } from "../core/route.js";
import { name, namespace, stateOf } from "./workloads.js";
import "../ui/logview.js";

const lasted = (from, until) => (from ? span(((until ? Date.parse(until) : Date.now()) - Date.parse(from)) / 1000) : "–");

const COLUMNS = [
  name((row) => to("builds", row.namespace, row.name)), namespace, stateOf,
  { name: "For", cell: (row) => (row.app ? html`${objectLink("ModelApp", row.namespace, row.app)} ${row.component}` : row.repository || "–") },
  { name: "Step", cell: (row) => (row.step ? html`<span class="num">${row.step.number}/${row.step.total}</span> <code class="small">${row.step.instruction}</code>` : "–") },
  { name: "Took", end: true, cell: (row) => lasted(row.started, row.completed) },
  { name: "Age", end: true, cell: (row) => ago(row.created) },
];

class Builds extends RowsPage {
  kind = "builds";
  place = ["builds"];
  interval = 2000;

  render() {
    return html`${head({ title: "Builds" })}<div class="stack">${this.rowsView({
      caption: "Builds", columns: COLUMNS, key: keyOf, none: empty("No build yet", "An app whose model or app says build: is built from its folder, or from a commit.", command("berth apply -f manifests/digits")),
    })}</div>`;
  }
}
customElements.define("berth-builds", Builds);

const HEALTH = { Pending: "paused", Running: "working", Succeeded: "ok", Failed: "failing" };
const STEP = { Pending: "unknown", Running: "working", Done: "ok", Failed: "failing" };

class Build extends Page {
  static properties = { build: { state: true }, row: { state: true }, can: { state: true } };
  interval = 4000;

  constructor() {
    super();
    this.can = nothingYet;
  }

  watched() {
    const [, ns, name_] = this.route.parts;
    return [`${pathOf("imagebuilds", ns)}?fieldSelector=metadata.name%3D${encodeURIComponent(name_)}`];
  }

  async load(signal) {
    const [, ns, name_] = this.route.parts;
    [this.build, this.row] = await Promise.all([read("imagebuilds", ns, name_, signal), verdict("builds", ns, name_, signal)]);
    this.can = await rightsIn(ns);
  }

  render() {
    if (this.failure && !this.build) return failed(this.failure);
    if (!this.build) return loading();
    const [, ns, name_] = this.route.parts;
    const { spec, status = {}, metadata } = this.build;
    const app = metadata.labels?.["berth.dev/modelapp"];
    return html`${head({ crumbs: [["Builds", to("builds")]], title: name_, health: HEALTH[status.phase] || "working", word: status.phase || "Pending" })}<div class="stack">
      ${status.failure ? this.failed(status.failure, spec) : nothing}
      <section class="card pad stack" aria-labelledby="steps"><h2 id="steps">Steps</h2>
        ${(status.steps || []).length === 0 ? html`<p class="soft">Not begun yet.</p>` : html`<ol class="steps">${status.steps.map((step) => html`<li>${state(STEP[step.state] || "unknown", step.cached ? "Cached" : step.state)}
          <code>${step.instruction}</code><span class="num soft small end">${step.cached ? "" : step.duration || ""}</span></li>`)}</ol>`}
        ${facts([["For", app ? objectLink("ModelApp", ns, app) : ""], ["Goes to", spec.repository], ["Script", spec.containerScript || "Dockerfile"], ["On node", spec.nodeName ? html`<a href=${to("nodes", spec.nodeName)}>${spec.nodeName}</a>` : "not placed yet"],
          ["Took", lasted(status.startTime, status.completionTime)], ["Image", status.image ? html`<code>${status.image}</code>` : ""]])}</section>
      ${this.can("get", "imagebuilds/log") ? html`<section aria-labelledby="output" class="stack tight"><h2 id="output">Output</h2><berth-logs .sources=${this.sources(ns, name_)}></berth-logs></section>` : nothing}
    </div>`;
  }

  failed(failure, spec) {
    return html`<section class="note failing" aria-label="What went wrong">${icon("failing")}<div><p><strong>${failure.message}</strong></p>
      <p><code>${failure.script || spec.containerScript || "Dockerfile"}:${failure.line}</code> <code>${failure.instruction}</code></p>
      ${(failure.lastOutput || []).length ? html`<pre class="tail">${failure.lastOutput.join("\n")}</pre>` : nothing}${fixOf(this.row?.fix)}</div></section>`;
  }

  /** Opened anew when the build moves to a node: before, there is no output to follow. */
  sources(ns, name_) {
    const key = `${ns}/${name_}/${this.build.spec.nodeName || ""}/${this.build.status?.startTime || ""}`;
    if (key !== this.key) [this.key, this.kept] = [key, this.build.spec.nodeName ? [{ namespace: ns, pod: name_, label: name_, start: key, path: pathOf("imagebuilds", ns, name_, "log") }] : []];
    return this.kept;
  }
}
customElements.define("berth-build", Build);
