import { html, nothing } from "lit";
import { Page } from "../ui/page.js";
import { failed, head, loading, outLink, tabs } from "../ui/bits.js";
import { icon } from "../ui/icons.js";
import { timeline } from "../ui/events.js";
import { eventsAbout, list, orHidden, pathOf, read, rows } from "../core/kube.js";
import { nothingYet, rightsIn } from "../core/rights.js";
import { condition } from "../core/kube.js";
import { to, withQuery } from "../core/route.js";
import { overview } from "./app-overview.js";
import "./app-try.js";
import "../ui/logview.js";
import "../ui/yamledit.js";

/** One ModelApp: how it is wired, what holds it back, and ways to try, read and change it. */
class App extends Page {
  static properties = { app: { state: true }, pods: { state: true }, events: { state: true }, deployments: { state: true }, can: { state: true } };

  constructor() {
    super();
    // Not class fields: those would hide the accessors that make lit render.
    this.pods = this.events = this.deployments = [];
    this.can = nothingYet;
  }

  get namespace() {
    return this.route.parts[1];
  }

  get name() {
    return this.route.parts[2];
  }

  interval = 6000;

  watched() {
    const { namespace, name } = this;
    const labels = encodeURIComponent(`berth.dev/modelapp=${name}`);
    return [`${pathOf("modelapps", namespace)}?fieldSelector=metadata.name%3D${encodeURIComponent(name)}`, `${pathOf("pods", namespace)}?labelSelector=${labels}`];
  }

  async load(signal) {
    const { namespace, name } = this;
    const labels = `berth.dev/modelapp=${name}`;
    const [app, pods, deployments, told] = await Promise.all([
      read("modelapps", namespace, name, signal),
      orHidden(list("pods", namespace, { labels, signal }).then((found) => found.items)),
      orHidden(list("deployments", namespace, { labels, signal }).then((found) => found.items)),
      orHidden(rows("pods", { namespace, q: name }, signal).then((found) => found.rows)),
    ]);
    this.app = app;
    this.pods = pods;
    this.told = new Map(told.map((row) => [row.name, row]));
    this.deployments = deployments;
    const names = new Set([name, ...this.pods.map((pod) => pod.metadata.name), ...this.deployments.map((one) => one.metadata.name)]);
    this.events = await eventsAbout(namespace, name, (about) => names.has(about.name), signal);
    this.can = await rightsIn(namespace);
  }

  render() {
    if (this.failure && !this.app) return failed(this.failure);
    if (!this.app) return loading();
    const row = (this.summary?.apps || []).find((one) => one.namespace === this.namespace && one.name === this.name);
    const ready = condition(this.app, "Ready");
    const tab = this.route.parts[3] || "overview";
    return html`${head({
        crumbs: [["The wire", "#/"], [this.namespace, withQuery(to("workloads"), { namespace: this.namespace })]],
        title: this.name,
        health: row ? row.health : ready?.status === "True" ? "ok" : "working",
        word: row ? row.word : ready?.status === "True" ? "Ready" : ready?.reason,
        actions: this.app.status?.url ? html`<span class="button">${icon("out")}${outLink(this.app.status.url, "Open the app")}</span>` : nothing,
      })}
      ${tabs("Views of this app", tab, this.tabs())}
      ${this.failure ? failed(this.failure) : nothing} ${this.view(tab, row)}`;
  }

  tabs() {
    const at = (id) => to("apps", this.namespace, this.name, ...(id === "overview" ? [] : [id]));
    const names = { overview: "Overview", ...(this.can("create", "modelapps/call") ? { try: "Try it" } : {}), ...(this.can("get", "pods/log") ? { logs: "Logs" } : {}), events: "Events", yaml: "YAML" };
    return Object.entries(names).map(([id, name]) => [id, name, at(id)]);
  }

  view(tab, row) {
    const { namespace, name } = this;
    if (tab === "try") return html`<berth-try .namespace=${namespace} .name=${name} .app=${this.app}></berth-try>`;
    if (tab === "logs") return html`<berth-logs .sources=${this.sources()}></berth-logs>`;
    if (tab === "events") return html`<section class="card" aria-label="Events">${timeline(this.events, { subject: true })}</section>`;
    if (tab === "yaml") return html`<berth-yaml resource="modelapps" .namespace=${namespace} .name=${name} .may=${this.can("update", "modelapps", name)} @applied=${this.refresh}></berth-yaml>`;
    return overview({ app: this.app, row, pods: this.pods, told: this.told, deployments: this.deployments, events: this.events, now: Date.parse(this.summary?.now) / 1000 || Date.now() / 1000 });
  }

  /** The same array while the pods are the same, so that streams stay open over polls. */
  sources() {
    const next = this.pods.flatMap((pod) =>
      pod.spec.containers.map((container) => ({
        namespace: pod.metadata.namespace, pod: pod.metadata.name, container: container.name, label: pod.metadata.name,
        start: pod.status?.containerStatuses?.find((one) => one.name === container.name)?.restartCount ?? 0,
      })),
    );
    const key = JSON.stringify(next);
    if (key !== this.sourcesKey) [this.sourcesKey, this.kept] = [key, next];
    return this.kept;
  }
}
customElements.define("berth-app", App);
