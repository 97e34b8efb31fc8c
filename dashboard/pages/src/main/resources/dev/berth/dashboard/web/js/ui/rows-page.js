import { html, nothing } from "lit";
import { Page } from "./page.js";
import { empty, failed, loading } from "./bits.js";
import { icon } from "./icons.js";
import { pager, table } from "./table.js";
import { rows } from "../core/kube.js";
import { to, withQuery } from "../core/route.js";

const TYPING = 250;

/**
 * A page of rows that the server filters, sorts (worst first) and pages. What is asked for stands in
 * the address, so a page can be sent to somebody. A subclass names `kind`, `place` and `columns`.
 */
export class RowsPage extends Page {
  static properties = { answer: { state: true } };

  get query() {
    return Object.fromEntries(this.route.query);
  }

  async load(signal) {
    const { namespace, q, only, page } = this.query;
    const asked = `${this.kind}?${this.route.query}`;
    const answer = await rows(this.kind, { namespace, q, only, page }, signal);
    if (asked === `${this.kind}?${this.route.query}`) this.answer = answer;
  }

  willUpdate(changes) {
    if (changes.has("route") && changes.get("route") && this.poller) this.refresh();
  }

  link = (change) => withQuery(to(...this.place), { ...this.query, page: "", ...change });
  go = (change) => (location.hash = this.link(change));

  rowsView({ caption, columns, key, none }) {
    if (this.failure && !this.answer) return failed(this.failure);
    if (!this.answer) return loading();
    const { rows: found, total, page, pages } = this.answer;
    const asked = this.query.q || this.query.only || this.query.namespace;
    return html`${this.bar()} ${this.failure ? failed(this.failure) : nothing}
      ${found.length === 0
        ? asked ? empty("Nothing matches", "Try fewer words, or all namespaces.", html`<a class="button" href=${to(...this.place)}>Show all</a>`) : none
        : html`<section class="card" aria-label=${caption}>${table(caption, columns, found, key)}</section>`}
      <div class="row spread belowrows"><span class="soft small num" role="status">${found.length ? `${total} in all` : ""}</span>${pager(page, pages, (n) => this.link({ page: n }))}</div>`;
  }

  bar() {
    const { q = "", only, namespace } = this.query;
    const problems = this.answer?.problems;
    return html`<div class="row filters" role="search">
      <label class="searchbox">${icon("search")}<span class="unseen">Filter</span><input type="search" placeholder="Filter" aria-keyshortcuts="/" .value=${q} @input=${this.typing} /></label>
      <label class="row tight small"><input type="checkbox" .checked=${only === "problems"} @change=${(event) => this.go({ only: event.target.checked ? "problems" : "" })} />Only problems${problems == null ? "" : ` (${problems})`}</label>
      ${namespace ? html`<a class="button small" href=${this.link({ namespace: "" })} aria-label=${`Namespace ${namespace}: show all namespaces`}>Namespace ${namespace} ×</a>` : nothing}
      ${this.moreFilters?.() ?? nothing}</div>`;
  }

  typing(event) {
    const q = event.target.value;
    clearTimeout(this.typed);
    // The address changes without a new entry in the history for every letter.
    this.typed = setTimeout(() => {
      history.replaceState(null, "", this.link({ q }));
      dispatchEvent(new HashChangeEvent("hashchange"));
    }, TYPING);
  }
}
