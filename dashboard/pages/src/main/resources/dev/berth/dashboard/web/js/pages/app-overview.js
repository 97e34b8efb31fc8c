// The overview of a ModelApp: the wire, what holds it back, traffic, rollout, pods, conditions.
import { html, nothing } from "lit";
import { ago, chip, facts, fixOf, state } from "../ui/bits.js";
import { icon } from "../ui/icons.js";
import { conditions } from "../ui/conditions.js";
import { timeline } from "../ui/events.js";
import { table } from "../ui/table.js";
import { podWord, restartsOf } from "../core/kube.js";
import { brief, imageName, millis, rate } from "../core/format.js";
import { column, faults } from "../core/spark.js";
import { to } from "../core/route.js";
import { theWire } from "./wire-card.js";
import "../ui/chart.js";

export const overview = ({ app, row, pods, told, deployments, events, now }) => html`<div class="stack">
  ${row ? html`<section class="card pad wirecard" aria-labelledby="wire"><h2 id="wire" class="unseen">The wire</h2>${theWire(row, now)}</section>` : nothing}
  ${whatIsWrong(app, row)}
  ${row && row.endpoint?.rps != null ? traffic(row.endpoint, now) : nothing}
  <section class="card" aria-labelledby="pods"><h2 class="pad" id="pods">Pods</h2>${podTable(pods, told)}</section>
  <div class="columns">
    <div class="stack">
      ${rollout(app, deployments, pods)}
      <section class="card" aria-labelledby="lately"><h2 class="pad" id="lately">Lately</h2>${timeline(events.slice(0, 6), { subject: true })}</section>
    </div>
    <div class="stack">
      <section class="card pad" aria-labelledby="conds"><h2 id="conds">Conditions</h2>${conditions(app.status?.conditions)}</section>
    </div>
  </div></div>`;

/** The summary's explanation, and the last lines of what failed. */
const whatIsWrong = (app, row) => {
  const last = app.status?.lastFailure;
  const message = row?.health !== "ok" ? row?.message || last?.message : "";
  if (!message) return nothing;
  const health = row?.health || "failing";
  const tail = last?.logTail || [];
  return html`<section class="note ${health}" aria-label="What is wrong">${icon(health)}<div>
    <p><strong>${message}</strong></p>${fixOf(row?.fix || last?.hint)}
    ${health !== "working" && tail.length ? html`<details open><summary>Last lines of ${last.pod || last.component}</summary><pre class="tail">${tail.join("\n")}</pre></details>` : nothing}
  </div></section>`;
};

const RATE_LINES = [
  { label: "Requests a second", colour: "--rate", fill: true },
  { label: "Errors a second", colour: "--failing", dash: [2, 2] },
];
const TIME_LINES = [
  { label: "p50", colour: "--fast" },
  { label: "p99", colour: "--slow", dash: [5, 3] },
];

const traffic = (endpoint, now) => {
  const last = Math.floor(now / 5) * 5;
  const times = Array.from({ length: 60 }, (_, i) => last - (59 - i) * 5);
  const line = (index) => column(endpoint.points, index, { now });
  return html`<div class="halves">
    <section class="card pad" aria-labelledby="rates"><h2 id="rates">Traffic</h2><berth-chart .data=${[times, line(1), faults(line(2))]} .lines=${RATE_LINES} .format=${rate}
      label=${`Requests a second over five minutes; now ${rate(endpoint.rps)}, errors ${rate(endpoint.errorsPerSecond)}`}></berth-chart></section>
    <section class="card pad" aria-labelledby="times"><h2 id="times">Latency</h2><berth-chart .data=${[times, line(3), line(4)]} .lines=${TIME_LINES} .format=${millis}
      label=${`Latency over five minutes; now p50 ${millis(endpoint.p50Ms)}, p99 ${millis(endpoint.p99Ms)}`}></berth-chart></section></div>`;
};

const label = (pod, name) => pod.metadata.labels?.[`berth.dev/${name}`] || "";

const podTable = (pods, told) =>
  pods.hidden
    ? html`<p class="soft pad">Hidden from you: you may not list pods here.</p>`
    : pods.length === 0
    ? html`<p class="soft pad">No pod yet.</p>`
    : table("Pods of this app", [
        { name: "Pod", lead: true, cell: (pod) => html`<a href=${to("pods", pod.metadata.namespace, pod.metadata.name)}>${pod.metadata.name}</a>` },
        { name: "State", cell: (pod) => { const { health, word, message } = told.get(pod.metadata.name) || podWord(pod); return html`${state(health, word)}${message && health !== "ok" ? html`<p class="small soft">${message}</p>` : nothing}`; } },
        { name: "Part", cell: (pod) => html`${label(pod, "component")} ${label(pod, "revision")}` },
        { name: "Node", cell: (pod) => (pod.spec.nodeName ? html`<a href=${to("nodes", pod.spec.nodeName)}>${pod.spec.nodeName}</a>` : "–") },
        { name: "Restarts", end: true, cell: restartsOf },
        { name: "Age", end: true, cell: (pod) => ago(pod.metadata.creationTimestamp) },
      ], pods, (pod) => pod.metadata.uid);

/** Revisions of the model with their share of the traffic, and how long each pod took to be ready. */
const rollout = (app, deployments, pods) => {
  const revisions = app.status?.revisions || [];
  return html`<section class="card pad stack tight" aria-labelledby="rollout"><h2 id="rollout">Rollout</h2>
    ${revisions.length === 0 ? html`<p class="soft">No revision runs yet.</p>` : html`<ul class="rollout">${revisions.map(
      (one) => html`<li><strong>${one.name}</strong><span class="bar"><i .style=${`inline-size:${Number(one.weight) || 0}%`}></i></span>
        <span class="num">${one.weight ?? 0} % of the traffic</span><span class="num soft">${one.ready} of ${one.desired} ready</span>
        <span class="mono cut soft" title=${one.image}>${imageName(one.image)} ${/@sha256:/.test(one.image) ? brief(one.image) : ""}</span></li>`,
    )}</ul>`}
    ${starts(pods)}
    ${facts([["Generation", app.metadata.generation], ["Protocol", app.status?.endpoint?.protocol], ["Endpoint", app.status?.endpoint?.url], ["Made", ago(app.metadata.creationTimestamp)],
      ["From Git", app.metadata.labels?.["berth.dev/git-repository"] ? html`<a href=${to("git", app.metadata.namespace, app.metadata.labels["berth.dev/git-repository"])}>${app.metadata.labels["berth.dev/git-repository"]}</a>` : ""]])}
    ${deployments.length ? html`<p class="row">${deployments.map((one) => chip(html`${one.metadata.name} <span class="num">${one.status?.readyReplicas || 0}/${one.spec.replicas ?? 1}</span>`))}</p>` : nothing}
  </section>`;
};

const moment = (pod, type) => Date.parse((pod.status?.conditions || []).find((one) => one.type === type && one.status === "True")?.lastTransitionTime || "");

/** Waiting for a node, starting, ready: one bar per pod on a common scale. */
const starts = (pods) => {
  const measured = pods
    .map((pod) => ({ name: pod.metadata.name, made: Date.parse(pod.metadata.creationTimestamp), placed: moment(pod, "PodScheduled"), ready: moment(pod, "Ready") }))
    .filter((one) => one.ready > one.made && restartless(pods, one.name))
    .map((one) => ({ name: one.name, wait: Math.max(0, (one.placed || one.made) - one.made) / 1000, start: Math.max(0, one.ready - (one.placed || one.made)) / 1000 }));
  const most = Math.max(1, ...measured.map((one) => one.wait + one.start));
  return measured.length === 0 ? nothing : html`<h3>From created to ready</h3><ul class="waterfall small">${measured.map(
    (one) => html`<li><span class="cut" title=${one.name}>${one.name}</span><span class="span"><i class="wait" .style=${`inline-size:${(100 * one.wait) / most}%`}></i><i class="start" .style=${`inline-size:${(100 * one.start) / most}%`}></i></span>
      <span class="num">${Math.round(one.wait + one.start)} s</span></li>`,
  )}</ul>`;
};

const restartless = (pods, name) => restartsOf(pods.find((pod) => pod.metadata.name === name)) === 0;
