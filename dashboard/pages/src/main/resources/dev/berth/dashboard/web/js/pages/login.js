import { LitElement, html, nothing } from "lit";
import { logIn } from "../core/session.js";
import { command } from "../ui/bits.js";
import { icon } from "../ui/icons.js";

/** The gate. `berth dashboard` prints a link that opens it; a pasted token does too. */
class Login extends LitElement {
  static properties = { problem: {}, busy: { state: true } };

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<main class="gate" id="main"><div class="card stack">
      <img src="./icon.svg" alt="" />
      <div><h1>Good to see you.</h1><p class="soft">This is the dashboard of a Berth cluster.</p></div>
      ${this.problem ? html`<div class="note failing" role="alert">${icon("failing")}<p>${this.problem}</p></div>` : nothing}
      <section class="stack tight"><h2>Open it from a terminal</h2>
        ${command("berth dashboard")}
        <p class="soft small">prints a link that logs in once, as whoever your kubeconfig names.</p></section>
      <form @submit=${this.submit} autocomplete="off">
        <label for="token">Or paste a token</label>
        <input id="token" name="token" type="password" required spellcheck="false" autocomplete="off" />
        <button class="primary" ?disabled=${this.busy}>${this.busy ? "Logging in" : "Log in"}</button>
      </form></div></main>`;
  }

  async submit(event) {
    event.preventDefault();
    const field = event.target.elements.token;
    this.busy = true;
    try {
      const session = await logIn({ token: field.value.trim() });
      this.problem = undefined;
      this.dispatchEvent(new CustomEvent("logged-in", { detail: session }));
    } catch (failure) {
      this.problem = failure.status === 401 ? "This token is not known here, or has ended. `kubectl create token NAME` makes one." : failure.message;
    } finally {
      field.value = "";
      this.busy = false;
    }
  }
}
customElements.define("berth-login", Login);
