import { html, nothing } from "lit";
import { ago, knownTime, state } from "./bits.js";
import { shortened } from "../core/format.js";
import { conditionHealth } from "../core/words.js";

/** Conditions with what they say; those that hold are short, those that do not say why. */
export const conditions = (list) => {
  const all = (list || []).map((one) => ({ ...one, health: conditionHealth(one) }));
  const rank = { failing: 0, unknown: 1, warning: 1, working: 2, ok: 3 };
  all.sort((a, b) => rank[a.health] - rank[b.health]);
  return html`<ul class="conditions">${all.map(
    (one) => html`<li><div class="row spread"><h3>${one.type}</h3>${state(one.health, one.status === "True" ? "True" : one.status === "False" ? one.reason || "False" : "Unknown")}</div>
      ${one.message ? html`<p class="small ${one.health === "ok" ? "soft" : ""}">${shortened(one.message)}</p>` : nothing}
      <p class="small soft">${knownTime(one.lastTransitionTime) ? html`since ${ago(one.lastTransitionTime)}` : nothing}</p></li>`,
  )}</ul>`;
};
