import { html, nothing } from "lit";
import { Page } from "../ui/page.js";
import { chip, empty, failed, head, loading } from "../ui/bits.js";
import { table } from "../ui/table.js";
import { get, send } from "../core/api.js";
import { to, withQuery } from "../core/route.js";

/** Who may do what in a namespace: what the viewer may, and, for who may read it, everybody. */
class Access extends Page {
  static properties = { own: { state: true }, all: { state: true }, refused: { state: true }, namespaces: { state: true } };
  interval = 15_000;

  get namespace() {
    return this.route.query.get("namespace") || "default";
  }

  willUpdate(changes) {
    if (changes.has("route") && changes.get("route")) this.refresh();
  }

  async load(signal) {
    const { namespace } = this;
    const review = await send("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } }, "application/json", { signal });
    const names = await get("/api/v1/namespaces?limit=200", { signal }).then((list) => list.items.map((one) => one.metadata.name), () => [namespace]);
    [this.own, this.namespaces] = [review.status?.resourceRules || [], names];
    try {
      this.all = (await get(`/ui/api/access?namespace=${encodeURIComponent(namespace)}`, { signal })).entries;
      this.refused = undefined;
    } catch (failure) {
      if (failure.status !== 403) throw failure;
      this.all = undefined;
      this.refused = failure;
    }
  }

  render() {
    if (this.failure && !this.own) return failed(this.failure);
    if (!this.own) return loading();
    const go = (event) => (location.hash = withQuery(to("access"), { namespace: event.target.value }));
    const names = [...new Set([this.namespace, ...this.namespaces])].sort();
    return html`${head({ title: "Access", actions: html`<label class="row tight">Namespace <select @change=${go}>${names.map((name) => html`<option ?selected=${name === this.namespace}>${name}</option>`)}</select></label>` })}
      <div class="stack"><section class="card" aria-labelledby="you"><h2 class="pad" id="you">What you may do in ${this.namespace}</h2>
          ${this.own.length === 0 ? html`<p class="soft pad">Nothing. Somebody with rights here can give you some: <code>kubectl create rolebinding</code>.</p>` : rules(this.own.map((rule) => ({ verbs: rule.verbs, groups: rule.apiGroups, resources: rule.resources, names: rule.resourceNames })), "Your rights")}</section>
        ${this.all ? this.everybody() : this.refused ? html`<p class="soft">Who else may do what is for those who may list bindings: ${this.refused.message}</p>` : nothing}</div>`;
  }

  everybody() {
    if (this.all.length === 0) return empty("Nobody else", "No binding gives anybody rights in this namespace.");
    return html`<section class="card" aria-labelledby="who"><h2 class="pad" id="who">Who may do what</h2>${table("Who may do what", [
      { name: "Who", lead: true, cell: (one) => html`<div class="subject"><span class="soft small">${one.subject.kind} ${one.subject.namespace ? `${one.subject.namespace}/` : ""}</span>${one.subject.name}</div>` },
      { name: "As", cell: (one) => html`<span class="soft small">${one.role.kind} </span>${one.role.name}` },
      { name: "By", cell: (one) => html`<span class="soft small">${one.binding.kind} </span>${one.binding.name}` },
      { name: "May", cell: (one) => !one.rules?.length ? html`<span class="soft small">none, or hidden from you</span>` : html`<details><summary class="keep">${one.rules.length} ${one.rules.length === 1 ? "rule" : "rules"}</summary><ul class="small">${one.rules.map((rule) => html`<li><strong>${(rule.verbs || []).join(", ")}</strong> ${(rule.resources || []).join(", ")} ${(rule.names || []).length ? html`<span class="soft">named ${rule.names.join(", ")}</span>` : nothing}</li>`)}</ul></details>` },
    ], this.all, (one) => `${one.binding.kind}/${one.binding.name}/${one.subject.kind}/${one.subject.namespace}/${one.subject.name}`)}</section>`;
  }
}

const rules = (list, caption) =>
  table(caption, [
    { name: "Kinds", lead: true, cell: (rule) => (rule.resources || []).map((kind) => (kind === "*" ? "every kind" : kind)).join(", ") },
    { name: "Group", cell: (rule) => (rule.groups || []).map((group) => (group === "*" ? "every group" : group || "core")).join(", ") },
    { name: "Verbs", cell: (rule) => html`<span class="row tight">${(rule.verbs || []).map((verb) => chip(verb === "*" ? "everything" : verb))}</span>` },
    { name: "Only", cell: (rule) => (rule.names || []).join(", ") || "all" },
  ], list, (rule) => JSON.stringify(rule));
customElements.define("berth-access", Access);
