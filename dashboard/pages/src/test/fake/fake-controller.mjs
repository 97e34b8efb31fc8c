// A fake controller for looking at the pages while they are written: it serves the real files, with
// the real headers, and invents the cluster. Node only, for developers; no part of the build.
//
//   node fake-controller.mjs [healthy|failing|empty|hostile|crowded] [port]
import { createServer } from "node:http";
import { createHash } from "node:crypto";
import { readFileSync, existsSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { dirname, join, normalize } from "node:path";
import * as cluster from "./fake-cluster.mjs";

const WEB = join(dirname(fileURLToPath(import.meta.url)), "../../main/resources/dev/berth/dashboard/web");
const JARS = process.env.WEBJARS || join(homedir(), ".m2/repository/org/webjars/npm");
const scenario = process.argv[2] || "healthy";
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", mjs: "text/javascript", css: "text/css", svg: "image/svg+xml" };

const index = readFileSync(join(WEB, "index.html"), "utf8");
const importMap = /<script type="importmap">([\s\S]*?)<\/script>/.exec(index)[1];
const hash = createHash("sha256").update(importMap).digest("base64");
const CSP = `default-src 'none'; script-src 'self' 'sha256-${hash}'; style-src 'self'; connect-src 'self'; img-src 'self' data:; ` +
  "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html";

const jarred = new Map();
function fromJar(path) {
  const [name, version] = path.split("/");
  const jar = join(JARS, name, version, `${name}-${version}.jar`);
  if (!jarred.has(path)) jarred.set(path, execFileSync("unzip", ["-p", jar, `META-INF/resources/webjars/${path}`], { maxBuffer: 1 << 24 }));
  return jarred.get(path);
}

function file(path, response) {
  const name = normalize(path === "" ? "index.html" : path).replace(/^(\.\.\/)+/, "");
  const full = join(WEB, name);
  const body = name.startsWith("webjars/") ? fromJar(name.slice(8)) : existsSync(full) ? readFileSync(full) : null;
  if (!body) return response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": TYPES[name.split(".").pop()] || "text/plain", "Content-Security-Policy": CSP, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache" });
  response.end(body);
}

// Log in with any token, or by the link /ui/#login=anything.
let signedIn = false;
const WORD = "fake-csrf";
const session = { user: "jo@example.com", groups: ["harbour-crew"], expires: new Date(Date.now() + 12 * 3600e3).toISOString() };

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "https://fake");
  const path = url.pathname;
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const json = (status, value, headers = {}) => response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(value));
  if (path === "/ui") return response.writeHead(308, { Location: "/ui/" }).end();
  if (path === "/ui/api/login") return (signedIn = true), json(200, { ...session, csrf: WORD });
  if (path.startsWith("/ui/") && !path.startsWith("/ui/api/")) return file(path.slice(4), response);
  if (!signedIn) return json(401, { kind: "Status", message: "not logged in" });
  if (request.headers["x-berth-csrf"] !== WORD) return json(403, { kind: "Status", message: "this session needs the word of its page (header X-Berth-Csrf)" });
  if (path === "/ui/api/session") return json(200, session);
  if (path === "/ui/api/logout") return (signedIn = false), json(200, {});
  if (path === "/ui/api/summary") return json(200, cluster.summary(scenario), { ETag: `"${Date.now()}"` });
  const rows = /^\/ui\/api\/rows\/([a-z]+)$/.exec(path);
  if (rows) return json(200, cluster.rows(scenario, rows[1], url.searchParams));
  if (path === "/ui/api/image") return json(200, cluster.imageDetail(scenario, url.searchParams.get("name")));
  if (path === "/ui/api/access") return json(200, cluster.access(scenario, url.searchParams.get("namespace")));
  const one = /^\/ui\/api\/row\/([a-z]+)$/.exec(path);
  if (one) {
    const row = cluster.rows(scenario, one[1], new URLSearchParams()).rows.find((each) => each.name.startsWith(url.searchParams.get("name")));
    return row ? json(200, row) : json(404, { kind: "Status", code: 404, message: "no such row" });
  }
  return cluster.api(scenario, { method: request.method, path, query: url.searchParams, body, headers: request.headers }, response, json);
});
server.listen(Number(process.argv[3] || 7070), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/ui/ (${scenario})`));
