// What a model answered: its outputs, what came of it, and the way the request took. Pure templates.
import { html, nothing } from "lit";
import { facts } from "../ui/bits.js";
import { ranked } from "../core/tensor.js";
import { millis } from "../core/format.js";

export const answerView = ({ text, headers, millis: took }, name) => {
  const body = parsed(text);
  return html`${body?.outputs ? body.outputs.map(output) : nothing}
    ${body?.choices ? html`<blockquote>${body.choices[0]?.message?.content ?? body.choices[0]?.text ?? ""}</blockquote>` : nothing}
    ${way(headers, took, name)}
    <details ?open=${!body?.outputs && !body?.choices}><summary>The answer as it came</summary><pre class="tail">${body ? JSON.stringify(body, null, 2).slice(0, 20_000) : text.slice(0, 20_000)}</pre></details>`;
};

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const output = (one) => {
  const best = ranked(one);
  const few = Array.isArray(one.data) && one.data.length <= 8;
  return html`<div><h3>${one.name} <span class="soft small">${one.datatype} ${(one.shape || []).join(" × ")}</span></h3>
    ${best
      ? html`<ol class="odds small num">${best.map(({ index, value }) => html`<li><span>${index}</span><span class="bar"><i .style=${`inline-size:${(100 * value).toFixed(1)}%`}></i></span><span>${(100 * value).toFixed(1)} %</span></li>`)}</ol>`
      : html`<p class=${few ? "said-loud num" : "mono"}>${few ? one.data.join(", ") : JSON.stringify(one.data).slice(0, 2000)}</p>`}</div>`;
};

/** `queue;dur=0.2, model;dur=3.1` of Server-Timing, in its order. */
export function timings(header) {
  return (header || "").split(",").flatMap((part) => {
    const found = /^\s*([\w-]+).*?;\s*dur=([\d.]+)/.exec(part);
    return found ? [{ name: found[1], millis: Number(found[2]) }] : [];
  });
}

const way = (headers, took, name) => {
  const parts = timings(headers["server-timing"]);
  const inside = parts.reduce((sum, part) => sum + part.millis, 0);
  const steps = [["browser", null], ["controller", null], ["endpoint", headers["berth-reason"] ? `refused: ${headers["berth-reason"]}` : null],
    ...(headers["berth-reason"] ? [] : [[headers["berth-revision"] ? `${name} ${headers["berth-revision"]}` : "model", headers["berth-model-version"] ? `version ${headers["berth-model-version"]}` : null]])];
  return html`<div class="stack tight"><h3>The way it took</h3>
    <ol class="way">${steps.map(([step, more]) => html`<li>${step}${more ? html` <span class="soft small">${more}</span>` : nothing}</li>`)}</ol>
    ${facts([["There and back", millis(took)], ...parts.map((part) => [part.name, millis(part.millis)]), parts.length ? ["On the way", millis(Math.max(0, took - inside))] : null,
      ["Request", headers["berth-request-id"] ? html`<code>${headers["berth-request-id"]}</code>` : ""]])}</div>`;
};
