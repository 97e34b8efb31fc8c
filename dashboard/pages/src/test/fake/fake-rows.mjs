// Rows of the invented cluster, as docs/reference/dashboard-api.md describes them.
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
const HEX = "3f2a91c07be4d5582a6f1190c4de8b7713aa5f0c9e6d24b8a1705c3e9f8d2b64";
const EVIL = `"><img src=x onerror=window.ran=1><script>window.ran=1</script>`;
const GI = 2 ** 30;

const pod = (name, more = {}) => ({ namespace: "default", name, health: "ok", word: "Ready", reason: "", message: "", fix: "", since: ago(4000), created: ago(4000), node: "quay-1", ready: "1/1", restarts: 0, ip: "10.244.1.7", owner: { kind: "Deployment", name: "digits-model-r7" }, app: "digits", component: "model", containers: ["model"], ...more });
const node = (name, more = {}) => ({ name, health: "ok", word: "Ready", message: "", created: ago(86400 * 9), unschedulable: false, version: "0.1.0", os: "Debian 13", kernel: "6.12.48", arch: "amd64", address: "192.0.2.11", pods: { running: 7, capacity: 110 }, cpu: { capacity: 8, allocatable: 7.8, requested: 2.9 }, memory: { capacity: 32 * GI, allocatable: 31 * GI, requested: 9.3 * GI }, conditions: [], ...more });
const image = (repository, tag, more = {}) => ({ repository, tag, name: `${repository}:${tag}`, digest: `sha256:${HEX}`, size: 131e6, layers: 6, source: "build default/digits-model-3f2a91c07b", usedBy: [{ kind: "ModelApp", namespace: "default", name: "digits" }], health: "ok", word: "In use", created: ago(5000), ...more });
const STEPS = ["FROM python:3.13-slim", "COPY requirements.txt .", "RUN pip install -r requirements.txt", "COPY . .", "RUN python train.py", "CMD [\"python\", \"server.py\"]"];
const steps = (done, failed) => STEPS.map((instruction, i) => ({ number: i + 1, line: i + 1, instruction, state: i < done ? "Done" : i === done ? (failed ? "Failed" : "Running") : "Pending", cached: i < 2, reason: "", duration: i < done ? `${[0, 1, 4200, 300, 9100, 2][i]}ms` : undefined }));
const build = (name, more = {}) => ({ namespace: "default", name, app: "digits", component: "model", repository: "default/digits-model", image: `default/digits-model@sha256:${HEX}`, node: "quay-1", health: "ok", word: "Succeeded", message: "", step: null, steps: steps(6), started: ago(4060), completed: ago(4046), created: ago(4060), lastOutput: [], ...more });
const git = (name, more = {}) => ({ namespace: "shop", name, url: "https://git.example.com/team/harbour.git", health: "ok", word: "Synced", message: "", created: ago(90000), ready: "True", sync: "Synced", healthWord: "Healthy", revision: "main@3f2a91c", objects: "24/24", suspended: false, mode: "auto", ...more });
const event = (n, word, message, more = {}) => ({ namespace: "default", name: `e${n}`, type: "Normal", health: "ok", word, message, since: ago(n * 400), object: { kind: "Pod", namespace: "default", name: "digits-model-r7-x1" }, count: 1, source: "agent", ...more });

const HEALTHY = {
  pods: [pod("digits-model-r7-x1"), pod("digits-model-r7-k2", { node: "quay-2" }), pod("digits-app-77d", { component: "app" }), pod("fraud-model-r8-aa", { namespace: "shop", app: "fraud", health: "working", word: "Starting", ready: "0/1" }), pod("backup-28", { namespace: "ops", app: "", component: "", owner: { kind: "Job", name: "backup" } })],
  deployments: [{ namespace: "default", name: "digits-model-r7", health: "ok", word: "Ready", replicas: { ready: 2, desired: 2, updated: 2, available: 2 }, images: ["registry.local/digits-model:1.4"], app: "digits", component: "model", created: ago(9000) }],
  jobs: [{ namespace: "ops", name: "backup", health: "ok", word: "Done", completions: { done: 1, wanted: 1 }, active: 0, failed: 0, images: ["registry.local/backup:3"], created: ago(9000) }],
  nodes: [node("quay-1"), node("quay-2", { cpu: { capacity: 8, allocatable: 7.8, requested: 6.6 } }), node("quay-3", { pods: { running: 2, capacity: 110 } })],
  images: [image("default/digits-model", "1"), image("default/digits-app", "1", { size: 48e6, layers: 4 }), image("shop/fraud-model", "1.4", { usedBy: [], word: "Unused", source: "pushed" }), image("docker.io/library/python", "3.13-slim", { size: null, layers: null, source: null, usedBy: [] , word: "Unused" })],
  builds: [build("digits-model-9c01fe23aa", { health: "working", word: "Running", image: "", step: { number: 5, total: 6, instruction: STEPS[4] }, steps: steps(4), completed: null, started: ago(14), created: ago(16) }), build("digits-model-3f2a91c07b"), build("digits-app-77d1c0a9e0", { component: "app" })],
  gitrepositories: [git("harbour"), git("infra", { namespace: "default", url: "ssh://git@git.example.com/team/infra.git", sync: "OutOfSync", health: "paused", word: "Waiting", mode: "manual", objects: "8/8", message: "2 changes wait for a sync" })],
  events: [event(1, "Started", "Started container model"), event(2, "Pulled", "Pulled registry.local/digits-model:1.4 in 2.1 s"), event(3, "RolledOut", "Revision 7 answers all requests", { object: { kind: "ModelApp", namespace: "default", name: "digits" } })],
};

const FAILING = {
  ...HEALTHY,
  pods: [pod("digits-model-r8-x1", { health: "failing", word: "ImagePullBackOff", message: "cannot pull registry.local/digits-model:1.5: no such tag", fix: "berth why digits", ready: "0/1", restarts: 0 }), pod("fraud-model-r8-aa", { namespace: "shop", app: "fraud", health: "failing", word: "OOMKilled", message: "ended by the kernel at its memory limit of 256Mi", restarts: 41, ready: "0/1" }), ...HEALTHY.pods.slice(2)],
  nodes: [node("quay-3", { health: "failing", word: "NotReady", message: "no word from its agent for 4 min", fix: "systemctl status berth-agent" }), ...HEALTHY.nodes.slice(0, 2)],
  builds: [build("digits-model-9c01fe23aa", { health: "failing", word: "Failed", image: "", message: "line 3: pip install ended with exit code 1", fix: "correct requirements.txt and apply again", steps: steps(2, true), lastOutput: ["ERROR: No matching distribution found for nmupy==2.1"] }), ...HEALTHY.builds.slice(1)],
  gitrepositories: [git("harbour", { health: "failing", word: "RenderFailed", ready: "False", sync: "OutOfSync", healthWord: "Degraded", objects: "23/24", message: "clusters/prod/fraud.yaml:12: spec.model.imgae: unknown field; did you mean \"image\"?", fix: "correct the line and push" }), ...HEALTHY.gitrepositories.slice(1)],
  events: [event(0, "Failed", "cannot pull registry.local/digits-model:1.5: no such tag", { type: "Warning", health: "warning", count: 14 }), ...HEALTHY.events],
};

const soil = (value) => (typeof value === "string" && !/^\d{4}-|^(ok|failing|warning|working|paused|sha256:.*|True|False|Normal|Warning|Pod|ModelApp|Done|Running|Pending|Failed)$/.test(value) ? value + EVIL : Array.isArray(value) ? value.map(soil) : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, soil(item)])) : value);

export function rows(scenario, kind, query) {
  const all = scenario === "empty" ? (kind === "nodes" ? [node("quay-1")] : []) : ((scenario === "healthy" ? HEALTHY : FAILING)[kind] || []);
  const dirty = scenario === "hostile" ? soil(all) : all;
  const words = (query.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
  const found = dirty.filter((row) => (!query.get("namespace") || row.namespace === query.get("namespace")) && (query.get("only") !== "problems" || ["failing", "warning"].includes(row.health)) && words.every((word) => JSON.stringify(row).toLowerCase().includes(word)));
  return { rows: found, total: found.length, page: 1, pages: 1, problems: dirty.filter((row) => ["failing", "warning"].includes(row.health)).length };
}

const PARTS = [["base", 74e6, "FROM python:3.13-slim"], ["base", 4e6, "apt-get install ca-certificates"], ["libraries", 38e6, "RUN pip install -r requirements.txt"], ["application", 9e6, "COPY weights.json ."], ["application", 2e5, "COPY . ."], ["application", 3e3, "RUN python train.py"]];
export const imageDetail = (scenario, name) => ({ name: name + (scenario === "hostile" ? EVIL : ""), repository: name.split(":")[0], tag: name.split(":")[1], digest: `sha256:${HEX}`, size: 131e6, created: ago(5000), architecture: "amd64", os: "linux", entrypoint: null, command: ["python", "server.py"], user: "1000", ports: [8080], labels: { "org.opencontainers.image.source": "https://git.example.com/team/digits" }, source: "build default/digits-model-3f2a91c07b", usedBy: [{ kind: "ModelApp", namespace: "default", name: "digits" }], layers: PARTS.map(([part, size, instruction]) => ({ digest: `sha256:${HEX}`, size, part, instruction: instruction + (scenario === "hostile" ? EVIL : "") })) });
export const access = (scenario, namespace) => ({ namespace, entries: [
  { subject: { kind: "User", namespace: "", name: `jo@example.com${scenario === "hostile" ? EVIL : ""}` }, role: { kind: "ClusterRole", name: "admin" }, binding: { kind: "RoleBinding", name: "jo" }, rules: null },
  { subject: { kind: "ServiceAccount", namespace, name: "ci" }, role: { kind: "Role", name: "deployer" }, binding: { kind: "RoleBinding", name: "ci" }, rules: [{ verbs: ["get", "list", "patch"], groups: ["berth.dev"], resources: ["modelapps"], names: ["digits"] }, { verbs: ["get"], groups: [""], resources: ["pods/log"], names: [] }] }] });
