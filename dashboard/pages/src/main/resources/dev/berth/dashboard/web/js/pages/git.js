import { html } from "lit";
import { RowsPage } from "../ui/rows-page.js";
import { ago, empty, head, state } from "../ui/bits.js";
import { keyOf } from "../ui/table.js";
import { to } from "../core/route.js";
import { name, namespace } from "./workloads.js";

export const SYNC_HEALTH = { Synced: "ok", OutOfSync: "warning", Unknown: "unknown" };
export const objectHealth = (word) => ({ Healthy: "ok", Progressing: "working", Degraded: "failing", Missing: "failing", Suspended: "paused" })[word] || "unknown";

const COLUMNS = [
  name((row) => to("git", row.namespace, row.name)), namespace,
  { name: "Sync", cell: (row) => state(row.suspended ? "paused" : SYNC_HEALTH[row.sync], row.suspended ? "Suspended" : row.sync) },
  { name: "Health", cell: (row) => html`${state(row.health, row.healthWord)}${row.message ? html`<p class="small soft">${row.message}</p>` : ""}` },
  { name: "Revision", cell: (row) => html`<code>${row.revision || "–"}</code>` },
  { name: "Objects", end: true, cell: (row) => row.objects || "–" },
  { name: "From", cell: (row) => html`<span class="small">${row.url}</span>` },
  { name: "Age", end: true, cell: (row) => ago(row.created) },
];

const FIRST = `apiVersion: berth.dev/v1alpha1
kind: GitRepository
metadata:
  name: apps
spec:
  url: https://git.example.com/team/apps.git`;

class Git extends RowsPage {
  kind = "gitrepositories";
  place = ["git"];

  render() {
    return html`${head({ title: "GitOps" })}<div class="stack">${this.rowsView({
      caption: "Git repositories", columns: COLUMNS, key: keyOf,
      none: empty("No repository is followed yet", "Six lines, and what is pushed there runs here. A ModelApp with build: is built from its commit.", html`<pre class="tail">${FIRST}</pre><berth-copy .text=${FIRST} label="Copy the manifest"></berth-copy>`),
    })}</div>`;
  }
}
customElements.define("berth-git", Git);
