import { LitElement, html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { raw, failureOf, whenSignedOut } from "./core/api.js";
import { codeIn, logIn, logOut, openSession, takeCode } from "./core/session.js";
import { forgetRights } from "./core/rights.js";
import { nextDelay, poll, STALE_AFTER } from "./core/poll.js";
import { parse, to } from "./core/route.js";
import { isDark, toggleTheme } from "./core/theme.js";
import { age } from "./core/format.js";
import { confirm } from "./ui/confirm.js";
import { icon } from "./ui/icons.js";
import { pageFor, placeAt, placesFor } from "./places.js";

const SAID_FOR = 8000;
const USED = "This link was used already, or is older than two minutes. Ask for a new one.";

/** Whether asking again later may help. */
const passes = ({ status }) => status === 0 || status === 429 || status >= 500;

/** The frame: who is looking, where they are, and the one summary that all pages share. */
class Shell extends LitElement {
  static properties = {
    session: { state: true },
    problem: { state: true },
    route: { state: true },
    summary: { state: true },
    stale: { state: true },
    news: { state: true },
    said: { state: true },
  };

  createRenderRoot() {
    return this;
  }

  async connectedCallback() {
    super.connectedCallback();
    whenSignedOut((why) => this.signedOut(why));
    addEventListener("hashchange", () => (codeIn(location.hash) ? this.enter() : this.go()));
    addEventListener("keydown", (event) => this.key(event));
    await this.enter();
  }

  /** By what this browser remembers or the link's code; also when a link is pasted into an open page. */
  async enter(code = takeCode(location, history), failures = 0) {
    clearTimeout(this.later);
    this.go();
    try {
      const open = await openSession();
      if (open) this.begin(open);
      else if (this.session) this.signedOut();
      if (code && (!open || (await this.maySwitch(open)))) this.welcome(await logIn({ code }));
      else this.session ??= null;
    } catch (failure) {
      this.notIn(failure, code, failures);
    }
  }

  /** Anybody can send a link. Whoever follows it must not act as somebody else without knowing. */
  maySwitch({ user }) {
    return confirm({ title: `You are logged in as ${user}.`, text: "This link logs you in anew, perhaps as somebody else. Go on only if you asked for it yourself.", yes: "Log in by the link" });
  }

  notIn(failure, code, failures) {
    if (passes(failure)) {
      if (this.session) this.say(failure.message);
      else [this.session, this.problem] = [undefined, failure.message];
      this.later = setTimeout(() => this.enter(code, failures + 1), nextDelay({ failures }));
      return;
    }
    const message = failure.status === 401 || failure.status === 403 ? USED : failure.message;
    if (this.session) this.say(`${message} You are still ${this.session.user}.`);
    else [this.session, this.problem] = [null, message];
  }

  begin(session) {
    if (this.session?.user !== session.user) this.forget();
    this.session = session;
    this.problem = undefined;
    this.poller?.stop();
    this.poller = poll((signal) => this.ask(signal));
    this.clock ??= setInterval(() => this.look(), 1000);
  }

  say(text) {
    this.said = text;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (this.said = ""), SAID_FOR);
  }

  /** What one user was shown is not for the next. */
  forget() {
    this.summary = undefined;
    this.etag = undefined;
    this.heard = 0;
    this.stale = "";
    forgetRights();
  }

  /** One question; 304 says that all is as it was. */
  async ask(signal) {
    const headers = this.etag ? { "If-None-Match": this.etag } : {};
    const response = await raw("/ui/api/summary", { signal, headers, accept: "application/json" });
    if (response.status !== 304) {
      if (!response.ok) throw await failureOf(response);
      this.etag = response.headers.get("ETag");
      this.tell(await response.json());
    }
    this.heard = Date.now();
    this.look();
  }

  /** Only a change of somebody's state is worth an announcement. */
  tell(summary) {
    const before = new Map((this.summary?.apps || []).map((app) => [`${app.namespace}/${app.name}`, app.word]));
    const changed = summary.apps.filter((app) => before.size && before.get(`${app.namespace}/${app.name}`) !== app.word);
    if (changed.length) this.news = changed.slice(0, 3).map((app) => `${app.name}: ${app.word}`).join(", ");
    this.summary = summary;
  }

  look() {
    this.stale = this.heard && Date.now() - this.heard > STALE_AFTER ? age(new Date(this.heard).toISOString()) : "";
  }

  signedOut(why = "Your session has ended. Log in again; you will be back where you were.") {
    if (!this.session) return;
    this.session = null;
    this.said = "";
    this.forget();
    this.problem = why;
    this.poller?.stop();
  }

  go() {
    const before = this.route;
    this.route = parse(location.hash);
    if (!before) return;
    // A new place begins at its head, for eyes and for screen readers; a tab of the same place does not.
    if (before.parts.slice(0, 3).join("/") !== this.route.parts.slice(0, 3).join("/")) {
      scrollTo(0, 0);
      this.updateComplete.then(() => this.querySelector("#main")?.focus({ preventScroll: true }));
    }
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select, .xterm")) return;
    if (event.key === "/") {
      const field = this.querySelector("main input[type=search]");
      if (field) event.preventDefault();
      field?.focus();
    } else if (this.going) {
      const place = placesFor(this.summary).find((entry) => entry.key === event.key);
      if (place) location.hash = to(...place.path);
    }
    this.going = event.key === "g";
  }

  async leave() {
    await logOut().catch(() => {});
    this.signedOut();
    this.problem = undefined;
  }

  render() {
    if (this.session === undefined) return this.problem ? html`<main class="gate" id="main"><div class="card note failing" role="alert">${icon("failing")}<p>${this.problem}</p></div></main>` : nothing;
    if (!this.session) return html`<berth-login .problem=${this.problem} @logged-in=${(event) => this.welcome(event.detail)}></berth-login>`;
    const place = placeAt(this.route);
    const title = this.route.parts.length > 1 ? `${this.route.parts.at(-1)} · ${place?.name || ""}` : place?.name || "Not found";
    document.title = `${title} · Berth`;
    return html`${this.rail(place)}
      <div class="page">
        ${this.stale ? html`<div class="stale" role="alert">${icon("warning")}What you see is ${this.stale} old: the controller does not answer.</div>` : nothing}
        <div class="said" role="status">${this.said ? html`${icon("ok")}${this.said}` : nothing}</div>
        <main id="main" tabindex="-1">${keyed([this.session.user, ...this.route.parts.slice(0, 3)].join("/"), pageFor(this.route, this.summary))}</main>
        <div class="unseen" aria-live="polite">${this.news || ""}</div>
      </div>`;
  }

  rail(place) {
    const dark = isDark();
    return html`<header class="rail"><a class="skip" href=${location.hash || "#/"} @click=${this.skip}>Skip to the page</a>
      <div class="railtop"><a class="brand" href="#/"><img src="./icon.svg" alt="" />Berth</a>
        <div class="self"><span class="who small soft cut" title=${this.session.user}>${this.session.user}</span>
          <button class="quiet" aria-label=${dark ? "Light colours" : "Dark colours"} @click=${() => (toggleTheme(), this.requestUpdate())}>${icon(dark ? "sun" : "moon")}</button>
          <button class="quiet" aria-label="Log out" @click=${this.leave}>${icon("leave")}</button></div></div>
      <nav class="places" aria-label="Places">${placesFor(this.summary).map(
        (entry) => html`<a href=${to(...entry.path)} aria-current=${entry === place ? "page" : nothing} title=${`Keys: g ${entry.key}`}>
          ${icon(entry.icon)}${entry.name}${this.count(entry)}</a>`,
      )}</nav></header>`;
  }

  count(entry) {
    const count = this.summary && entry.count ? entry.count(this.summary) : 0;
    return count ? html`<span class="count num">${count}<span class="unseen"> with problems</span></span>` : nothing;
  }

  skip(event) {
    event.preventDefault();
    document.getElementById("main").focus();
  }

  welcome(session) {
    this.begin(session);
    this.say(`You are ${session.user}.`);
  }
}
customElements.define("berth-shell", Shell);
