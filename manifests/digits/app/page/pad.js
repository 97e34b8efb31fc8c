// The page: strokes in, the model's answer out. Nothing here knows where the model is; the app does.

import { rasterize } from "./raster.js";
import { sampleStrokes } from "./samples.js";

const byId = (id) => document.getElementById(id);
const pad = byId("pad");
const seen = byId("seen");
const rows = makeRows();

let strokes = [];
let pen = null; // the pointer that draws now; a second finger is ignored
let asking = false;
let changed = false;

function makeRows() {
  return Array.from({ length: 10 }, (_, digit) => {
    const row = document.createElement("li");
    const track = element("span", "track");
    const fill = element("span", "fill");
    const share = element("span", "share", "0 %");
    track.setAttribute("role", "meter");
    track.setAttribute("aria-label", `Digit ${digit}`);
    track.setAttribute("aria-valuemin", "0");
    track.setAttribute("aria-valuemax", "100");
    track.append(fill);
    row.append(element("span", "digit", String(digit)), track, share);
    byId("probabilities").append(row);
    return { row, track, fill, share };
  });
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

// --- drawing ---

function place(event) {
  const box = pad.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
}

pad.addEventListener("pointerdown", (event) => {
  if (pen !== null || event.button > 0) return;
  pen = event.pointerId;
  pad.setPointerCapture(pen);
  strokes.push([place(event)]);
  drawn();
});

pad.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pen) return;
  const moves = event.getCoalescedEvents?.() ?? [];
  for (const move of moves.length > 0 ? moves : [event]) addPoint(place(move));
  drawn();
});

for (const end of ["pointerup", "pointercancel"]) {
  pad.addEventListener(end, (event) => {
    if (event.pointerId === pen) pen = null;
  });
}

function addPoint(point) {
  const stroke = strokes.at(-1);
  const last = stroke.at(-1);
  if (Math.hypot(point.x - last.x, point.y - last.y) > 0.004) stroke.push(point);
}

function drawn() {
  paint();
  ask();
}

function clear() {
  strokes = [];
  pen = null;
  paint();
  showNothing();
}

function show(digit) {
  clear();
  strokes = sampleStrokes(digit);
  drawn();
}

function paint() {
  const size = Math.round(pad.clientWidth * devicePixelRatio);
  if (pad.width !== size) pad.width = pad.height = size;
  const brush = pad.getContext("2d");
  brush.clearRect(0, 0, size, size);
  brush.strokeStyle = getComputedStyle(pad).color;
  brush.lineWidth = size * 0.055;
  brush.lineCap = brush.lineJoin = "round";
  for (const stroke of strokes) {
    brush.beginPath();
    brush.moveTo(stroke[0].x * size, stroke[0].y * size);
    for (const point of stroke) brush.lineTo(point.x * size, point.y * size);
    brush.stroke();
  }
  document.body.classList.toggle("drawn", strokes.length > 0);
}

function paintSeen(pixels) {
  const brush = seen.getContext("2d");
  brush.clearRect(0, 0, 8, 8);
  brush.fillStyle = getComputedStyle(seen).color;
  pixels.forEach((pixel, i) => {
    brush.globalAlpha = pixel / 16;
    brush.fillRect(i % 8, Math.floor(i / 8), 1, 1);
  });
}

// --- asking: one question at a time; what was drawn meanwhile is asked next ---

async function ask() {
  changed = true;
  if (asking) return;
  asking = true;
  try {
    while (changed) {
      changed = false;
      await askOnce(strokes);
    }
  } finally {
    asking = false;
  }
}

async function askOnce(drawing) {
  const pixels = rasterize(drawing);
  if (pixels === null) return;
  paintSeen(pixels);
  try {
    const response = await fetch("predict", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ pixels }),
    });
    const answer = await response.json();
    if (drawing !== strokes) return; // cleared while the model was thinking
    if (response.ok) showAnswer(answer);
    else showTrouble(`${answer.error}${answer.reason ? ` (berth-reason: ${answer.reason})` : ""}`);
  } catch (error) {
    if (drawing === strokes) showTrouble(`The app does not answer: ${error.message}`);
  }
}

// --- showing ---

function showAnswer(answer) {
  const sure = percent(answer.probabilities[answer.digit]);
  setPrediction(String(answer.digit), "answered", `${sure} % sure`);
  rows.forEach((row, digit) => setRow(row, answer.probabilities[digit], digit === answer.digit));
  byId("trouble").hidden = true;
  const revision = answer.revision ? `, revision ${answer.revision}` : "";
  byId("route").textContent = `Model ${answer.model}${revision} answered through its endpoint in ${answer.milliseconds} ms.`;
  speak(`${answer.digit}, ${sure} percent sure`);
}

function showTrouble(message) {
  setPrediction("?", "trouble", "no answer");
  rows.forEach((row) => setRow(row, 0, false));
  byId("trouble").textContent = message;
  byId("trouble").hidden = false;
}

function showNothing() {
  setPrediction("–", "empty", "nothing yet");
  rows.forEach((row) => setRow(row, 0, false));
  byId("trouble").hidden = true;
  seen.getContext("2d").clearRect(0, 0, 8, 8);
}

function setPrediction(text, state, confidence) {
  byId("prediction").textContent = text;
  byId("prediction").dataset.state = state;
  byId("confidence").textContent = confidence;
}

function setRow({ row, track, fill, share }, probability, best) {
  const value = percent(probability);
  fill.style.width = `${value}%`;
  share.textContent = `${value} %`;
  track.setAttribute("aria-valuenow", String(value));
  row.classList.toggle("best", best);
}

function percent(probability) {
  return Math.round(probability * 100);
}

let speaking;
function speak(text) {
  clearTimeout(speaking);
  speaking = setTimeout(() => (byId("spoken").textContent = text), 600);
}

// --- buttons, keys, and the page itself ---

let next = 0;
byId("clear").addEventListener("click", clear);
byId("sample").addEventListener("click", () => show(next++ % 10));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (["c", "C", "Escape", "Delete", "Backspace"].includes(event.key)) clear();
  else if (/^[0-9]$/.test(event.key)) show(Number(event.key));
});

new ResizeObserver(paint).observe(pad);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
rows.forEach((row) => setRow(row, 0, false));
paint();
