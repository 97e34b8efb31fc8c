// The pages' pure logic, without a browser: node --test dashboard/pages/src/test/js
import { test } from "node:test";
import assert from "node:assert/strict";

const core = (name) => import(new URL(`../../main/resources/dev/berth/dashboard/web/js/core/${name}.js`, import.meta.url));
const { toYaml, editable } = await core("yaml");
const { diffLines, hunks, changed } = await core("diff");
const { pictureOf, zeros, typed, ranked } = await core("tensor");
const { rasterize } = await core("raster");
const { nextDelay } = await core("poll");
const { parse, safeUrl, to, placeOf } = await core("route");
const { readLine, matching, Ring, KEPT } = await core("loglines");
const { path, area, ceiling, column } = await core("spark");
const { allows } = await core("rights");
const { codeIn } = await core("session");
const { shortRevision, partsOf, pendingOf } = await core("gitwords");
const { shortened, brief, age, bytes, quantity, rate, millis } = await core("format");
const { spoken, headline, partHealth, conditionHealth } = await core("words");
const { pause } = await core("watch");
const { message, ending } = await core("exec");
const { podWord } = await core("kube");

test("text that another reader takes for something else is quoted", () => {
  for (const text of ["yes", "1e3", "12:30", "", " x", "- x", "a: b", "a #b", "null", "0x1f", "~", "x:"]) {
    assert.equal(toYaml({ a: text }), `a: ${JSON.stringify(text)}\n`);
  }
  assert.equal(toYaml({ image: "registry.local/digits:1.4", cpu: "500m" }), "image: registry.local/digits:1.4\ncpu: 500m\n");
});

test("several lines stay lines, and lists of lists stay lists", () => {
  assert.equal(toYaml({ a: "x\n  y\n", b: [["1"], { c: [] }] }), 'a: |\n  x\n    y\nb:\n- - "1"\n- c: []\n');
});

test("the version that was read is part of what is edited, bookkeeping is not", () => {
  const object = { kind: "X", metadata: { name: "a", resourceVersion: "7", managedFields: [{}] }, status: {} };
  assert.deepEqual(editable(object), { kind: "X", metadata: { name: "a", resourceVersion: "7" } });
});

test("a difference names what went and what came, with lines around it", () => {
  const lines = diffLines("a\nb\nc", "a\nx\nc");
  assert.deepEqual(lines.map((line) => line.kind), ["same", "gone", "new", "same"]);
  assert.equal(changed(diffLines("a\nb", "a\nb")), false);
  const far = Array.from({ length: 40 }, (_, i) => `l${i}`);
  assert.equal(hunks(diffLines(far.join("\n"), far.with(20, "x").join("\n")), 2).filter((line) => line.kind === "gap").length, 2);
});

test("diffs put together again give both texts", () => {
  let seed = 20261123;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  for (let turn = 0; turn < 200; turn++) {
    const text = () => Array.from({ length: random(12) }, () => "abc"[random(3)]).join("\n");
    const [before, after] = [text(), text()];
    const lines = diffLines(before, after);
    assert.equal(lines.filter((line) => line.kind !== "new").map((line) => line.text).join("\n"), before, `seed 20261123 turn ${turn}`);
    assert.equal(lines.filter((line) => line.kind !== "gone").map((line) => line.text).join("\n"), after, `seed 20261123 turn ${turn}`);
  }
});

test("a square input is a picture, a vector of four is none", () => {
  assert.deepEqual(pictureOf({ datatype: "FP32", shape: [-1, 64] }), { width: 8, height: 8 });
  assert.deepEqual(pictureOf({ datatype: "FP32", shape: [-1, 784] }), { width: 28, height: 28 });
  assert.deepEqual(pictureOf({ datatype: "UINT8", shape: [-1, 28, 28, 1] }), { width: 28, height: 28 });
  assert.equal(pictureOf({ datatype: "FP32", shape: [-1, 4] }), null);
  assert.equal(pictureOf({ datatype: "BYTES", shape: [-1, 64] }), null);
});

test("zeros have the declared shape, with one where it may vary", () => {
  assert.deepEqual(zeros([{ name: "x", datatype: "BOOL", shape: [-1, 2] }]).inputs[0], { name: "x", datatype: "BOOL", shape: [1, 2], data: [false, false] });
});

test("what is typed must be what the datatype wants", () => {
  assert.equal(typed("1.5", "FP32", "x"), 1.5);
  assert.throws(() => typed("1.5", "INT64", "x 3"), /x 3: INT64 wants a whole number/);
  assert.throws(() => typed("one", "FP32", "x"), /"one" is no number/);
});

test("probabilities are ranked, other numbers are not", () => {
  assert.equal(ranked({ datatype: "FP32", data: [0.1, 0.7, 0.2] })[0].index, 1);
  assert.equal(ranked({ datatype: "FP32", data: [10, 20] }), null);
  assert.equal(ranked({ datatype: "INT64", data: [0, 1] }), null);
});

test("a drawing fills its box whatever its size, and an empty page is none", () => {
  const line = (scale) => [Array.from({ length: 20 }, (_, i) => ({ x: 50 + scale * i, y: 50 + 2 * scale * i }))];
  const [small, large] = [rasterize(line(1), { width: 28, height: 28 }), rasterize(line(9), { width: 28, height: 28 })];
  assert.deepEqual(small, large);
  assert.equal(small.length, 784);
  assert.ok(Math.max(...small) <= 1 && Math.max(...small) > 0.9);
  assert.equal(rasterize([], { width: 8, height: 8 }), null);
});

test("questions come slower when nobody looks or nobody answers, and end after half an hour unseen", () => {
  assert.equal(nextDelay({}), 2000);
  assert.equal(nextDelay({ failures: 2 }), 8000);
  assert.equal(nextDelay({ failures: 50 }), 30_000);
  assert.equal(nextDelay({ hidden: true, hiddenFor: 1000 }), 10_000);
  assert.equal(nextDelay({ hidden: true, hiddenFor: 31 * 60_000 }), Infinity);
});

test("names stay names in an address, and only http becomes a link", () => {
  const evil = `../x?y#"><script>`;
  assert.deepEqual(parse(to("apps", "ns", evil)).parts, ["apps", "ns", evil]);
  assert.equal(safeUrl("javascript:alert(1)"), "");
  assert.equal(safeUrl("data:text/html,x"), "");
  assert.equal(safeUrl("http://digits.localhost:8080"), "http://digits.localhost:8080/");
  assert.equal(placeOf("Secret", "a", "b"), "");
  assert.deepEqual(parse("#/apps/%E0%A4%A").parts, ["apps", "%E0%A4%A"]);
});

test("a line loses what a terminal would obey", () => {
  const line = readLine("2026-11-23T17:00:00.1Z \x1b[31mERROR\x1b[0m \x1b]0;title\x07x\x00", "p");
  assert.deepEqual([line.time, line.text, line.level], ["2026-11-23T17:00:00.1Z", "ERROR x", "error"]);
});

test("lines of many pods stand in order of time, and the oldest go first", () => {
  const ring = new Ring();
  for (const second of ["01", "03", "02"]) ring.add(readLine(`2026-11-23T17:00:${second}Z l${second}`, "p"));
  assert.deepEqual(ring.lines.map((line) => line.text), ["l01", "l02", "l03"]);
  for (let i = 0; i < KEPT + 10; i++) ring.add(readLine(`x${i}`, "p"));
  assert.equal(ring.lines.length, KEPT);
  assert.deepEqual(matching(ring.lines, { words: "X5009 x" }).map((line) => line.text), ["x5009"]);
});

test("a figure that is missing is a gap in the line", () => {
  assert.equal(path([1, null, 2], { width: 10, height: 10, top: 2 }), "M0.0 5.0M10.0 0.0");
  assert.equal(area([null, null], { width: 10, height: 10, top: 2 }), "");
  assert.equal(ceiling([3, null, 38]), 50);
  assert.deepEqual(column([[100, 7]], 1, { now: 104, count: 3 }), [null, null, 7]);
  assert.deepEqual(column([[90, 7], [500, 1]], 1, { now: 104, count: 3 }), [7, null, null]);
});

test("only what a rule allows is offered", () => {
  const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["pods", "pods/log"] }, { verbs: ["patch"], apiGroups: ["berth.dev"], resources: ["modelapps"], resourceNames: ["digits"] }];
  assert.ok(allows(rules, "get", "", "pods/log", "x"));
  assert.ok(!allows(rules, "create", "", "pods/exec", "x"));
  assert.ok(allows(rules, "patch", "berth.dev", "modelapps", "digits"));
  assert.ok(!allows(rules, "patch", "berth.dev", "modelapps", "fraud"));
  assert.ok(!allows(rules, "get", "apps", "pods"));
});

test("only a login link has a code", () => {
  assert.equal(codeIn("#login=abcdefgh12"), "abcdefgh12");
  assert.equal(codeIn("#/login=abcdefgh12"), "");
  assert.equal(codeIn("#login=<script>"), "");
});

test("words of Git", () => {
  assert.equal(shortRevision("main@sha1:3f2a91c07be4"), "main@3f2a91c");
  assert.deepEqual(partsOf("ModelApp.berth.dev/shop/fraud"), { kind: "ModelApp", namespace: "shop", name: "fraud" });
  assert.deepEqual(partsOf("Namespace/shop"), { kind: "Namespace", namespace: "", name: "shop" });
  assert.deepEqual(pendingOf({ update: [{ ref: "a", changes: [{ path: "p" }] }], delete: ["b"] }), [{ verb: "update", ref: "a", changes: [{ path: "p" }] }, { verb: "delete", ref: "b", changes: [] }]);
});

test("digests and commits are cut inside a sentence, and the sentence stays", () => {
  assert.equal(shortened("applied main@sha1:e8a03c09e4e634139b4d5ddb30338832a6e80550 now"), "applied main@sha1:e8a03c09 now");
  assert.equal(brief("digits@sha256:e8a03c09e4e634139b4d5ddb30338832a6e80550"), "e8a03c09");
});

test("an unknown figure is a dash, never a zero", () => {
  assert.deepEqual([rate(null), millis(undefined), bytes(null), age("")], ["–", "–", "–", "–"]);
  assert.deepEqual([rate(0), rate(0.44), rate(1234), millis(0.84), millis(1400), bytes(1536)], ["0", "0.4", "1.2k", "0.8 ms", "1.4 s", "1.5 KiB"]);
  assert.equal(quantity("128Mi"), 134217728);
});

test("the head of the page says first what is wrong", () => {
  const summary = (healths, problems = 0) => ({ apps: healths.map((health) => ({ health })), appsTotal: healths.length, cluster: { problems } });
  assert.equal(headline(summary(["ok", "ok"])).text, "All is well with 2 apps.");
  assert.equal(headline(summary(["ok", "failing"], 3)).text, "1 of 2 apps needs you.");
  assert.equal(headline(summary(["ok"], 1)).health, "warning");
  assert.equal(partHealth({ ready: 0, desired: 2 }, "failing"), "failing");
  assert.equal(conditionHealth({ type: "DiskPressure", status: "True" }), "failing");
  assert.equal(conditionHealth({ type: "Ready", status: "Unknown" }), "unknown");
});

test("a watch that fails is opened again, more slowly each time", () => {
  assert.deepEqual([0, 1, 9].map(pause), [2000, 4000, 30_000]);
});

test("reasons are said as people do, but what people search for stays", () => {
  assert.deepEqual(["NoReadyReplica", "CrashLoopBackOff", "OOMKilled", "Ready", ""].map(spoken), ["No ready replica", "CrashLoopBackOff", "OOMKilled", "Ready", ""]);
});

test("channels of a terminal", () => {
  assert.deepEqual([...message(4, new Uint8Array([1, 2]))], [4, 1, 2]);
  assert.equal(ending('{"status":"Failure","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}'), "The shell has ended with exit code 3.");
  assert.equal(ending(""), "The connection was closed.");
});

test("a pod that cannot pull is failing, one that pulls is working", () => {
  const pod = (waiting) => ({ metadata: {}, status: { phase: "Pending", containerStatuses: [{ state: { waiting } }] } });
  assert.equal(podWord(pod({ reason: "ImagePullBackOff", message: "no" })).health, "failing");
  assert.equal(podWord(pod({ reason: "PullingImage" })).health, "working");
});
