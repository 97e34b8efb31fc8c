// The Kubernetes API as the pages use it: paths, lists with a limit, watches.
import { get, raw, failureOf } from "./api.js";

const GROUPS = {
  pods: "/api/v1", nodes: "/api/v1", events: "/api/v1", services: "/api/v1", namespaces: "/api/v1", secrets: "/api/v1",
  deployments: "/apis/apps/v1", replicasets: "/apis/apps/v1", jobs: "/apis/batch/v1",
  modelapps: "/apis/berth.dev/v1alpha1", imagebuilds: "/apis/berth.dev/v1alpha1", gitrepositories: "/apis/berth.dev/v1alpha1",
  roles: "/apis/rbac.authorization.k8s.io/v1", rolebindings: "/apis/rbac.authorization.k8s.io/v1",
};

export const groupOf = (resource) => (GROUPS[resource].startsWith("/apis/") ? GROUPS[resource].split("/")[2] : "");

/** The path of a collection or, with a name, of an object. An empty namespace is none. */
export function pathOf(resource, namespace, name, sub) {
  const parts = [GROUPS[resource], ...(namespace ? ["namespaces", encodeURIComponent(namespace)] : []), resource];
  if (name) parts.push(encodeURIComponent(name));
  if (sub) parts.push(sub);
  return parts.join("/");
}

export const read = (resource, namespace, name, signal) => get(pathOf(resource, namespace, name), { signal });

export async function list(resource, namespace, { labels, fields, limit = 200, signal } = {}) {
  const query = new URLSearchParams({ limit: String(limit) });
  if (labels) query.set("labelSelector", labels);
  if (fields) query.set("fieldSelector", fields);
  return get(`${pathOf(resource, namespace)}?${query}`, { signal });
}

/** A part of a page that its viewer may not see: it is said to be hidden, and the rest is shown. */
export const HIDDEN = Object.freeze(Object.assign([], { hidden: true }));

/** A list, or HIDDEN where the server refuses it. Only a page's own object decides over the page. */
export const orHidden = (promise) =>
  promise.catch((failure) => {
    if (failure.status === 403) return HIDDEN;
    throw failure;
  });

/** What happened to one object, newest first. */
export const eventsOf = (namespace, kind, name, signal) => eventsAbout(namespace, name, (about) => about.kind === kind && about.name === name, signal);

/**
 * The newest events that name something: the API itself lists them by their names, where a limit would
 * keep the wrong ones.
 */
export const eventsAbout = (namespace, name, wanted, signal) =>
  orHidden(rows("events", { namespace, q: name }, signal).then((answer) => answer.rows.filter((row) => wanted(row.object || {})).map(eventOf)));

const eventOf = (row) => ({
  metadata: { name: row.name, uid: `${row.namespace}/${row.name}` },
  involvedObject: row.object, type: row.type, reason: row.word, message: row.message, count: row.count, lastTimestamp: row.since,
});

export const eventTime = (event) => event.lastTimestamp || "";

/** Rows that the server has filtered, sorted (worst first) and paged. */
export const rows = (kind, query, signal) =>
  get(`/ui/api/rows/${kind}?${new URLSearchParams(Object.entries(query).filter(([, value]) => value))}`, { signal });

/** The server's verdict on one object: the root cause and the fix, as in lists and `berth why`; null where there is none. */
export const verdict = (kind, namespace, name, signal) =>
  get(`/ui/api/row/${kind}?${new URLSearchParams({ ...(namespace ? { namespace } : {}), name })}`, { signal }).catch((failure) => {
    if (failure.status === 403 || failure.status === 404) return null;
    throw failure;
  });

/**
 * Reads a body line by line as it comes.
 * @param {(line: string) => void} take
 * @param {number} most characters of a line; the rest of it is cut, with a mark
 * @returns {Promise<void>} when the stream has ended
 */
export async function readLines(path, signal, take, most = Infinity) {
  const response = await raw(path, { signal });
  if (!response.ok) throw await failureOf(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const give = (line) => take(line.length > most ? `${line.slice(0, most)} ... line cut` : line);
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    lines.forEach((line) => give(line));
    // What is beyond the mark is not kept: a container may never write a newline.
    if (rest.length > most) rest = rest.slice(0, most + 1);
  }
  if (rest) give(rest);
}

export const condition = (object, type) => (object?.status?.conditions || []).find((one) => one.type === type);

/** One word and a health for a pod, for pages that read pods themselves. */
export function podWord(pod) {
  const statuses = [...(pod.status?.initContainerStatuses || []), ...(pod.status?.containerStatuses || [])];
  const waiting = statuses.map((one) => one.state?.waiting).find((state) => state && !/^(ContainerCreating|PodInitializing)$/.test(state.reason));
  const ended = statuses.map((one) => one.state?.terminated).find((state) => state && state.exitCode !== 0);
  if (pod.metadata.deletionTimestamp) return { word: "Stopping", health: "working" };
  if (pod.status?.phase === "Succeeded") return { word: "Done", health: "ok" };
  if (pod.status?.phase === "Failed") return { word: pod.status.reason || ended?.reason || "Failed", health: "failing", message: pod.status.message };
  if (waiting) return { word: waiting.reason || "Waiting", health: /^(Pulling|Queued)/.test(waiting.reason) ? "working" : "failing", message: waiting.message };
  if (ended) return { word: ended.reason || "Ended", health: "failing", message: ended.message };
  if (condition(pod, "Ready")?.status === "True") return { word: "Ready", health: "ok" };
  const unscheduled = condition(pod, "PodScheduled");
  if (unscheduled?.status === "False") return { word: unscheduled.reason || "Unschedulable", health: "warning", message: unscheduled.message };
  return { word: pod.status?.phase === "Running" ? "Starting" : pod.status?.phase || "Pending", health: "working", message: condition(pod, "Ready")?.message };
}

export const restartsOf = (pod) => (pod.status?.containerStatuses || []).reduce((sum, one) => sum + (one.restartCount || 0), 0);
