// Objects of the invented cluster as the Kubernetes API would give them.
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+Z/, "Z");
const HEX = "3f2a91c07be4d5582a6f1190c4de8b7713aa5f0c9e6d24b8a1705c3e9f8d2b64";
const EVIL = `"><img src=x onerror=window.ran=1><script>window.ran=1</script>`;
const list = (items) => ({ kind: "List", apiVersion: "v1", metadata: { resourceVersion: "812" }, items });
const condition = (type, status, reason, message, since = 3000) => ({ type, status, reason, message, lastTransitionTime: ago(since) });

function pod(name, { component, revision = "", node = "quay-1", bad = "", restarts = 0, made = 4000, evil = "" }) {
  const ready = !bad;
  return {
    apiVersion: "v1", kind: "Pod",
    metadata: { name: name + evil, namespace: "default", uid: `uid-${name}`, creationTimestamp: ago(made), labels: { "berth.dev/modelapp": "digits", "berth.dev/component": component, "berth.dev/revision": revision }, ownerReferences: [{ kind: "ReplicaSet", name: `${name}-rs`, controller: true }] },
    spec: { nodeName: node, serviceAccountName: "default", containers: [{ name: component, image: `registry.local/digits-${component}:1.4`, ports: [{ containerPort: 8080 }], resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } }, readinessProbe: { httpGet: { path: "/v2/health/ready", port: 8080 }, periodSeconds: 2 }, livenessProbe: { tcpSocket: { port: 8080 } }, env: [{ name: "OMP_NUM_THREADS", value: "1" }] }] },
    status: { phase: ready ? "Running" : "Pending", podIP: "10.244.1.7", startTime: ago(made - 2), conditions: [condition("PodScheduled", "True", "", "", made - 1), condition("Ready", ready ? "True" : "False", ready ? "" : "ContainersNotReady", bad ? `${bad}${evil}` : "", made - 9 - restarts)],
      containerStatuses: [{ name: component, image: `registry.local/digits-${component}:1.4`, imageID: `sha256:${HEX}`, ready, restartCount: restarts, state: ready ? { running: { startedAt: ago(made - 5) } } : { waiting: { reason: "ImagePullBackOff", message: `${bad}${evil}` } } }] },
  };
}

const pods = (scenario) => scenario === "failing" || scenario === "hostile"
  ? [pod("digits-model-r8-x1", { component: "model", revision: "r8", bad: "cannot pull registry.local/digits-model:1.5: no such tag", made: 600, evil: scenario === "hostile" ? EVIL : "" }), pod("digits-model-r8-k2", { component: "model", revision: "r8", bad: "cannot pull registry.local/digits-model:1.5: no such tag", made: 600 }), pod("digits-app-77d", { component: "app" })]
  : [pod("digits-model-r7-x1", { component: "model", revision: "r7" }), pod("digits-model-r7-k2", { component: "model", revision: "r7", node: "quay-2", restarts: 0, made: 3990 }), pod("digits-app-77d", { component: "app", made: 3980 })];

function modelApp(scenario) {
  const failing = scenario !== "healthy";
  const evil = scenario === "hostile" ? EVIL : "";
  return {
    apiVersion: "berth.dev/v1alpha1", kind: "ModelApp",
    metadata: { name: "digits", namespace: "default", uid: "uid-digits", generation: 3, resourceVersion: "811", creationTimestamp: ago(86400 * 2), labels: { "berth.dev/git-repository": "harbour" }, annotations: { note: evil || "kept: by hand\nsecond line", "berth.dev/context-digest.model": `sha256:${HEX}` }, managedFields: [] },
    spec: { model: { image: failing ? "registry.local/digits-model:1.5" : "registry.local/digits-model:1.4", version: "1.4", env: [{ name: "OMP_NUM_THREADS", value: "1" }], resources: { requests: { cpu: "500m" } } }, endpoint: { protocol: "open-inference" }, app: { image: "registry.local/digits-web:2.0" }, scale: { model: { min: 2, max: 2 } }, ingress: { host: "digits.localhost" } },
    status: {
      observedGeneration: 3, url: "http://digits.localhost", endpoint: { url: "http://digits-model.default.svc.cluster.local", protocol: "open-inference" }, app: { ready: 1, desired: 1, image: "registry.local/digits-web:2.0" },
      revisions: failing ? [{ name: "r7", image: `registry.local/digits-model@sha256:${HEX}`, ready: 0, desired: 0, weight: 0 }, { name: "r8", image: "registry.local/digits-model:1.5", ready: 0, desired: 2, weight: 100 }] : [{ name: "r7", image: `registry.local/digits-model@sha256:${HEX}`, ready: 2, desired: 2, weight: 100 }],
      conditions: [condition("Ready", failing ? "False" : "True", failing ? "ImagePullFailed" : "Ready", failing ? `Pod digits-model-r8-x1: no such tag${evil}; berth why digits` : ""), condition("SpecAccepted", "True", "Accepted", ""), condition("ImagesReady", "True", "Ready", "every image is named"), condition("ModelReady", failing ? "False" : "True", failing ? "ImagePullFailed" : "Ready", failing ? "0 of 2 replicas are ready" : "2 of 2 replicas are ready"), condition("EndpointReady", failing ? "False" : "True", failing ? "NoReadyReplica" : "Ready", ""), condition("AppReady", "True", "Ready", ""), condition("Progressing", failing ? "True" : "False", "RolloutDone", "")],
      ...(failing ? { lastFailure: { component: "model", pod: "digits-model-r8-x1", reason: "ImagePullFailed", time: ago(300), message: "no such tag", hint: "berth why digits", logTail: [`pull registry.local/digits-model:1.5${evil}`, "404 MANIFEST_UNKNOWN"] } } : {}),
    },
  };
}

const event = (n, kind, name, type, reason, message, seconds, count = 1) => ({ metadata: { name: `e${n}`, uid: `e${n}`, namespace: "default", creationTimestamp: ago(seconds) }, involvedObject: { kind, namespace: "default", name }, type, reason, message, count, lastTimestamp: ago(seconds) });
function events(scenario) {
  if (scenario === "empty") return [];
  const evil = scenario === "hostile" ? EVIL : "";
  const all = [event(1, "ModelApp", "digits", "Normal", "RolledOut", "Revision 7 answers all requests", 3600), event(2, "Pod", "digits-model-r7-x1", "Normal", "Started", "Started container model", 3900), event(3, "Pod", "digits-model-r7-x1", "Normal", "Pulled", "Pulled registry.local/digits-model:1.4 in 2.1 s", 3950)];
  return scenario === "healthy" ? all : [event(4, "Pod", "digits-model-r8-x1", "Warning", "Failed", `cannot pull registry.local/digits-model:1.5: no such tag${evil}`, 30, 14), event(5, "ModelApp", "digits", "Warning", "ModelNotReady", "0 of 2 replicas are ready", 200, 3), ...all];
}

const RULES = [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];

function logs(response, scenario, path, follow) {
  const name = path.split("/").at(-2);
  response.writeHead(200, { "Content-Type": "text/plain" });
  const line = (n) => `${new Date(Date.now() - (60 - n) * 1000).toISOString()} ${["POST /v2/models/digits/infer 200 4.1 ms", "GET /v2/health/ready 200", "WARNING batch is small: 1", "ERROR worker 2: cannot parse body \x1b[31mred\x1b[0m", `loaded weights ${scenario === "hostile" ? EVIL : "64x32x10"}`][n % 5]} [${name.slice(-2)}]\n`;
  for (let n = 0; n < 60; n++) response.write(line(n));
  if (!follow) return response.end();
  const timer = setInterval(() => response.write(line(60)), 1000);
  response.on("close", () => clearInterval(timer));
}

const METADATA = { name: "digits", inputs: [{ name: "pixels", datatype: "FP32", shape: [-1, 64] }], outputs: [{ name: "digit", datatype: "INT64", shape: [-1] }, { name: "probabilities", datatype: "FP32", shape: [-1, 10] }] };

function call(method, response, json) {
  if (method === "GET") return json(200, { protocol: "open-inference", modelName: "digits", metadata: METADATA, example: { inputs: [{ name: "pixels", datatype: "FP32", shape: [1, 64], data: new Array(64).fill(0) }] } });
  json(200, { model_name: "digits", outputs: [{ name: "digit", datatype: "INT64", shape: [1], data: [4] }, { name: "probabilities", datatype: "FP32", shape: [1, 10], data: [0.001, 0.002, 0.003, 0.01, 0.92, 0.02, 0.01, 0.014, 0.01, 0.01] }] },
    { "berth-revision": "r7", "berth-request-id": "8c1f0e7a", "berth-model-version": "1.4", "server-timing": "queue;dur=0.2, model;dur=3.4" });
}

function repository(scenario) {
  const bad = scenario !== "healthy";
  const evil = scenario === "hostile" ? EVIL : "";
  const revision = (hex) => `main@sha1:${hex}${HEX}`.slice(0, 50);
  return {
    apiVersion: "berth.dev/v1alpha1", kind: "GitRepository", metadata: { name: "harbour", namespace: "shop", resourceVersion: "9", generation: 2, creationTimestamp: ago(90000) },
    spec: { url: `https://git.example.com/team/harbour.git${evil}`, path: "clusters/prod", sync: { mode: bad ? "manual" : "auto" } },
    status: {
      source: { revision: revision("77"), author: `Jo${evil}`, subject: `Serve digits 1.5${evil}`, committedAt: ago(240) }, appliedRevision: bad ? revision("5a") : revision("77"), healthyRevision: revision("5a"), skippedRevisions: bad ? [revision("13")] : [], lastCheck: { time: ago(20), duration: "120ms" },
      summary: { total: 3, synced: bad ? 2 : 3, healthy: bad ? 2 : 3, degraded: bad ? 1 : 0 },
      resources: [{ ref: `ModelApp.berth.dev/shop/fraud${evil}`, sync: bad ? "OutOfSync" : "Synced", health: bad ? "Degraded" : "Healthy", message: bad ? `0 of 2 replicas are ready${evil}` : "", wave: 0 }, { ref: "ConfigMap/shop/settings", sync: "Synced", health: "Healthy", wave: -1 }, { ref: "Service/shop/fraud-model", sync: "Synced", health: "Healthy", wave: 0 }],
      ...(bad ? { pendingDiff: { create: [{ ref: "ConfigMap/shop/new" }], update: [{ ref: `ModelApp.berth.dev/shop/fraud${evil}`, changes: [{ path: "spec.model.image", from: "fraud-model:1.4", to: `fraud-model:1.5${evil}` }] }], delete: [{ ref: "PersistentVolumeClaim/shop/old" }] }, pendingConfirmations: [`PersistentVolumeClaim/shop/old${evil}`] } : {}),
      history: [{ revision: revision("77"), startedAt: ago(230), duration: "4s", result: bad ? "Failed" : "Succeeded", by: "webhook", message: bad ? `fraud: 0 of 2 ready${evil}` : "" }, { revision: revision("5a"), startedAt: ago(9000), duration: "12s", result: "Succeeded", by: "poll" }, { revision: revision("13"), startedAt: ago(19000), duration: "3s", result: "Succeeded", by: "jo" }],
      conditions: [condition("Ready", bad ? "False" : "True", bad ? "PruneGuard" : "Synced", bad ? `1 deletion waits for somebody to agree${evil}` : ""), condition("Synced", bad ? "False" : "True", bad ? "OutOfSync" : "Synced", ""), condition("Healthy", bad ? "False" : "True", bad ? "Degraded" : "Healthy", ""), condition("SourceReady", "True", "Fetched", "")],
    },
  };
}

function build(scenario) {
  const bad = scenario !== "healthy";
  const evil = scenario === "hostile" ? EVIL : "";
  const step = (number, instruction, state, cached = false) => ({ number, total: 4, line: number, instruction: instruction + evil, state, cached, duration: "4200ms" });
  return {
    metadata: { name: "digits-model-9c01fe23aa", namespace: "default", labels: { "berth.dev/modelapp": "digits" }, creationTimestamp: ago(20) }, spec: { repository: "default/digits-model", containerScript: "Dockerfile", contextDigest: `sha256:${HEX}`, nodeName: "quay-1" },
    status: { phase: bad ? "Failed" : "Running", startTime: ago(14), steps: [step(1, "FROM python:3.13-slim", "Done", true), step(2, "COPY requirements.txt .", "Done", true), step(3, "RUN pip install -r requirements.txt", bad ? "Failed" : "Running"), step(4, "COPY . .", "Pending")],
      ...(bad ? { completionTime: ago(2), failure: { step: 3, script: "Dockerfile", line: 3, instruction: "RUN pip install -r requirements.txt", exitCode: 1, message: `the command ended with exit code 1${evil}`, lastOutput: [`ERROR: No matching distribution found for nmupy==2.1${evil}`] } } : {}) },
  };
}

export function object(scenario, { method, path, query, body }, response, json) {
  if (query.get("watch")) return response.writeHead(200, { "Content-Type": "application/json" }).flushHeaders();
  if (path.endsWith("/selfsubjectrulesreviews")) return json(201, { status: { resourceRules: RULES, incomplete: false } });
  if (path.endsWith("/selfsubjectaccessreviews")) return json(201, { status: { allowed: true } });
  if (path.endsWith("/call")) return call(method, response, json);
  if (path.endsWith("/log")) return logs(response, scenario, path, query.get("follow"));
  if (path.endsWith("/modelapps/digits")) {
    if (method === "PUT") {
      const app = modelApp(scenario);
      app.spec.model.image = /image: (\S+model\S+)/.exec(body)?.[1] || app.spec.model.image;
      app.metadata.generation++;
      return json(200, app);
    }
    return json(200, modelApp(scenario));
  }
  if (path.includes("/gitrepositories/")) return json(200, repository(scenario));
  if (path.includes("/imagebuilds/")) return json(200, build(scenario));
  if (path.endsWith("/namespaces")) return json(200, list(["default", "shop", "search"].map((name) => ({ metadata: { name } }))));
  const found = /\/pods\/([^/]+)$/.exec(path);
  if (found) return json(200, pods(scenario).find((one) => one.metadata.name === decodeURIComponent(found[1])) || pods(scenario)[0]);
  if (path.endsWith("/pods")) return json(200, list(scenario === "empty" ? [] : pods(scenario)));
  if (path.endsWith("/events")) return json(200, list(events(scenario).filter((one) => !query.get("fieldSelector")?.includes("kind=") || query.get("fieldSelector").includes(`kind=${one.involvedObject.kind}`))));
  if (/\/nodes\/[^/]+$/.test(path)) return json(200, { metadata: { name: "quay-1", creationTimestamp: ago(9e5) }, spec: {}, status: { capacity: { cpu: "8", memory: "32Gi", pods: "110", "ephemeral-storage": "200Gi" }, addresses: [{ type: "InternalIP", address: "192.0.2.11" }], nodeInfo: { kernelVersion: "6.12.48", osImage: "Debian 13", kubeletVersion: "0.1.0" }, conditions: [condition("Ready", "True", "AgentReady", "the agent reports"), condition("DiskPressure", "False", "Enough", ""), condition("MemoryPressure", "False", "Enough", "")] } });
  if (path.endsWith("/deployments")) return json(200, list([{ metadata: { name: "digits-model-r7" }, spec: { replicas: 2 }, status: { readyReplicas: 2 } }, { metadata: { name: "digits-app" }, spec: { replicas: 1 }, status: { readyReplicas: 1 } }]));
  json(404, { kind: "Status", status: "Failure", reason: "NotFound", code: 404, message: `the fake knows no ${path}` });
}
