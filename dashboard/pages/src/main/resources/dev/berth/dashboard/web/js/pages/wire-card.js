// One ModelApp drawn as it is wired: model -> endpoint -> app. Pure templates of a row of the summary.
import { html, nothing } from "lit";
import { chip, fixOf, outLink, spark, state } from "../ui/bits.js";
import { icon } from "../ui/icons.js";
import { partHealth, replicasOf, spoken } from "../core/words.js";
import { brief, imageName, millis, rate, share } from "../core/format.js";
import { column, faults } from "../core/spark.js";
import { to } from "../core/route.js";

/**
 * @param {number} now epoch seconds by the server's clock
 * @param {object[]} builds rows of the builds that run for this app
 */
export const wireCard = (app, now, builds = []) => {
  const place = to("apps", app.namespace, app.name);
  const id = `wire-${app.namespace}-${app.name}`;
  return html`<article class="card wirecard ${app.health}" aria-labelledby=${id}>
    <header class="row spread">
      <div class="row"><h2 id=${id}><a href=${place}>${app.name}</a></h2><span class="soft small">${app.namespace}</span></div>
      <div class="row">${app.git ? chip(html`${icon("git")}<a href=${to("git", app.git.namespace, app.git.name)}>${app.git.name} ${brief(app.git.revision)}</a>`) : nothing}
        ${state(app.health, spoken(app.word))}</div>
    </header>
    ${theWire(app, now)}
    ${app.health === "working" && builds.length ? html`<ul class="building">${builds.map(building)}</ul>` : app.message && app.health !== "ok" ? note(app) : nothing}
  </article>`;
};

/** A build says more than "is being built": how far it is, and the step. */
const building = (build) => html`<li>${icon("builds")}<a href=${to("builds", build.namespace, build.name)}>Building ${build.component || build.name}</a>
  ${build.step ? html`<span class="bar"><i .style=${`inline-size:${(100 * (build.step.number - 1)) / Math.max(1, build.step.total)}%`}></i></span><span class="num small">step ${build.step.number} of ${build.step.total}</span>
    <code class="cut soft small" title=${build.step.instruction}>${build.step.instruction}</code>` : html`<span class="soft small">${spoken(build.word)}</span>`}</li>`;

const note = (app) => html`<div class="note ${app.health}">${icon(app.health)}<div>
  <p>${app.message}</p>${(app.log || []).length ? html`<pre class="tail">${app.log.join("\n")}</pre>` : nothing}${fixOf(app.fix)}</div></div>`;

/** The drawing alone, for the card and for the head of the app's own page. */
export const theWire = (app, now) => {
  const parts = healths(app);
  const flows = (app.endpoint?.rps ?? 0) > 0;
  return html`<ol class="line ${app.app ? "" : "short"}">
    <li class="part ${parts.model}">${modelPart(app.model || {}, parts.model)}</li>
    <li class="strand ${strand(parts.model)} ${flows ? "flows" : ""}" aria-hidden="true"><i></i></li>
    <li class="part endpoint ${parts.endpoint}">${endpointPart(app.endpoint || {}, parts.endpoint, now)}</li>
    ${app.app
      ? html`<li class="strand ${strand(parts.app)} ${flows ? "flows" : ""}" aria-hidden="true"><i></i></li>
          <li class="part ${parts.app}">${appPart(app.app, parts.app)}</li>`
      : nothing}
  </ol>`;
};

const healths = (app) => {
  const model = app.model?.health || partHealth(app.model?.replicas, app.health);
  const answers = (app.model?.replicas?.ready ?? 0) > 0;
  const errs = app.endpoint?.errorsPerSecond > 0 && app.endpoint.errorsPerSecond >= (app.endpoint.rps || 0) * 0.05;
  return {
    model,
    endpoint: errs ? "warning" : app.endpoint?.health ? app.endpoint.health : app.health === "paused" ? "paused" : answers ? "ok" : app.health === "failing" ? "failing" : "working",
    app: app.app ? app.app.health || partHealth(app.app.replicas, app.health) : "unknown",
  };
};

const strand = (health) => (health === "failing" ? "broken" : health === "ok" ? "taut" : "loose");

const partHead = (kind, name, health, word) => html`<div class="parthead">${icon(kind)}<h3>${name}</h3>
  <span class="mini ${health}">${icon(health)}<span>${spoken(word)}</span></span></div>`;

const DEFAULT_WORD = { ok: "Ready", working: "Starting", warning: "Strained", failing: "Failing", paused: "Paused", unknown: "Unknown" };
const count = (replicas) => (replicas && replicas.desired != null ? `${replicas.ready} of ${replicas.desired} ready` : "");

const modelPart = (model, health) => html`${partHead("model", "Model", health, model.word || DEFAULT_WORD[health])}
  <p class="cut mono" title=${model.image || ""}>${imageName(model.image)}</p>
  <p class="small soft num">${[count(replicasOf(model)), versionOf(model)].filter(Boolean).join(" · ")}</p>
  ${(model.revisions || []).length > 1 ? revisions(model.revisions) : nothing}`;

/** The version, unless the image's tag says it already. */
const versionOf = ({ image, version, digest }) => (version && !(image || "").endsWith(`:${version}`) ? `version ${version}` : brief(digest));

/** A canary: who gets how much, as a bar and in words. */
const revisions = (all) => html`<ul class="revisions small num">${all.map(
  (one) => html`<li><span>r${String(one.revision).replace(/^r/, "")}</span>
    <span class="bar"><i .style=${`inline-size:${Number(one.weight) || 0}%`}></i></span><span>${one.weight ?? 0} %</span>
    <span class="soft">${one.ready} of ${one.desired}</span></li>`,
)}</ul>`;

const endpointPart = (endpoint, health, now) => {
  const rps = column(endpoint.points, 1, { now });
  const errors = column(endpoint.points, 2, { now });
  const p50 = column(endpoint.points, 3, { now });
  const p99 = column(endpoint.points, 4, { now });
  const measured = endpoint.rps != null;
  return html`${partHead("endpoint", "Endpoint", health, endpoint.word || { ok: "Answers", working: "Waits", warning: "Errors", failing: "No replica", paused: "Paused", unknown: "Unknown" }[health])}
    <p class="small soft cut" title=${endpoint.url || ""}>${[endpoint.name, endpoint.protocol].filter(Boolean).join(" · ")}</p>
    ${measured
      ? html`<div class="meters">
          <figure>${spark(`Requests a second, last five minutes, now ${rate(endpoint.rps)}`, [
              { values: rps, kind: "rate", fill: true },
              { values: faults(errors), kind: "errors" },
            ])}
            <figcaption class="num"><strong>${rate(endpoint.rps)}</strong> req/s${endpoint.errorsPerSecond > 0
              ? html`<span class="bad">${icon("warning")}${share(endpoint.errorsPerSecond, endpoint.rps)} errors</span>`
              : html`<span class="soft">no errors</span>`}</figcaption></figure>
          <figure>${spark(`Latency, last five minutes, now p50 ${millis(endpoint.p50Ms)}, p99 ${millis(endpoint.p99Ms)}`, [
              { values: p99, kind: "slow" },
              { values: p50, kind: "fast" },
            ])}
            <figcaption class="num"><span class="key fast">p50 <strong>${millis(endpoint.p50Ms)}</strong></span>
              <span class="key slow">p99 <strong>${millis(endpoint.p99Ms)}</strong></span></figcaption></figure>
        </div>
        ${endpoint.queue > 0 ? html`<p class="small num">${endpoint.queue} waiting in line</p>` : nothing}`
      : html`<p class="quietline small soft">No traffic was measured yet.</p>`}`;
};

const appPart = (app, health) => html`${partHead("app", "App", health, app.word || DEFAULT_WORD[health])}
  <p class="cut mono" title=${app.image || ""}>${imageName(app.image)}</p>
  <p class="small soft num">${count(app.replicas)}</p>
  ${app.url ? html`<p class="small cut">${outLink(app.url, app.url.replace(/^https?:\/\//, ""))}</p>` : nothing}`;
