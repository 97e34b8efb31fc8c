import { html, nothing } from "lit";
import { RowsPage } from "../ui/rows-page.js";
import { Page } from "../ui/page.js";
import { ago, command, empty, facts, failed, head, loading, objectLink, outLink, state } from "../ui/bits.js";
import { get } from "../core/api.js";
import { brief, bytes, DASH, share } from "../core/format.js";
import { to } from "../core/route.js";

const users = (list) =>
  (list || []).length === 0 ? html`<span class="soft">nobody</span>` : html`<ul>${list.map((one) => html`<li><span class="soft small">${one.kind} </span>${objectLink(one.kind, one.namespace, one.name)}</li>`)}</ul>`;

const COLUMNS = [
  { name: "Image", lead: true, cell: (row) => (row.layers == null ? row.name : html`<a href=${to("images", row.name)}>${row.name}</a>`) },
  { name: "State", cell: (row) => state(row.word === "Unused" ? "paused" : row.health, row.word) },
  { name: "Digest", cell: (row) => html`<code class="keep">${brief(row.digest) || DASH}</code>` },
  { name: "Size", end: true, cell: (row) => bytes(row.size) },
  { name: "Layers", end: true, cell: (row) => row.layers ?? DASH },
  { name: "From", cell: (row) => row.source || DASH },
  { name: "Used by", cell: (row) => users(row.usedBy) },
];

class Images extends RowsPage {
  kind = "images";
  place = ["images"];
  interval = 8000;

  render() {
    return html`${head({ title: "Images" })}<div class="stack">${this.rowsView({
      caption: "Images", columns: COLUMNS, key: (row) => `${row.name}@${row.digest}`,
      none: empty("No image yet", "Images come from builds, or are pushed to this cluster's repository.", command("berth build . -t NAME")),
    })}</div>`;
  }
}
customElements.define("berth-images", Images);

const PARTS = { base: "Base", libraries: "Libraries", application: "Application" };

class Image extends Page {
  static properties = { image: { state: true } };
  interval = 30_000;

  async load(signal) {
    this.image = await get(`/ui/api/image?name=${encodeURIComponent(this.route.parts[1])}`, { signal });
  }

  render() {
    if (this.failure && !this.image) return failed(this.failure);
    if (!this.image) return loading();
    const { image } = this;
    const layers = image.layers || [];
    return html`${head({ crumbs: [["Images", to("images")]], title: image.name })}<div class="stack">
      <section class="card pad stack" aria-labelledby="parts"><h2 id="parts">What it is made of</h2>${this.parts(layers)}
        ${facts([["Size", bytes(image.size)], ["Digest", html`<code>${image.digest}</code>`], ["Made", ago(image.created)], ["For", [image.os, image.architecture].filter(Boolean).join("/")], ["From", /^https?:/.test(image.source || "") ? outLink(image.source) : image.source],
          ["Runs", words(image.entrypoint, image.command)], ["As user", image.user], ["Ports", (image.ports || []).join(", ")], ["Used by", users(image.usedBy)]])}</section>
      <section class="card" aria-labelledby="layers"><h2 class="pad" id="layers">Layers</h2>
        <ol class="layers">${layers.map((layer) => html`<li class=${layer.part}><span class="part-name small">${PARTS[layer.part] || layer.part}</span><code class="cut" title=${layer.instruction || ""}>${layer.instruction || brief(layer.digest)}</code>
          <span class="num end">${bytes(layer.size)}</span></li>`)}</ol></section>
      ${Object.keys(image.labels || {}).length ? html`<section class="card pad stack tight" aria-labelledby="labels"><h2 id="labels">Labels</h2>${facts(Object.entries(image.labels))}</section>` : nothing}
    </div>`;
  }

  /** A bar of the three parts: who changes what with each build. */
  parts(layers) {
    const whole = layers.reduce((sum, layer) => sum + (layer.size || 0), 0);
    const sizes = Object.keys(PARTS).map((part) => [part, layers.filter((layer) => layer.part === part).reduce((sum, layer) => sum + (layer.size || 0), 0)]);
    return html`<div class="partbar" aria-hidden="true">${sizes.map(([part, size]) => html`<i class=${part} .style=${`flex-grow:${size || 0}`}></i>`)}</div>
      <ul class="row small partkey">${sizes.map(([part, size]) => html`<li class=${part}><span class="part-name">${PARTS[part]}</span> <span class="num">${bytes(size)} · ${share(size, whole)}</span></li>`)}</ul>`;
  }
}
const words = (...lists) => lists.flat().filter(Boolean).join(" ");
customElements.define("berth-image", Image);
