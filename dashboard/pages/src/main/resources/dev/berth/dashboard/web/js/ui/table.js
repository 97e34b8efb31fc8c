// A real table that becomes a list of cards on a phone. Rows are keyed, so focus stays over polls.
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

/**
 * @param {string} caption for screen readers
 * @param {{name: string, cell: (row: object) => unknown, lead?: boolean, end?: boolean}[]} columns
 * @param {(row: object) => string} key
 */
export const table = (caption, columns, rows, key) => html`<div class="tablewrap"><table class="rows">
  <caption class="unseen">${caption}</caption>
  <thead><tr>${columns.map((column) => html`<th scope="col" class=${column.end ? "end" : nothing}>${column.name}</th>`)}</tr></thead>
  <tbody>${repeat(rows, key, (row) => html`<tr>${columns.map((column) => cell(column, row))}</tr>`)}</tbody>
</table></div>`;

const cell = (column, row) =>
  html`<td data-label=${column.name} class="${column.lead ? "lead" : ""} ${column.end ? "end num" : ""}"><div>${column.cell(row)}</div></td>`;

export const keyOf = (row) => `${row.namespace || ""}/${row.name}`;

/** Pages of rows, where there is more than one. */
export const pager = (page, pages, link) =>
  pages > 1
    ? html`<nav class="row pager" aria-label="Pages">
        ${page > 1 ? html`<a class="button" href=${link(page - 1)}>Before</a>` : nothing}
        <span class="soft num">Page ${page} of ${pages}</span>
        ${page < pages ? html`<a class="button" href=${link(page + 1)}>Next</a>` : nothing}</nav>`
    : nothing;
