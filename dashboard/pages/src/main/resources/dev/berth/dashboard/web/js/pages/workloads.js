import { html, nothing } from "lit";
import { RowsPage } from "../ui/rows-page.js";
import { ago, command, empty, head, objectLink, state, tabs } from "../ui/bits.js";
import { keyOf } from "../ui/table.js";
import { to, withQuery } from "../core/route.js";

export const name = (link) => ({ name: "Name", lead: true, cell: (row) => html`<a href=${link(row)}>${row.name}</a>` });
export const namespace = { name: "Namespace", cell: (row) => row.namespace };
export const stateOf = {
  name: "State",
  cell: (row) => html`${state(row.health, row.word)}${row.message && row.health !== "ok" ? html`<p class="small soft">${row.message}</p>` : nothing}${(row.log || []).length && row.health !== "ok" ? html`<pre class="tail small">${row.log.join("\n")}</pre>` : nothing}`,
};
export const made = { name: "Age", end: true, cell: (row) => ago(row.created || row.since) };

const part = (row) => (row.app ? html`${objectLink("ModelApp", row.namespace, row.app)} ${row.component}` : row.owner ? `${row.owner.kind} ${row.owner.name}` : "–");
const replicas = ({ ready, desired } = {}) => html`<span class="num">${ready ?? "–"}/${desired ?? "–"}</span>`;

const KINDS = {
  pods: {
    title: "Pods",
    columns: [
      name((row) => to("pods", row.namespace, row.name)), namespace, stateOf,
      { name: "Part of", cell: part },
      { name: "Node", cell: (row) => (row.node ? html`<a class="keep" href=${to("nodes", row.node)}>${row.node}</a>` : "–") },
      { name: "Ready", end: true, cell: (row) => row.ready },
      { name: "Restarts", end: true, cell: (row) => row.restarts },
      made,
      { name: "Logs", cell: (row) => html`<a href=${to("pods", row.namespace, row.name, "logs")} aria-label=${`Logs of ${row.name}`}>Logs</a>` },
    ],
  },
  deployments: {
    title: "Deployments",
    columns: [
      name((row) => withQuery(to("workloads"), { namespace: row.namespace, q: row.name })), namespace, stateOf,
      { name: "Part of", cell: part },
      { name: "Ready", end: true, cell: (row) => replicas(row.replicas) },
      { name: "Images", cell: (row) => html`<span class="mono small">${(row.images || []).join(", ")}</span>` },
      made,
    ],
  },
  jobs: {
    title: "Jobs",
    columns: [
      name((row) => withQuery(to("workloads"), { namespace: row.namespace, q: row.name })), namespace, stateOf,
      { name: "Done", end: true, cell: (row) => html`<span class="num">${row.completions?.done ?? "–"}/${row.completions?.wanted ?? "–"}</span>` },
      { name: "Failed", end: true, cell: (row) => row.failed ?? 0 },
      made,
    ],
  },
};

class Workloads extends RowsPage {
  get kind() {
    return KINDS[this.route.parts[1]] ? this.route.parts[1] : "pods";
  }

  get place() {
    return this.kind === "pods" ? ["workloads"] : ["workloads", this.kind];
  }

  willUpdate(changes) {
    const before = changes.get("route");
    if (before && before.parts[1] !== this.route.parts[1]) this.answer = undefined;
    super.willUpdate(changes);
  }

  render() {
    const kind = KINDS[this.kind];
    return html`${head({ title: "Workloads" })}
      ${tabs("Kinds", this.kind, Object.entries(KINDS).map(([id, one]) => [id, one.title, id === "pods" ? to("workloads") : to("workloads", id)]))}
      <div class="stack">${this.rowsView({ caption: kind.title, columns: kind.columns, key: keyOf, none: empty(`No ${kind.title.toLowerCase()} yet`, "They appear when something is applied.", command("berth apply -f FILE")) })}</div>`;
  }
}
customElements.define("berth-workloads", Workloads);
