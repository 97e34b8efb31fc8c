import { LitElement, html } from "lit";
import { icon } from "./icons.js";

/** Copies a text; says so for two seconds, to eyes and to screen readers. */
class Copy extends LitElement {
  static properties = { text: {}, label: {}, done: { state: true } };

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<button type="button" class="quiet small" @click=${this.copy} aria-label=${`${this.label || "Copy"} ${this.text}`}>
      ${icon(this.done ? "check" : "copy")}<span role="status">${this.done ? "Copied" : ""}</span></button>`;
  }

  async copy() {
    await navigator.clipboard.writeText(this.text);
    this.done = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.done = false), 2000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }
}
customElements.define("berth-copy", Copy);
