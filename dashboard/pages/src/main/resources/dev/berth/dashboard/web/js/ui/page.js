import { LitElement } from "lit";
import { poll } from "../core/poll.js";
import { follow } from "../core/watch.js";

/**
 * What every page is: light DOM (one style sheet, labels that reach), a poll that lives as long as
 * the page is shown, and the summary as a property. A subclass renders; `load(signal)` is asked
 * again every `interval` milliseconds, and at once when something under `watched()` changes.
 */
export class Page extends LitElement {
  static properties = {
    route: { attribute: false },
    summary: { attribute: false },
    failure: { state: true },
  };

  interval = 3000;

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    // An element whose code came later knows its properties only with its first update.
    if (this.load) this.updateComplete.then(() => this.isConnected && this.begin());
  }

  begin() {
    this.poller = poll((signal) => this.ask(signal), { base: this.interval });
    if (this.watched) this.unfollow = follow(this.watched(), () => this.refresh());
  }

  async ask(signal) {
    try {
      await this.load(signal);
      this.failure = undefined;
    } catch (failure) {
      if (failure.name !== "AbortError") this.failure = failure;
      throw failure;
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.poller?.stop();
    this.unfollow?.();
  }

  /** Asks at once, after something of ours was changed. */
  refresh() {
    this.poller?.now();
  }
}
