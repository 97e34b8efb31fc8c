import { LitElement, html } from "lit";
import { rasterize } from "../core/raster.js";

const SIZE = 280;

/** Paper to draw on. Tells "drawn" with values from 0 to 1, row by row, or null for empty paper. */
class DrawPad extends LitElement {
  static properties = { picture: { attribute: false } };

  strokes = [];

  createRenderRoot() {
    return this;
  }

  render() {
    const { width, height } = this.picture;
    return html`<div class="pads"><div><canvas class="sheet" width=${SIZE} height=${SIZE} role="img" aria-label="Draw here with mouse, finger or pen"
        @pointerdown=${this.begin} @pointermove=${this.go} @pointerup=${this.end} @pointercancel=${this.end}></canvas></div>
      <figure><canvas class="seen" width=${width} height=${height} role="img" aria-label=${`What the model sees: ${width} by ${height} dots`}></canvas>
        <figcaption class="small soft">What the model sees, ${width} × ${height}</figcaption></figure></div>
      <div><button type="button" @click=${this.clear}>Clear</button></div>`;
  }

  at(event) {
    const box = event.target.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * SIZE, y: ((event.clientY - box.top) / box.height) * SIZE };
  }

  begin(event) {
    event.target.setPointerCapture(event.pointerId);
    this.strokes.push([this.at(event)]);
    this.paint();
  }

  go(event) {
    if (!event.target.hasPointerCapture(event.pointerId)) return;
    const more = event.getCoalescedEvents?.() || [event];
    this.strokes.at(-1).push(...(more.length ? more : [event]).map((one) => this.at({ target: event.target, clientX: one.clientX, clientY: one.clientY })));
    this.paint();
  }

  end(event) {
    if (!event.target.hasPointerCapture(event.pointerId)) return;
    event.target.releasePointerCapture(event.pointerId);
    this.tell();
  }

  clear() {
    this.strokes = [];
    this.paint();
    this.tell();
  }

  paint() {
    const canvas = this.querySelector(".sheet");
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, SIZE, SIZE);
    pen.strokeStyle = getComputedStyle(canvas).color;
    pen.lineWidth = 16;
    pen.lineCap = pen.lineJoin = "round";
    for (const stroke of this.strokes) {
      pen.beginPath();
      pen.moveTo(stroke[0].x, stroke[0].y);
      (stroke.length > 1 ? stroke : [stroke[0], stroke[0]]).forEach((point) => pen.lineTo(point.x, point.y));
      pen.stroke();
    }
  }

  tell() {
    const values = rasterize(this.strokes, this.picture);
    this.show(values);
    this.dispatchEvent(new CustomEvent("drawn", { detail: values }));
  }

  show(values) {
    const { width, height } = this.picture;
    const canvas = this.querySelector(".seen");
    const ink = getComputedStyle(canvas).color.match(/[\d.]+/g).map(Number);
    const image = new ImageData(width, height);
    (values || []).forEach((value, i) => image.data.set([ink[0], ink[1], ink[2], Math.round(255 * value)], i * 4));
    canvas.getContext("2d").putImageData(image, 0, 0);
  }
}
customElements.define("berth-drawpad", DrawPad);
