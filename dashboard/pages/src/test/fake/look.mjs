// Takes pictures of pages with Chromium and checks them: axe's rules, CSP violations, errors in the
// console, marks that an injected script would leave. For developers; see fake-controller.mjs.
//
//   [LOGIN=URL] PLAYWRIGHT=.../package AXE=.../axe.min.js node look.mjs http://127.0.0.1:7070/ui/ OUT NAME=#/place ...
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const { chromium } = await import(join(process.env.PLAYWRIGHT, "index.mjs"));
const [base, out, ...places] = process.argv.slice(2);
const axe = process.env.AXE ? readFileSync(process.env.AXE, "utf8") : "";
const SIZES = (process.env.SIZES || "1280x860,360x740").split(",").map((size) => size.split("x").map(Number));
const SCHEMES = (process.env.SCHEMES || "light,dark").split(",");
mkdirSync(out, { recursive: true });

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
// A real server: LOGIN is the link that `berth dashboard` prints. It works once, so its cookie is kept.
let storageState;
if (process.env.LOGIN) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(process.env.LOGIN);
  await page.waitForSelector("main");
  storageState = await context.storageState();
  await context.close();
}
let bad = 0;
const complain = (place, text) => (bad++, console.log(`${place}: ${text}`));

for (const [width, height] of SIZES) {
  for (const colorScheme of SCHEMES) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce", storageState, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    let current = "";
    page.on("console", (message) => message.type() === "error" && complain(current, `console: ${message.text()}`));
    page.on("pageerror", (error) => complain(current, `error: ${error.message}`));
    for (const place of places) {
      const [name, hash = "#/"] = place.split(/=(.*)/s);
      current = `${name} ${width} ${colorScheme}`;
      await page.goto(base + hash);
      if (place !== places[0]) await page.reload();
      await page.waitForTimeout(Number(process.env.WAIT || 900));
      await page.screenshot({ path: join(out, `${name}-${width}-${colorScheme}.png`), fullPage: process.env.FULL !== "no" });
      if (await page.evaluate(() => window.ran)) complain(current, "an injected script ran");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) complain(current, `${wide} px wider than the window`);
      if (axe) {
        // Through the debugger, which the page's CSP does not bind.
        await page.evaluate(axe);
        const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
        for (const one of found.violations) complain(current, `axe ${one.id}: ${one.nodes.map((node) => `${node.target} ${node.any[0]?.message || ""}`).slice(0, 3).join(" | ")}`);
      }
    }
    await context.close();
  }
}
await browser.close();
console.log(bad ? `${bad} complaints` : "no complaints");
process.exitCode = bad ? 1 : 0;
