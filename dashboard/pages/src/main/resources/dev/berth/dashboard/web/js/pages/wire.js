import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Page } from "../ui/page.js";
import { command, fixOf, loading, objectLink, ago } from "../ui/bits.js";
import { icon } from "../ui/icons.js";
import { headline } from "../core/words.js";
import { plural, rate } from "../core/format.js";
import { to } from "../core/route.js";
import { wireCard } from "./wire-card.js";

const PLENTY = 6;

/** Home: one look says what is wrong, where, and the fix. */
class Wire extends Page {
  static properties = { filter: { state: true }, only: { state: true }, all: { state: true } };

  render() {
    const summary = this.summary;
    if (!summary) return loading();
    const head = headline(summary);
    return html`<div class="stack home">
      <header class="hello"><span class="seal ${head.health}">${icon(head.health)}</span>
        <div><h1>${head.text}</h1>${this.clusterLine(summary)}</div></header>
      ${this.troubles(summary)} ${summary.appsTotal === 0 ? nothingYet() : this.apps(summary)}
    </div>`;
  }

  clusterLine({ cluster, apps }) {
    const measured = apps.map((app) => app.endpoint?.rps).filter((value) => value != null);
    const total = measured.reduce((sum, value) => sum + value, 0);
    return html`<p class="soft num clusterline">
      ${cluster.nodes ? html`<a href=${to("nodes")}>${cluster.nodes.ready} of ${cluster.nodes.total} ${cluster.nodes.total === 1 && cluster.nodes.ready === 1 ? "node" : "nodes"} ready</a>` : nothing}
      ${cluster.pods ? html`<a href=${to("workloads")}>${podLine(cluster.pods)}</a>` : nothing}
      ${measured.length ? html`<span>${rate(total)} requests a second</span>` : nothing}
    </p>`;
  }

  /** What concerns no app that is drawn below, or would be lost among many. */
  troubles({ problems, apps }) {
    const drawn = new Set(apps.filter((app) => app.message || app.fix).map((app) => `${app.namespace}/${app.name}`));
    const rest = problems.filter((one) => !(one.kind === "ModelApp" && drawn.has(`${one.namespace}/${one.name}`)));
    if (rest.length === 0) return nothing;
    const shown = this.all ? rest : rest.slice(0, 4);
    return html`<section class="card troubles" aria-labelledby="troubles"><h2 id="troubles">Needs a look</h2>
      <ul>${repeat(shown, (one) => `${one.kind}/${one.namespace}/${one.name}/${one.what}`, trouble)}</ul>
      ${rest.length > shown.length ? html`<button class="quiet" @click=${() => (this.all = true)}>Show ${rest.length - shown.length} more</button>` : nothing}
    </section>`;
  }

  apps({ apps, appsTotal, now, builds }) {
    const running = (builds || []).filter((build) => build.health === "working" && build.app);
    const of = (app) => running.filter((build) => build.app === app.name && build.namespace === app.namespace);
    const wanted = (this.filter || "").toLowerCase();
    const shown = apps
      .filter((app) => !wanted || `${app.namespace}/${app.name} ${app.word} ${app.model?.image || ""}`.toLowerCase().includes(wanted))
      .filter((app) => !this.only || app.health !== "ok");
    const time = Date.parse(now) / 1000;
    return html`${apps.length >= PLENTY ? this.filters(apps) : nothing}
      <div class="wires ${shown.length > 20 ? "many" : ""}">${repeat(shown, (app) => `${app.namespace}/${app.name}`, (app) => wireCard(app, time, of(app)))}</div>
      ${shown.length === 0 ? html`<p class="soft">No app matches.</p>` : nothing}
      ${appsTotal > apps.length ? html`<p class="soft">The ${apps.length} that need you most, of ${appsTotal}. <a href=${to("workloads")}>All workloads</a></p>` : nothing}`;
  }

  filters(apps) {
    const bad = apps.filter((app) => app.health !== "ok").length;
    return html`<div class="row filters" role="search">
      <label class="searchbox">${icon("search")}<span class="unseen">Filter apps</span>
        <input type="search" placeholder="Filter apps" aria-keyshortcuts="/" @input=${(event) => (this.filter = event.target.value)} /></label>
      <label class="row tight small"><input type="checkbox" @change=${(event) => (this.only = event.target.checked)} />Only what is not ready (${bad})</label>
    </div>`;
  }
}

const podLine = (pods) =>
  [
    plural(pods.running, "pod") + " running",
    pods.waiting ? `${pods.waiting} waiting` : "",
    pods.failing ? `${pods.failing} failing` : "",
  ].filter(Boolean).join(", ");

const trouble = (one) => html`<li class="trouble ${one.severity === "error" ? "failing" : "warning"}">
  ${icon(one.severity === "error" ? "failing" : "warning")}
  <div><p><span class="soft">${one.kind} ${one.namespace ? `${one.namespace}/` : ""}</span><strong>${objectLink(one.kind, one.namespace, one.name)}</strong>
    <span class="soft small">${one.since ? html`since ${ago(one.since)}` : nothing}</span></p>
    <p><span class="unseen">${one.severity}: </span>${one.what}</p>${(one.log || []).length ? html`<pre class="tail">${one.log.join("\n")}</pre>` : nothing}${fixOf(one.fix)}</div></li>`;

const nothingYet = () => html`<section class="card welcome stack">
  <div class="still" aria-hidden="true">${icon("model")}<i></i>${icon("endpoint")}<i></i>${icon("app")}</div>
  <div><h2>Moor your first model</h2>
  <p class="soft">A ModelApp is a model, an app, and the wire between them. Write one to a file, or take the example: handwritten digits.</p></div>
  ${command("berth apply -f manifests/digits")}
  <p class="soft small">It appears on this page while it is being built. To have it follow a Git repository, see <a href=${to("git")}>GitOps</a>.</p>
</section>`;

customElements.define("berth-wire", Wire);
