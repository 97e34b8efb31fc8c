import { LitElement, html, nothing } from "lit";
import { failed, loading } from "./bits.js";
import { diffView } from "./diffview.js";
import { icon } from "./icons.js";
import { send } from "../core/api.js";
import { pathOf, read } from "../core/kube.js";
import { editable, toYaml } from "../core/yaml.js";

/**
 * An object as YAML. It is only changed after its difference was shown, which the server makes by a
 * dry run with all its defaults and checks. A conflict keeps what was typed.
 */
class Yaml extends LitElement {
  static properties = {
    resource: {}, namespace: {}, name: {}, may: { type: Boolean },
    live: { state: true }, text: { state: true }, offer: { state: true }, failure: { state: true }, busy: { state: true }, conflict: { state: true }, said: { state: true },
  };

  createRenderRoot() {
    return this;
  }

  async connectedCallback() {
    super.connectedCallback();
    await this.load();
  }

  async load() {
    try {
      this.live = await read(this.resource, this.namespace, this.name);
      this.text = this.original = toYaml(editable(this.live));
      this.offer = this.failure = this.conflict = undefined;
    } catch (failure) {
      this.failure = failure;
    }
  }

  render() {
    if (!this.live) return this.failure ? failed(this.failure) : loading();
    const dirty = this.text !== this.original;
    return html`<div class="stack yaml">
      ${this.failure ? this.problem() : nothing}
      ${this.said ? html`<div class="note ok" role="status">${icon("ok")}<p>${this.said}</p></div>` : nothing}
      ${this.offer ? this.compare() : nothing}
      <div class="card pad stack tight"><label for="yamltext">${this.may ? "Edit, compare, apply" : "As the server has it"}</label>
        <textarea id="yamltext" spellcheck="false" autocomplete="off" rows=${Math.min(34, this.text.split("\n").length + 1)} ?readonly=${!this.may}
          .value=${this.text} @input=${this.typed}></textarea>
        ${this.may ? html`<div class="row"><button class="primary" ?disabled=${!dirty || this.busy} @click=${this.ask}>Compare</button>
          <button ?disabled=${!dirty || this.busy} @click=${this.load}>Start over</button>
          <span class="soft small">Nothing changes before you have seen what would.</span></div>` : nothing}</div>
      ${this.live.status ? html`<details class="card pad"><summary>Status, as the server wrote it</summary><pre>${toYaml(this.live.status)}</pre></details>` : nothing}
    </div>`;
  }

  typed(event) {
    this.text = event.target.value;
    this.offer = this.said = undefined;
  }

  problem() {
    return html`<div class="note failing" role="alert">${icon("failing")}<div><p>${this.failure.message}</p>
      ${this.failure.causes.length ? html`<ul class="small">${this.failure.causes.map((cause) => html`<li><code>${cause.field}</code> ${cause.message}</li>`)}</ul>` : nothing}
      ${this.conflict ? html`<p>Somebody else changed it meanwhile. Your text is kept.</p><div><button @click=${this.rebase}>Compare with what is there now</button></div>` : nothing}</div></div>`;
  }

  compare() {
    return html`<section class="card pad stack tight" aria-labelledby="changes"><h2 id="changes">What would change</h2>
      ${diffView(toYaml(editable(this.live)), toYaml(withoutBookkeeping(editable(this.offer), this.live)))}
      <div class="row"><button class="primary" ?disabled=${this.busy} @click=${this.apply}>Apply</button>
        <button ?disabled=${this.busy} @click=${() => (this.offer = undefined)}>Go on editing</button></div></section>`;
  }

  put = (dry) =>
    send("PUT", `${pathOf(this.resource, this.namespace, this.name)}?fieldValidation=Strict&fieldManager=dashboard${dry ? "&dryRun=All" : ""}`, this.text, "application/yaml");

  ask = () => this.doing(async () => (this.offer = await this.put(true)));

  apply = () =>
    this.doing(async () => {
      await this.put(false);
      await this.load();
      this.said = "Applied.";
      this.dispatchEvent(new CustomEvent("applied", { bubbles: true }));
    });

  /** The text as it was typed, on top of the version that is there now. */
  rebase = () =>
    this.doing(async () => {
      this.live = await read(this.resource, this.namespace, this.name);
      this.text = this.text.replace(/^(\s*resourceVersion:).*$/m, `$1 "${this.live.metadata.resourceVersion}"`);
      this.offer = await this.put(true);
    });

  async doing(work) {
    this.busy = true;
    this.failure = this.conflict = this.said = undefined;
    try {
      await work();
    } catch (failure) {
      this.failure = failure;
      this.conflict = failure.status === 409;
    } finally {
      this.busy = false;
    }
  }
}

/** A dry run counts the generation up as a real write would; that is no news. */
const withoutBookkeeping = (object, live) => ({
  ...object,
  metadata: { ...object.metadata, generation: live.metadata.generation, resourceVersion: live.metadata.resourceVersion },
});
customElements.define("berth-yaml", Yaml);
