import { html, nothing } from "lit";
import { Page } from "../ui/page.js";
import { ago, facts, failed, head, loading, objectLink, state, tabs } from "../ui/bits.js";
import { icon } from "../ui/icons.js";
import { conditions } from "../ui/conditions.js";
import { timeline } from "../ui/events.js";
import { table } from "../ui/table.js";
import { confirm } from "../ui/confirm.js";
import { mergePatch } from "../core/api.js";
import { condition, eventsOf, pathOf, read } from "../core/kube.js";
import { nothingYet, rightsIn } from "../core/rights.js";
import { partsOf, pendingOf, shortRevision, shown } from "../core/gitwords.js";
import { to } from "../core/route.js";
import { objectHealth, SYNC_HEALTH } from "./git.js";
import "../ui/yamledit.js";

/** One repository: what it asks for, what is there, what happened, and the ways to steer it. */
class GitRepo extends Page {
  static properties = { repo: { state: true }, events: { state: true }, can: { state: true }, said: { state: true }, refused: { state: true } };
  interval = 6000;

  constructor() {
    super();
    this.events = [];
    this.can = nothingYet;
  }

  get where() {
    return this.route.parts.slice(1, 3);
  }

  watched() {
    const [namespace, name] = this.where;
    return [`${pathOf("gitrepositories", namespace)}?fieldSelector=metadata.name%3D${encodeURIComponent(name)}`];
  }

  async load(signal) {
    const [namespace, name] = this.where;
    [this.repo, this.events] = await Promise.all([read("gitrepositories", namespace, name, signal), eventsOf(namespace, "GitRepository", name, signal)]);
    this.can = await rightsIn(namespace);
  }

  render() {
    if (this.failure && !this.repo) return failed(this.failure);
    if (!this.repo) return loading();
    const [namespace, name] = this.where;
    const tab = this.route.parts[3] || "overview";
    const ready = condition(this.repo, "Ready");
    const suspended = this.repo.spec.suspend === true;
    const link = (id) => to("git", namespace, name, ...(id ? [id] : []));
    return html`${head({
        crumbs: [["GitOps", to("git")], [namespace, to("git")]], title: name,
        health: suspended ? "paused" : ready?.status === "True" ? "ok" : ready?.status === "False" ? "failing" : "working",
        word: suspended ? "Suspended" : ready?.status === "True" ? "Ready" : ready?.reason || "Working",
        actions: this.can("patch", "gitrepositories", name) ? this.actions(suspended) : nothing,
      })}
      <div role="status">${this.said ? html`<div class="note ok">${icon("ok")}<p>${this.said}</p></div>` : nothing}</div>
      ${this.refused ? html`<div class="note failing" role="alert">${icon("failing")}<p>${this.refused}</p></div>` : nothing}
      ${tabs("Views of this repository", tab, [["overview", "Overview", link()], ["history", "History", link("history")], ["yaml", "YAML", link("yaml")]])}
      ${tab === "history" ? this.history(name)
        : tab === "yaml" ? html`<berth-yaml resource="gitrepositories" .namespace=${namespace} .name=${name} .may=${this.can("update", "gitrepositories", name)}></berth-yaml>`
        : this.overview(ready)}`;
  }

  actions(suspended) {
    return html`<button class="primary" @click=${this.sync} ?disabled=${suspended}>${icon("working")}Sync now</button>
      <button @click=${() => this.patch({ spec: { suspend: !suspended } }, suspended ? "Goes on." : "Suspended: nothing is changed until it goes on.")}>${icon(suspended ? "play" : "paused")}${suspended ? "Go on" : "Suspend"}</button>`;
  }

  overview(ready) {
    const { spec, status = {} } = this.repo;
    const synced = condition(this.repo, "Synced");
    const healthy = condition(this.repo, "Healthy");
    const sync = synced?.status === "True" ? "Synced" : synced?.status === "False" ? "OutOfSync" : "Unknown";
    const health = healthy?.status === "True" ? "Healthy" : healthy?.reason || "Unknown";
    const { source, summary, lastCheck } = status;
    return html`<div class="stack">
      ${ready?.status === "False" && ready.message ? html`<section class="note ${spec.suspend ? "paused" : "failing"}" aria-label="What is wrong">${icon(spec.suspend ? "paused" : "failing")}<div><p><strong>${ready.message}</strong></p></div></section>` : nothing}
      <section class="card pad stack" aria-label="State">
        <ol class="way big"><li>${icon("git")}<span><code>${shortRevision(source?.revision) || "not fetched yet"}</code> <span class="soft small">found</span></span></li>
          <li>${state(SYNC_HEALTH[sync], sync)}<code>${shortRevision(status.appliedRevision) || "–"}</code></li><li>${state(objectHealth(health), health)}${summary ? html`<span class="num">${summary.healthy ?? 0} of ${summary.total ?? 0} objects</span>` : nothing}</li></ol>
        ${source?.subject ? html`<p><strong>${source.subject}</strong> <span class="soft">${source.author} ${source.committedAt ? html`${ago(source.committedAt)} ago` : nothing}</span></p>` : nothing}
        ${facts([["From", html`<code>${spec.url}</code>`], ["Ref", Object.entries(spec.ref || {}).map((pair) => pair.join(" ")).join(", ") || "the remote's HEAD"], ["Path", spec.path], ["Mode", spec.sync?.mode || "auto"],
          ["Asked", lastCheck?.time ? html`${ago(lastCheck.time)} ago${lastCheck.duration ? ` in ${lastCheck.duration}` : ""}` : ""], ["Last healthy", shortRevision(status.healthyRevision)], ["Left out", (status.skippedRevisions || []).map(shortRevision).join(", ")]])}</section>
      ${this.pending(status)}
      <section class="card" aria-labelledby="objects"><h2 class="pad" id="objects">Objects</h2>${this.objects(status.resources || [])}</section>
      <div class="columns"><section class="card" aria-labelledby="lately"><h2 class="pad" id="lately">Events</h2>${timeline(this.events)}</section>
        <section class="card pad" aria-labelledby="conds"><h2 id="conds">Conditions</h2>${conditions(status.conditions)}</section></div></div>`;
  }

  pending(status) {
    const pending = pendingOf(status.pendingDiff);
    const confirmations = status.pendingConfirmations || [];
    if (pending.length === 0 && confirmations.length === 0) return nothing;
    return html`<section class="card pad stack tight" aria-labelledby="pending"><h2 id="pending">What a sync would change</h2>
      <ul class="pending">${pending.map(({ verb, ref, changes }) => html`<li class=${verb}><span class="verb">${{ create: "+ create", update: "~ change", delete: "− delete" }[verb]}</span><div><code>${ref}</code>
        ${changes.length ? html`<ul class="changes">${changes.map((one) => html`<li><code>${one.path}</code> <del>${shown(one.from)}</del> <span class="soft" aria-hidden="true">→</span> <ins>${shown(one.to)}</ins></li>`)}</ul>` : nothing}</div></li>`)}</ul>
      ${confirmations.length ? html`<div class="note warning">${icon("warning")}<div><p>Waits for somebody to agree:</p><ul>${confirmations.map((one) => html`<li><code>${one}</code></li>`)}</ul>
        ${this.can("patch", "gitrepositories", this.where[1]) ? html`<div><button class="danger" @click=${this.agree}>Delete these</button></div>` : nothing}</div></div>` : nothing}</section>`;
  }

  objects(resources) {
    if (resources.length === 0) return html`<p class="soft pad">None yet.</p>`;
    return table("Objects of this repository", [
      { name: "Object", lead: true, cell: (one) => { const { kind, namespace, name } = partsOf(one.ref); return html`<span class="soft small">${kind} ${namespace ? `${namespace}/` : ""}</span>${objectLink(kind, namespace, name)}`; } },
      { name: "Sync", cell: (one) => state(SYNC_HEALTH[one.sync], one.sync) },
      { name: "Health", cell: (one) => html`${state(objectHealth(one.health), one.health)}${one.message ? html`<p class="small soft">${one.message}</p>` : nothing}` },
      { name: "Wave", end: true, cell: (one) => one.wave ?? 0 },
    ], resources, (one) => one.ref);
  }

  history(name) {
    const rows = this.repo.status?.history || [];
    if (rows.length === 0) return html`<section class="card"><p class="soft pad">No sync yet.</p></section>`;
    const may = this.can("patch", "gitrepositories", name);
    const current = this.repo.status?.appliedRevision;
    return html`<section class="card" aria-label="History">${table("Syncs, newest first", [
      { name: "Revision", lead: true, cell: (one) => html`<code title=${one.revision}>${shortRevision(one.revision)}</code>` },
      { name: "Result", cell: (one) => html`${state(resultHealth(one.result), one.result)}${one.message ? html`<p class="small soft">${one.message}</p>` : nothing}` },
      { name: "When", cell: (one) => ago(one.startedAt) }, { name: "Took", end: true, cell: (one) => one.duration || "–" }, { name: "By", cell: (one) => one.by || "–" },
      { name: "Go back", cell: (one) => (may && one.revision !== current && resultHealth(one.result) === "ok" ? html`<button class="small" @click=${() => this.rollback(one.revision)} aria-label=${`Roll back to ${shortRevision(one.revision)}`}>${icon("undo")}Roll back</button>` : one.revision === current ? "runs now" : "–") },
    ], rows, (one) => `${one.revision}/${one.startedAt}`)}</section>`;
  }

  sync = () => this.patch({ metadata: { annotations: { "berth.dev/sync-requested": `dashboard ${new Date().toISOString()}` } } }, "Asked for a sync.");

  async rollback(revision) {
    const text = `Everything goes back to ${shortRevision(revision)}. The commit that is left is not tried again; the next new commit is.`;
    if (await confirm({ title: "Roll back?", text, yes: "Roll back" })) {
      await this.patch({ metadata: { annotations: { "berth.dev/rollback-to": revision } } }, `Rolling back to ${shortRevision(revision)}.`);
    }
  }

  agree = async () => {
    const { source, pendingConfirmations = [] } = this.repo.status || {};
    if (await confirm({ title: `Delete ${pendingConfirmations.length}?`, text: `This deletes ${pendingConfirmations.join(", ")}. It cannot be undone.`, yes: "Delete" })) {
      await this.patch({ metadata: { annotations: { "berth.dev/confirm-prune": source?.revision } } }, "Agreed; the next sync deletes them.");
    }
  };

  async patch(change, said) {
    this.said = this.refused = undefined;
    try {
      this.repo = await mergePatch(`${pathOf("gitrepositories", ...this.where)}?fieldManager=dashboard`, change);
      this.said = said;
      this.refresh();
    } catch (failure) {
      this.refused = failure.message;
    }
  }
}

const resultHealth = (result = "") => (/^(succe|synced|healthy|applied|ok|rolledback)/i.test(result) ? "ok" : /^(running|progress|waiting)/i.test(result) ? "working" : /^(cancel|superseded|suspend)/i.test(result) ? "paused" : "failing");
customElements.define("berth-gitrepo", GitRepo);
