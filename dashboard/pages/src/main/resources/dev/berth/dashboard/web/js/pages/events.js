import { html } from "lit";
import { RowsPage } from "../ui/rows-page.js";
import { ago, empty, head, objectLink } from "../ui/bits.js";
import { icon } from "../ui/icons.js";

const COLUMNS = [
  { name: "When", cell: (row) => ago(row.since) },
  { name: "What", lead: true, cell: (row) => html`<span class="row tight ${row.type === "Warning" ? "warn" : ""}">${row.type === "Warning" ? icon("warning") : ""}<span class="unseen">${row.type}: </span>${row.word}</span>` },
  { name: "About", cell: (row) => html`<span class="soft small">${row.object?.kind} ${row.object?.namespace ? `${row.object.namespace}/` : ""}</span>${objectLink(row.object?.kind, row.object?.namespace, row.object?.name)}` },
  { name: "Message", cell: (row) => row.message },
  { name: "Times", end: true, cell: (row) => row.count || 1 },
];

class Events extends RowsPage {
  kind = "events";
  place = ["events"];

  render() {
    return html`${head({ title: "Events" })}<div class="stack">${this.rowsView({
      caption: "Events, newest first", columns: COLUMNS, key: (row) => `${row.namespace}/${row.name}`, none: empty("Nothing happened lately", "Events are kept for an hour."),
    })}</div>`;
  }
}
customElements.define("berth-events", Events);
