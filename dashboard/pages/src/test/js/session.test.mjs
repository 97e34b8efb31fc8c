// Who a request is sent as: the session's word beside the cookie, across tabs, links and logouts.
import { beforeEach, test } from "node:test";
import assert from "node:assert/strict";

const core = (name) => import(new URL(`../../main/resources/dev/berth/dashboard/web/js/core/${name}.js`, import.meta.url));
const { raw, send, get, whenSignedOut, useSession, wordAsProtocol } = await core("api");
const { logIn, logOut, openSession, takeCode } = await core("session");

const store = new Map();
globalThis.localStorage = { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value), removeItem: (key) => store.delete(key) };
const KEY = "berth-csrf";

let sent = [];
let signedOut = [];
let cookie; // the session that the browser's cookie names: {user, word}, as the server sees it

globalThis.fetch = async (path, { method, headers }) => {
  const shown = headers.get("X-Berth-Csrf");
  sent.push([method, path, shown]);
  const answer = (status, body) => new Response(status === 204 ? null : JSON.stringify(body), { status });
  if (path === "/ui/api/login") return cookie ? answer(200, { user: cookie.user, csrf: cookie.word }) : answer(401, { message: "used" });
  if (!cookie) return answer(401, { message: "nobody" });
  if (shown !== cookie.word) return answer(403, { kind: "Status", message: "this session needs the word of its page (header X-Berth-Csrf)" });
  return path === "/ui/api/session" ? answer(200, { user: cookie.user }) : path === "/ui/api/logout" ? answer(204) : answer(200, { as: cookie.user });
};

beforeEach(async () => {
  store.clear();
  signedOut = [];
  whenSignedOut((why) => signedOut.push(why));
  cookie = { user: "ann", word: "ann-1" };
  await logIn({ code: "abcdefgh" });
  sent = [];
});

test("every request shows the word, reading too, and a WebSocket offers it", async () => {
  await get("/api/v1/pods");
  await send("POST", "/api/v1/pods", {});
  await raw("/ui/api/summary");
  assert.deepEqual(sent.map((one) => one[2]), ["ann-1", "ann-1", "ann-1"]);
  assert.deepEqual(wordAsProtocol(), ["csrf.berth.dev.ann-1"]);
});

test("a reload finds its session by the kept word, though only the login told it", async () => {
  useSession({ user: "", csrf: "other" });
  store.set(KEY, "ann-1");
  assert.equal((await openSession()).user, "ann");
  assert.equal((await get("/x")).as, "ann");
  assert.equal(store.get(KEY), "ann-1");
});

test("without a word nothing is asked; a stale one is forgotten", async () => {
  store.clear();
  assert.equal(await openSession(), null);
  assert.deepEqual(sent, []);
  store.set(KEY, "of yesterday");
  assert.equal(await openSession(), null);
  assert.equal(store.has(KEY), false);
});

test("logging out forgets the word, also when the server is away", async () => {
  await logOut();
  assert.equal(store.has(KEY), false);
  assert.deepEqual(wordAsProtocol(), []);
});

test("an ended session forgets the word and tells the page", async () => {
  cookie = undefined;
  await assert.rejects(get("/x"), { status: 401 });
  assert.equal(store.has(KEY), false);
  assert.equal(signedOut.length, 1);
});

test("another tab's new login of the same user is taken over, and the write is sent again", async () => {
  cookie = { user: "ann", word: "ann-2" };
  store.set(KEY, "ann-2");
  assert.equal((await send("POST", "/x", {})).as, "ann");
  assert.deepEqual(signedOut, []);
});

test("a write is never sent again as somebody else", async () => {
  cookie = { user: "bob", word: "bob-1" };
  store.set(KEY, "bob-1");
  await assert.rejects(send("POST", "/x", {}), { status: 403 });
  assert.deepEqual(sent.filter((one) => one[1] === "/x").map((one) => one[2]), ["ann-1"]);
  assert.match(signedOut[0], /logged in as bob now/);
  assert.equal(store.get(KEY), "bob-1"); // the other tab goes on
});

test("a cookie that was planted without its word signs out", async () => {
  cookie = { user: "mallory", word: "unknown here" };
  await assert.rejects(Promise.all([send("POST", "/x", {}), get("/y")]), { status: 403 });
  assert.equal(signedOut.length, 1);
  assert.equal(sent.filter((one) => one[1] === "/x").length, 1);
});

test("a used link leaves the session that is there", async () => {
  const before = cookie;
  cookie = undefined;
  await assert.rejects(logIn({ code: "abcdefgh" }), { status: 401 });
  cookie = before;
  assert.deepEqual(signedOut, []);
  assert.equal((await openSession()).user, "ann");
});

test("a code leaves the address before anything is asked", () => {
  const seen = [];
  assert.equal(takeCode({ hash: "#login=abcdefgh12", pathname: "/ui/" }, { replaceState: (...all) => seen.push(all[2]) }), "abcdefgh12");
  assert.deepEqual(seen, ["/ui/#/"]);
});

const { readLines, orHidden, HIDDEN, eventsAbout } = await core("kube");
const { safeUrl } = await core("route");

/** Runs `work` with a server that gives this answer to everything. */
async function answering(response, work) {
  const before = globalThis.fetch;
  globalThis.fetch = async () => response;
  try {
    return await work();
  } finally {
    globalThis.fetch = before;
  }
}

test("a line without an end is cut with a mark, also over many chunks", async () => {
  const body = new ReadableStream({
    start(to) {
      for (let i = 0; i < 50; i++) to.enqueue(new TextEncoder().encode("x".repeat(10)));
      to.enqueue(new TextEncoder().encode("\nshort\nlast"));
      to.close();
    },
  });
  const lines = [];
  await answering(new Response(body), () => readLines("/log", undefined, (line) => lines.push(line), 20));
  assert.deepEqual(lines, [`${"x".repeat(20)} ... line cut`, "short", "last"]);
});

test("what is refused is hidden, what fails is a failure", async () => {
  assert.equal(await orHidden(Promise.reject(Object.assign(new Error(), { status: 403 }))), HIDDEN);
  await assert.rejects(orHidden(Promise.reject(Object.assign(new Error(), { status: 500 }))));
});

test("events come as the server sorts them, of the wanted objects only", async () => {
  const row = (name, about) => ({ namespace: "a", name, word: "Started", since: "2026-11-23T17:00:00Z", object: { kind: "Pod", name: about } });
  const found = await answering(Response.json({ rows: [row("e2", "digits-1"), row("e1", "digits-10")] }), () => eventsAbout("a", "digits", (about) => about.name === "digits-1"));
  assert.deepEqual(found.map((event) => [event.metadata.name, event.reason]), [["e2", "Started"]]);
});

test("no link leads to this server itself, or to a place relative to it", () => {
  globalThis.location = { origin: "https://berth.test:6443" };
  assert.deepEqual(["https://berth.test:6443/v2/x", "/v2/x", "//berth.test:6443/v2"].map(safeUrl), ["", "", ""]);
  assert.equal(safeUrl("https://git.example.com/x"), "https://git.example.com/x");
  delete globalThis.location;
});

const { replicasOf } = await core("words");

test("a canary is counted with what both revisions want", () => {
  assert.deepEqual(replicasOf({ replicas: { ready: 2, desired: 1 }, revisions: [{ desired: 1 }, { desired: 1 }] }), { ready: 2, desired: 2 });
  assert.deepEqual(replicasOf({ replicas: { ready: 1, desired: 1 } }), { ready: 1, desired: 1 });
});
