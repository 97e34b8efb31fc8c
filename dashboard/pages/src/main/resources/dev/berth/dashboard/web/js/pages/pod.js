import { html, nothing } from "lit";
import { Page } from "../ui/page.js";
import { ago, command, facts, failed, head, knownTime, loading, objectLink, state, tabs, wrong } from "../ui/bits.js";
import { conditions } from "../ui/conditions.js";
import { timeline } from "../ui/events.js";
import { eventsOf, pathOf, podWord, read, verdict } from "../core/kube.js";
import { nothingYet, rightsIn } from "../core/rights.js";
import { brief } from "../core/format.js";
import { to, withQuery } from "../core/route.js";
import "../ui/logview.js";
import "../ui/terminal.js";
import "../ui/yamledit.js";

/** One pod: its containers with probes and resources, its logs, a shell in it. */
class Pod extends Page {
  static properties = { pod: { state: true }, row: { state: true }, events: { state: true }, can: { state: true } };

  constructor() {
    super();
    this.events = [];
    this.can = nothingYet;
  }

  interval = 6000;

  watched() {
    const [, namespace, name] = this.route.parts;
    return [`${pathOf("pods", namespace)}?fieldSelector=metadata.name%3D${encodeURIComponent(name)}`];
  }

  async load(signal) {
    const [, namespace, name] = this.route.parts;
    [this.pod, this.row, this.events] = await Promise.all([read("pods", namespace, name, signal), verdict("pods", namespace, name, signal), eventsOf(namespace, "Pod", name, signal)]);
    this.can = await rightsIn(namespace);
  }

  render() {
    if (this.failure && !this.pod) return failed(this.failure);
    if (!this.pod) return loading();
    const [, namespace, name, tab = "overview"] = this.route.parts;
    const told = this.row || podWord(this.pod);
    const { health, word } = told;
    const app = this.pod.metadata.labels?.["berth.dev/modelapp"];
    return html`${head({
        crumbs: app ? [["The wire", "#/"], [app, to("apps", namespace, app)]] : [["Workloads", to("workloads")], [namespace, withQuery(to("workloads"), { namespace })]],
        title: name, health, word,
      })}
      ${tabs("Views of this pod", tab, this.tabs(namespace, name))}
      ${this.failure ? failed(this.failure) : nothing}
      ${tab === "logs" ? html`<berth-logs .sources=${this.sources()}></berth-logs>`
        : tab === "terminal" ? html`<berth-terminal .namespace=${namespace} .pod=${name} .containers=${this.pod.spec.containers.map((one) => one.name)}></berth-terminal>`
        : tab === "yaml" ? html`<berth-yaml resource="pods" .namespace=${namespace} .name=${name} .may=${this.can("update", "pods", name)}></berth-yaml>`
        : this.overview(told)}`;
  }

  tabs(namespace, name) {
    const names = { overview: "Overview", ...(this.can("get", "pods/log") ? { logs: "Logs" } : {}), ...(this.can("create", "pods/exec") ? { terminal: "Terminal" } : {}), yaml: "YAML" };
    return Object.entries(names).map(([id, label]) => [id, label, to("pods", namespace, name, ...(id === "overview" ? [] : [id]))]);
  }

  overview(told) {
    const { metadata, spec, status = {} } = this.pod;
    const owner = metadata.ownerReferences?.find((one) => one.controller);
    return html`<div class="stack">
      ${wrong(told, command(`berth why pod/${metadata.name} -n ${metadata.namespace}`))}
      <section class="card pad" aria-label="Facts">${facts([
        ["Node", spec.nodeName ? html`<a href=${to("nodes", spec.nodeName)}>${spec.nodeName}</a>` : "not placed yet"], ["Address", status.podIP], ["Age", ago(metadata.creationTimestamp)],
        ["Owned by", owner ? html`${owner.kind} ${objectLink(owner.kind, metadata.namespace, owner.name)}` : ""], ["Service account", spec.serviceAccountName], ["Namespace", metadata.namespace]])}</section>
      ${[...(spec.initContainers || []), ...spec.containers].map((container) => this.container(container))}
      <div class="columns"><section class="card" aria-labelledby="lately"><h2 class="pad" id="lately">Events</h2>${timeline(this.events)}</section>
        <section class="card pad" aria-labelledby="conds"><h2 id="conds">Conditions</h2>${conditions(status.conditions)}</section></div></div>`;
  }

  container(container) {
    const all = [...(this.pod.status?.initContainerStatuses || []), ...(this.pod.status?.containerStatuses || [])];
    const status = all.find((one) => one.name === container.name);
    const { health, word } = containerWord(status);
    const last = status?.lastState?.terminated;
    return html`<section class="card pad stack tight" aria-label=${`Container ${container.name}`}><div class="row spread"><h2>${container.name}</h2>${state(health, word)}</div>
      <p class="mono soft">${container.image} <span class="small">${brief(status?.imageID?.match(/sha256:[0-9a-f]+/)?.[0])}</span></p>
      ${last ? html`<p class="small">Before this it ended ${knownTime(last.finishedAt) ? html`${ago(last.finishedAt)} ago ` : nothing}with ${last.signal ? `signal ${last.signal}` : `exit code ${last.exitCode}`}${last.reason ? ` (${last.reason})` : ""}.</p>` : nothing}
      ${facts([["Restarts", html`<span class="num">${status?.restartCount ?? 0}</span>`], ["Ports", (container.ports || []).map((port) => port.containerPort).join(", ")],
        ["Asks for", amounts(container.resources?.requests)], ["At most", amounts(container.resources?.limits)],
        ["Ready when", probe(container.readinessProbe)], ["Alive while", probe(container.livenessProbe)], ["Started when", probe(container.startupProbe)],
        ["Command", [...(container.command || []), ...(container.args || [])].join(" ")], ["Environment", (container.env || []).map((one) => one.name).join(", ")]])}</section>`;
  }

  sources() {
    const next = this.pod.spec.containers.map((container) => ({
      namespace: this.pod.metadata.namespace, pod: this.pod.metadata.name, container: container.name, label: container.name,
      start: this.pod.status?.containerStatuses?.find((one) => one.name === container.name)?.restartCount ?? 0,
    }));
    const key = JSON.stringify(next);
    if (key !== this.sourcesKey) [this.sourcesKey, this.kept] = [key, next];
    return this.kept;
  }
}

function containerWord(status) {
  if (!status) return { health: "working", word: "Waiting" };
  const { running, waiting, terminated } = status.state || {};
  if (running) return status.ready ? { health: "ok", word: "Ready" } : { health: "working", word: "Not ready" };
  if (terminated) return { health: terminated.exitCode === 0 ? "ok" : "failing", word: terminated.reason || `Exit ${terminated.exitCode}` };
  return { health: /^(ContainerCreating|PodInitializing|Pulling)/.test(waiting?.reason || "") ? "working" : "failing", word: waiting?.reason || "Waiting" };
}

const amounts = (resources) => Object.entries(resources || {}).map(([name, amount]) => `${name} ${amount}`).join(", ");

/** A probe in words. */
function probe(one) {
  if (!one) return "";
  const every = one.periodSeconds ? ` every ${one.periodSeconds} s` : "";
  if (one.httpGet) return `GET ${one.httpGet.path || "/"} on ${one.httpGet.port} answers${every}`;
  if (one.tcpSocket) return `port ${one.tcpSocket.port} accepts${every}`;
  if (one.grpc) return `gRPC ${one.grpc.port} answers${every}`;
  return `${(one.exec?.command || []).join(" ")} exits with 0${every}`;
}
customElements.define("berth-pod", Pod);
