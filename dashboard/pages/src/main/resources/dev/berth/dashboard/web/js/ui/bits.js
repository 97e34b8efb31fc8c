// Small parts that every page uses. They return lit templates, so text from the cluster stays text.
import { html, svg, nothing } from "lit";
import { icon } from "./icons.js";
import { healthOf, wordOf } from "../core/words.js";
import { placeOf, safeUrl } from "../core/route.js";
import { area, path, ceiling } from "../core/spark.js";
import { age } from "../core/format.js";

/** Colour, icon and word, always all three. */
export const state = (health, word) =>
  html`<span class="state ${healthOf(health)}">${icon(healthOf(health))}<span>${wordOf(health, word)}</span></span>`;

export const empty = (title, text, more = nothing) =>
  html`<div class="empty card"><h2>${title}</h2><p class="soft">${text}</p>${more}</div>`;

export const loading = () => html`<div class="card loading" role="status"><span class="unseen">Loading</span></div>`;

export const failed = (failure) => html`<div class="card note failing" role="alert">
  ${icon("failing")}<div><strong>${failure.status === 403 ? "You may not see this" : "That did not work"}</strong>
  <p>${failure.message}</p></div></div>`;

/** A command to paste into a terminal. */
export const command = (text) => html`<div class="command"><code>${text}</code><berth-copy .text=${text}></berth-copy></div>`;

/** A fix as the server words it; the part after a colon that begins with a program is a command. */
export const fixOf = (fix) => {
  if (!fix) return nothing;
  const found = /^(.*?[:;]\s*|)((?:berth|kubectl) [^;]+)$/s.exec(fix);
  return found
    ? html`<div class="fix"><p><span class="soft">Fix:</span> ${found[1].replace(/[:;]\s*$/, "")}</p>${command(found[2].trim())}</div>`
    : html`<div class="fix"><p><span class="soft">Fix:</span> ${fix}</p></div>`;
};

export const objectLink = (kind, namespace, name) => {
  const place = placeOf(kind, namespace, name);
  return place ? html`<a class="ref" href=${place}>${name}</a>` : html`${name}`;
};

export const outLink = (url, label = url) =>
  safeUrl(url) ? html`<a href=${safeUrl(url)} target="_blank" rel="noopener noreferrer">${label}</a>` : html`<span>${label}</span>`;

export const ago = (time) => html`<time class="num" datetime=${time || nothing} title=${time || nothing}>${age(time)}</time>`;

/** What is wrong, why, and what to do: the same box wherever it is said. */
export const wrong = ({ health, message, log, fix }, more = nothing) =>
  health === "ok" || !message
    ? nothing
    : html`<section class="note ${healthOf(health)}" aria-label="What is wrong">${icon(healthOf(health))}<div><p><strong>${message}</strong></p>
        ${(log || []).length ? html`<pre class="tail">${log.join("\n")}</pre>` : nothing}${fixOf(fix)}${more}</div></section>`;

/** A moment that somebody knows: objects may carry none, or the year 1970. */
export const knownTime = (time) => Boolean(time) && Date.parse(time) > 0;

export const facts = (pairs) => html`<dl class="facts">${pairs
  .filter((pair) => pair && pair[1] !== "" && pair[1] != null)
  .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

/**
 * A small chart of one or two lines. The figures beside it say the same, so it is one picture with a name.
 * @param {{values: (number|null)[], kind: string, fill?: boolean}[]} lines
 */
export function spark(label, lines, { width = 160, height = 36 } = {}) {
  const box = { width, height: height - 3, top: ceiling(...lines.map((line) => line.values)) };
  return html`<svg class="spark" viewBox="0 -1.5 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label=${label}>
    ${lines.map((line) => svg`${line.fill ? svg`<path class="fill ${line.kind}" d=${area(line.values, box)}></path>` : nothing}
      <path class="line ${line.kind}" d=${path(line.values, box)}></path>`)}
  </svg>`;
}

export const head = ({ title, crumbs = [], health, word, more = nothing, actions = nothing }) => html`
  <header class="pagehead">
    ${crumbs.length ? html`<nav aria-label="Breadcrumb" class="crumbs">${crumbs.map(([label, link]) => html`<a href=${link}>${label}</a><span aria-hidden="true">/</span>`)}</nav>` : nothing}
    <div class="row spread"><div class="row"><h1 class="name">${title}</h1>${health ? state(health, word) : nothing}${more}</div>
    <div class="row actions">${actions}</div></div>
  </header>`;

export const tabs = (label, current, entries) => html`<nav class="tabs" aria-label=${label}>
  ${entries.map(([id, name, link]) => html`<a href=${link} aria-current=${id === current ? "page" : nothing}>${name}</a>`)}</nav>`;

/** A short fact in a frame. */
export const chip = (content) => html`<span class="chip">${content}</span>`;
