import { html, nothing } from "lit";
import { RowsPage } from "../ui/rows-page.js";
import { Page } from "../ui/page.js";
import { ago, command, empty, facts, failed, fixOf, head, loading, state, wrong } from "../ui/bits.js";
import { conditions } from "../ui/conditions.js";
import { timeline } from "../ui/events.js";
import { table } from "../ui/table.js";
import { eventsOf, list, orHidden, podWord, read, restartsOf, verdict } from "../core/kube.js";
import { bytes, cpu, memory, quantity, share } from "../core/format.js";
import { to } from "../core/route.js";

/** A share as a bar and in words; over 90 % it says so with its colour and its figure. */
const meter = (name, used, whole, format) => {
  const part = used != null && whole > 0 ? used / whole : 0;
  return html`<div class="meter"><span class="row spread small"><span class="soft">${name}</span><span class="num">${format(used)} of ${format(whole)} · ${share(used, whole)}</span></span>
    <span class="bar ${part > 0.95 ? "full" : part > 0.8 ? "high" : ""}"><i .style=${`inline-size:${Math.min(100, 100 * part).toFixed(1)}%`}></i></span></div>`;
};

const cores = (value) => (value == null ? "–" : String(Math.round(value * 100) / 100));

class Nodes extends RowsPage {
  kind = "nodes";
  place = ["nodes"];

  render() {
    if (this.failure && !this.answer) return failed(this.failure);
    if (!this.answer) return loading();
    const { rows: found } = this.answer;
    return html`${head({ title: "Nodes" })}<div class="stack">
      ${found.length > 6 || this.query.q ? this.bar() : nothing}
      ${found.length === 0 ? empty("No node yet", "A node joins when its agent runs.", command("berth agent --help")) : html`<ul class="tiles">${found.map((node) => this.tile(node))}</ul>`}</div>`;
  }

  tile(node) {
    return html`<li class="card pad stack tight"><div class="row spread"><h2><a href=${to("nodes", node.name)}>${node.name}</a></h2>${state(node.health, node.word)}</div>
      ${node.message && node.health !== "ok" ? html`<p class="small">${node.message}</p>${fixOf(node.fix)}` : nothing}
      ${meter("CPU asked for", node.cpu?.requested, node.cpu?.allocatable, cores)}
      ${meter("Memory asked for", node.memory?.requested, node.memory?.allocatable, bytes)}
      ${meter("Pods", node.pods?.running, node.pods?.capacity, (value) => String(value ?? "–"))}
      <p class="small soft">${[node.arch, node.kernel, node.version].filter(Boolean).join(" · ")}</p></li>`;
  }
}
customElements.define("berth-nodes", Nodes);

class Node extends Page {
  static properties = { node: { state: true }, row: { state: true }, pods: { state: true }, events: { state: true } };

  get name() {
    return this.route.parts[1];
  }

  async load(signal) {
    const [node, found, pods, events] = await Promise.all([
      read("nodes", "", this.name, signal),
      verdict("nodes", "", this.name, signal),
      orHidden(list("pods", "", { fields: `spec.nodeName=${this.name}`, signal }).then((found) => found.items)),
      eventsOf("", "Node", this.name, signal),
    ]);
    this.row = found;
    [this.node, this.pods, this.events] = [node, pods, events];
  }

  render() {
    if (this.failure && !this.node) return failed(this.failure);
    if (!this.node) return loading();
    const { status = {}, metadata } = this.node;
    const info = status.nodeInfo || {};
    return html`${head({ crumbs: [["Nodes", to("nodes")]], title: this.name, health: this.row?.health, word: this.row?.word })}
      <div class="stack">
        ${this.row ? wrong(this.row) : nothing}
        <section class="card pad stack" aria-label="Capacity">${this.row ? html`<div class="halves">${meter("CPU asked for", this.row.cpu?.requested, this.row.cpu?.allocatable, cores)}${meter("Memory asked for", this.row.memory?.requested, this.row.memory?.allocatable, bytes)}</div>` : nothing}
          ${facts([["CPU", cpu(status.capacity?.cpu)], ["Memory", memory(status.capacity?.memory)], ["Pods", status.capacity?.pods], ["Storage", status.capacity?.["ephemeral-storage"] ? bytes(quantity(status.capacity["ephemeral-storage"])) : ""],
            ["Address", (status.addresses || []).map((one) => one.address).join(", ")], ["Kernel", info.kernelVersion], ["System", info.osImage], ["Agent", info.kubeletVersion], ["Joined", ago(metadata.creationTimestamp)]])}</section>
        <section class="card" aria-labelledby="pods"><h2 class="pad" id="pods">Pods on it</h2>${this.pods.hidden ? html`<p class="soft pad">Hidden from you: you may not list the pods of all namespaces.</p>` : this.pods.length === 0 ? html`<p class="soft pad">None.</p>` : table("Pods on this node", [
          { name: "Pod", lead: true, cell: (pod) => html`<a href=${to("pods", pod.metadata.namespace, pod.metadata.name)}>${pod.metadata.name}</a>` },
          { name: "Namespace", cell: (pod) => pod.metadata.namespace },
          { name: "State", cell: (pod) => state(podWord(pod).health, podWord(pod).word) },
          { name: "Restarts", end: true, cell: restartsOf },
          { name: "Age", end: true, cell: (pod) => ago(pod.metadata.creationTimestamp) },
        ], this.pods, (pod) => pod.metadata.uid)}</section>
        <div class="columns"><section class="card pad" aria-labelledby="conds"><h2 id="conds">Conditions</h2>${conditions(status.conditions)}</section>
          <section class="card" aria-labelledby="lately"><h2 class="pad" id="lately">Events</h2>${timeline(this.events)}</section></div>
      </div>`;
  }
}
customElements.define("berth-node", Node);
