import { LitElement, html, nothing } from "lit";
import { command, loading, state } from "../ui/bits.js";
import { icon } from "../ui/icons.js";
import { failureOf, get, raw } from "../core/api.js";
import { pathOf } from "../core/kube.js";
import { MOST_FIELDS, inkOf, pictureOf, sizes, typed, volume, zeroOf, zeros } from "../core/tensor.js";
import { answerView } from "./app-answer.js";
import "../ui/drawpad.js";

/**
 * Asks the endpoint as the app would. The form is made from what the model says of itself: a field
 * per number where they are few, paper to draw on where the input is a picture, JSON always.
 */
class Try extends LitElement {
  static properties = {
    namespace: {}, name: {}, app: { attribute: false },
    about: { state: true }, request: { state: true }, mode: { state: true }, answer: { state: true }, problem: { state: true }, busy: { state: true }, ink: { state: true },
  };

  createRenderRoot() {
    return this;
  }

  get path() {
    return pathOf("modelapps", this.namespace, this.name, "call");
  }

  async connectedCallback() {
    super.connectedCallback();
    try {
      this.about = await get(this.path);
    } catch (failure) {
      // Without a ready replica nobody can say what the model wants; JSON can be written anyway.
      this.about = { protocol: this.app?.status?.endpoint?.protocol || "", metadata: {}, why: failure.message };
    }
    const inputs = this.inputs();
    this.request = this.about.example && Object.keys(this.about.example).length ? this.about.example : inputs.length ? zeros(inputs) : {};
    const [only] = inputs;
    this.ink = only ? inkOf(only) : 1;
    this.mode = inputs.length === 1 && pictureOf(only) ? "draw" : inputs.length && inputs.every((one) => volume(one.shape) <= MOST_FIELDS) ? "form" : "json";
  }

  inputs() {
    return this.about?.metadata?.inputs || [];
  }

  render() {
    if (!this.about) return loading();
    return html`<div class="columns try"><section class="card pad stack" aria-labelledby="ask">
        <div class="row spread"><h2 id="ask">Ask the model</h2>${this.modes()}</div>
        ${this.about.why ? html`<div class="note warning">${icon("warning")}<p>The model did not tell what it takes: ${this.about.why}</p></div>` : nothing}
        ${this.editor()}
        <div class="row"><button class="primary" ?disabled=${this.busy} @click=${() => this.send()}>${icon("play")}${this.busy ? "Waiting for the answer" : "Send"}</button>
          <span class="soft small">through the endpoint, as the app does</span></div>
        <details><summary>From a terminal</summary>${command(`berth call ${this.name} -n ${this.namespace} --data '${JSON.stringify(this.request)}'`)}</details>
      </section>
      <section class="card pad stack" aria-labelledby="answer"><h2 id="answer">Answer</h2><div role="status" class="stack">${this.outcome()}</div></section></div>`;
  }

  modes() {
    const inputs = this.inputs();
    const offered = { ...(inputs.length === 1 && pictureOf(inputs[0]) ? { draw: "Draw" } : {}), ...(inputs.length && inputs.every((one) => volume(one.shape) <= MOST_FIELDS) ? { form: "Numbers" } : {}), json: "JSON" };
    return html`<div class="segments" role="group" aria-label="How to enter the input">${Object.entries(offered).map(
      ([id, name]) => html`<button aria-pressed=${this.mode === id ? "true" : "false"} @click=${() => (this.mode = id)}>${name}</button>`)}</div>`;
  }

  editor() {
    if (this.mode === "draw") return this.paper();
    if (this.mode === "form") return this.inputs().map((input, i) => this.fields(input, i));
    return html`<label for="json">Request</label><textarea id="json" rows="14" spellcheck="false" .value=${JSON.stringify(this.request, null, 2)} @change=${this.json}></textarea>`;
  }

  paper() {
    const [input] = this.inputs();
    return html`<p class="soft small"><code>${input.name}</code> ${input.datatype} ${sizes(input.shape).join(" × ")}</p>
      <berth-drawpad .picture=${pictureOf(input)} @drawn=${(event) => this.drawn(input, event.detail)}></berth-drawpad>
      <label class="row small">Full ink is <select @change=${(event) => (this.ink = Number(event.target.value))}>${[1, 16, 255].map(
        (value) => html`<option value=${value} ?selected=${value === this.ink}>${value}</option>`)}</select></label>`;
  }

  drawn(input, values) {
    if (!values) {
      this.answer = undefined;
      return;
    }
    const whole = !/^(FP|BF)/.test(input.datatype) || this.ink === 16;
    const scaled = values.map((value) => (whole ? Math.round(value * this.ink) : Math.round(value * this.ink * 1000) / 1000));
    this.request = { inputs: [{ name: input.name, datatype: input.datatype, shape: sizes(input.shape), data: scaled }] };
    this.send();
  }

  fields(input, i) {
    const data = this.request.inputs?.[i]?.data || [];
    return html`<fieldset><legend>${input.name} <span class="soft small">${input.datatype} ${sizes(input.shape).join(" × ")}</span></legend>
      <div class="cells">${data.map((value, j) => html`<label><span class="unseen">${input.name} ${j + 1}</span>
        ${input.datatype === "BOOL" ? html`<input type="checkbox" ?checked=${value} @change=${(event) => this.set(i, j, event.target.checked)} />`
          : html`<input inputmode=${input.datatype === "BYTES" ? "text" : "decimal"} .value=${String(value)} @change=${(event) => this.set(i, j, event.target.value)} />`}</label>`)}</div></fieldset>`;
  }

  set(i, j, text) {
    const input = this.inputs()[i];
    try {
      const value = typed(text, input.datatype, `${input.name} ${j + 1}`);
      this.request = { ...this.request, inputs: this.request.inputs.map((one, k) => (k === i ? { ...one, data: one.data.with(j, value ?? zeroOf(input.datatype)) } : one)) };
      this.problem = undefined;
    } catch (failure) {
      this.problem = failure.message;
    }
  }

  json(event) {
    try {
      this.request = JSON.parse(event.target.value);
      this.problem = undefined;
    } catch (failure) {
      this.problem = `This is no JSON: ${failure.message}`;
    }
  }

  async send() {
    // A second drawing while the first is on its way replaces it: the last answer is the one shown.
    const turn = (this.turn = (this.turn || 0) + 1);
    if (this.problem && this.mode !== "draw") return;
    this.busy = true;
    this.problem = undefined;
    const begun = performance.now();
    try {
      const response = await raw(this.path, { method: "POST", type: "application/json", body: JSON.stringify(this.request) });
      // A model may answer 401 itself, which says nothing of this session.
      if (response.status === 401 || response.status === 403) throw await failureOf(response, false);
      const text = await response.text();
      if (turn === this.turn) this.answer = { status: response.status, text, headers: Object.fromEntries(response.headers), millis: performance.now() - begun };
    } catch (failure) {
      if (turn === this.turn) this.problem = failure.message;
    } finally {
      if (turn === this.turn) this.busy = false;
    }
  }

  outcome() {
    if (this.problem) return html`<div class="note failing" role="alert">${icon("failing")}<p>${this.problem}</p></div>`;
    if (!this.answer) return html`<p class="soft">${this.mode === "draw" ? "Draw something: the model answers when the pen is lifted." : "What the model answers appears here, with the way it took."}</p>`;
    return html`${state(this.answer.status < 300 ? "ok" : "failing", `${this.answer.status} in ${Math.round(this.answer.millis)} ms`)} ${answerView(this.answer, this.name)}`;
  }
}
customElements.define("berth-try", Try);
