import { LitElement, html } from "lit";
import uPlot from "uplot";

const HEIGHT = 180;

/** A token as a canvas understands it: light-dark() is only resolved where a property uses it. */
function colour(element, name) {
  element.style.color = `var(${name})`;
  const resolved = getComputedStyle(element).color;
  element.style.color = "";
  return resolved;
}

const pale = (rgb) => rgb.replace(/^rgb\(([^)]*)\)$/, "rgba($1, 0.13)");

/**
 * A chart of a few lines over the last minutes, with a cursor that reads them. `label` says the same in
 * words for who cannot see it.
 */
class Chart extends LitElement {
  static properties = { data: { attribute: false }, lines: { attribute: false }, label: {}, format: { attribute: false } };

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<div class="chart" role="img" aria-label=${this.label}></div>`;
  }

  firstUpdated() {
    this.observer = new ResizeObserver(([entry]) => this.plot?.setSize({ width: Math.max(160, entry.contentRect.width), height: HEIGHT }));
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.redraw = () => this.build();
    this.scheme.addEventListener("change", this.redraw);
    this.build();
    this.observer.observe(this.querySelector(".chart"));
  }

  updated(changes) {
    if (changes.has("data") && this.plot) this.plot.setData(this.data);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.scheme?.removeEventListener("change", this.redraw);
    this.plot?.destroy();
    this.plot = undefined;
  }

  build() {
    this.plot?.destroy();
    const place = this.querySelector(".chart");
    const [soft, grid] = [colour(this, "--soft"), colour(this, "--line")];
    const axis = { stroke: soft, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: "12px system-ui" };
    this.plot = new uPlot(
      {
        width: Math.max(160, place.clientWidth), height: HEIGHT,
        cursor: { y: false, points: { size: 7 } },
        legend: { live: true },
        scales: { x: { time: true }, y: { range: (_, __, most) => [0, most > 0 ? most * 1.15 : 1] } },
        axes: [{ ...axis, space: 60, values: "{HH}:{mm}" }, { ...axis, size: 58, values: (_, values) => values.map((value) => this.format(value)) }],
        series: [{ value: "{HH}:{mm}:{ss}" }, ...this.lines.map((line) => ({
          label: line.label, stroke: colour(this, line.colour), width: 1.8, dash: line.dash, spanGaps: false,
          fill: line.fill ? pale(colour(this, line.colour)) : undefined, points: { show: false }, value: (_, value) => (value == null ? "–" : this.format(value)),
        }))],
      },
      this.data,
      place,
    );
  }
}
customElements.define("berth-chart", Chart);
