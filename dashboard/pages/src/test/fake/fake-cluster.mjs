// An invented cluster: healthy, failing, empty, or hostile (markup in every name and message).
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
const wave = (i, phase) => Math.sin(i / 7 + phase) + Math.sin(i / 3.1 + 2 * phase) / 2;
const HEX = "3f2a91c07be4d5582a6f1190c4de8b7713aa5f0c9e6d24b8a1705c3e9f8d2b64";
const EVIL = `"><img src=x onerror=window.ran=1><script>window.ran=1</script>`;

/** Five minutes of traffic around a rate. */
function points(rps, phase, { errors = 0, slow = 1 } = {}) {
  const now = Math.floor(Date.now() / 5000);
  return Array.from({ length: 60 }, (_, i) => {
    const at = now - 59 + i;
    const r = Math.max(0, rps * (1 + 0.18 * wave(at, phase)));
    const p50 = slow * (4.2 + 0.5 * wave(at, phase + 1));
    return [at * 5, r, errors * r * (i > 44 ? 1 : 0), p50, p50 * (2.6 + 0.5 * wave(at, phase + 2))];
  });
}

function endpoint(name, rps, phase, options = {}) {
  if (rps === null) return { url: `http://${name}.default.svc`, name: "model", protocol: "open-inference", rps: null, errorsPerSecond: null, p50Ms: null, p99Ms: null, queue: null, points: [] };
  const all = points(rps, phase, options);
  const last = all.at(-1);
  return { url: `http://${name}-model.shop.svc.cluster.local`, name: "model", protocol: options.protocol || "open-inference", rps: last[1], errorsPerSecond: last[2], p50Ms: last[3], p99Ms: last[4], queue: options.queue || 0, points: all };
}

const replicas = (ready, desired) => ({ ready, desired });

function app(name, namespace, phase, rps, more = {}) {
  return {
    namespace, name, generation: 3, health: "ok", word: "Ready", reason: "", message: "", fix: "", since: ago(86400 * 2),
    model: { image: `registry.local/${name}-model:1.${phase + 2}`, digest: `sha256:${HEX}`, version: `1.${phase + 2}`, replicas: replicas(2, 2), revisions: [{ revision: 7, weight: 100, ready: 2, desired: 2 }] },
    endpoint: endpoint(name, rps, phase, more.traffic),
    app: { image: `registry.local/${name}-web:2.0`, url: `http://${name}.localhost`, replicas: replicas(1, 1) },
    git: { namespace, name: "harbour", revision: `main@sha1:${HEX.slice(0, 40)}` },
    ...more.row,
  };
}

function healthyApps() {
  const canary = app("fraud", "shop", 2, 212);
  canary.health = "working";
  canary.word = "Rolling out";
  canary.message = "Revision 8 answers 10 % of the requests; 50 s to the next step";
  canary.model.revisions = [{ revision: 7, weight: 90, ready: 2, desired: 2 }, { revision: 8, weight: 10, ready: 1, desired: 1 }];
  return [app("digits", "default", 0, 38), canary, app("reranker", "search", 3, 64, { row: { app: null, git: null }, traffic: { slow: 4 } }), app("assistant", "shop", 4, null, { row: { git: null } })];
}

function failingApps() {
  const pull = app("digits", "default", 0, null, { row: {
    health: "failing", word: "Failing", reason: "ImagePullFailed",
    message: "Pod digits-model-r8-x1 cannot pull registry.local/digits-model:1.5: the registry has no such tag; it has 1.2, 1.3 and 1.4",
    fix: "name a tag that exists, or build it: berth apply -f manifests/digits" } });
  pull.model.replicas = replicas(0, 2);
  pull.model.revisions = [{ revision: 8, weight: 100, ready: 0, desired: 2 }];
  pull.app.replicas = replicas(1, 1);
  const slow = app("fraud", "shop", 2, 212, { traffic: { errors: 0.07, slow: 5, queue: 14 }, row: {
    health: "warning", word: "Strained", reason: "QueueGrows", message: "1 of 3 model replicas restarts every minute: it was ended by the kernel at its memory limit of 256Mi", fix: "raise spec.model.resources.limits.memory: kubectl edit mapp fraud -n shop" } });
  slow.model.replicas = replicas(2, 3);
  return [pull, slow, ...healthyApps().filter((one) => one.name !== "digits" && one.name !== "fraud")];
}

function hostileApps() {
  return [1, 2].map((n) => {
    const one = app(`x${EVIL}${n}`, `ns${EVIL}`, n, 20, { row: { health: "failing", word: EVIL, message: EVIL, fix: EVIL } });
    one.model.image = EVIL;
    one.app.url = "javascript:window.ran=1";
    one.git = { namespace: EVIL, name: EVIL, revision: EVIL };
    return one;
  });
}

const crowd = () => Array.from({ length: 200 }, (_, i) => app(`app-${i}`, `team-${i % 12}`, i, i % 7 ? 5 + i : null));

const PROBLEMS = [
  { severity: "error", kind: "ModelApp", namespace: "default", name: "digits", what: "Pod digits-model-r8-x1 cannot pull its image", fix: "berth why digits", since: ago(600) },
  { severity: "warning", kind: "Node", namespace: "", name: "quay-3", what: "DiskPressure: 4 % of /var/lib/berth is free", fix: "remove images that nothing uses: berth image prune", since: ago(4000) },
  { severity: "error", kind: "GitRepository", namespace: "shop", name: "harbour", what: "clusters/prod/fraud.yaml:12: spec.model.imgae: unknown field; did you mean \"image\"?", fix: "correct the line and push; what runs stays as it is", since: ago(200) },
];

export function summary(scenario) {
  const empty = scenario === "empty";
  const apps = empty ? [] : scenario === "failing" ? failingApps() : scenario === "hostile" ? hostileApps() : scenario === "crowded" ? crowd() : healthyApps();
  const problems = scenario === "failing" ? PROBLEMS : scenario === "hostile" ? [{ severity: "error", kind: EVIL, namespace: EVIL, name: EVIL, what: EVIL, fix: `berth why ${EVIL}`, since: EVIL }] : [];
  return {
    revision: String(Date.now()), now: new Date().toISOString(),
    cluster: { version: "0.1.0", nodes: { ready: scenario === "failing" ? 2 : empty ? 1 : 3, total: empty ? 1 : 3 }, pods: empty ? { running: 0, waiting: 0, failing: 0, total: 0 } : scenario === "failing" ? { running: 13, waiting: 2, failing: 2, total: 17 } : { running: 14, waiting: 1, failing: 0, total: 15 }, problems: problems.length },
    apps, appsTotal: apps.length, problems, git: [], nodes: [], builds: [],
  };
}

export { rows, imageDetail, access } from "./fake-rows.mjs";
export { object as api } from "./fake-objects.mjs";
