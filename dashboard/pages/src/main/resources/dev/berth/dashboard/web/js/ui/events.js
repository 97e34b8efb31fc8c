import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { ago, objectLink } from "./bits.js";
import { icon } from "./icons.js";
import { shortened } from "../core/format.js";
import { eventTime } from "../core/kube.js";

/** Events as a timeline, newest first. A warning has its sign and the word. */
export const timeline = (events, { subject = false } = {}) =>
  events.hidden
    ? html`<p class="soft pad">Hidden from you: you may not list events here.</p>`
    : events.length === 0
    ? html`<p class="soft pad">Nothing happened lately.</p>`
    : html`<ol class="timeline">${repeat(events, (event) => event.metadata.uid || event.metadata.name, (event) => one(event, subject))}</ol>`;

const one = (event, subject) => {
  const bad = event.type === "Warning";
  const about = event.involvedObject || {};
  return html`<li class=${bad ? "warning" : "normal"}>
    <span class="when small soft">${ago(eventTime(event))}</span>
    <span class="mark">${bad ? icon("warning") : nothing}<span class="unseen">${bad ? "Warning" : "Normal"}</span></span>
    <div><p><strong>${event.reason}</strong> ${subject ? html`<span class="soft small">${about.kind} ${about.namespace ? `${about.namespace}/` : ""}</span>${objectLink(about.kind, about.namespace, about.name)}` : nothing}
      ${event.count > 1 ? html`<span class="soft small num">${event.count} times</span>` : nothing}</p>
      <p class="said">${shortened(event.message)}</p></div></li>`;
};
