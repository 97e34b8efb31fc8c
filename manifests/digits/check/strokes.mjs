// How well does the model read what people draw on the page? Twenty-eight ways to write the ten digits, each drawn sixty times by
// an unsteady hand: turned, slanted, squeezed, large and small. Through the page's own raster.js, then the trained weights.
//
//   python3 manifests/digits/model/train.py manifests/digits/model/digits.csv.gz weights.json
//   node manifests/digits/check/strokes.mjs weights.json
//
// Fails below 95 % of all, or below 60 % of any one way.

import { readFileSync } from "node:fs";
import { rasterize } from "../app/page/raster.js";
import { sampleStrokes } from "../app/page/samples.js";

const DRAWINGS = 60;
const REQUIRED = 0.95;
const REQUIRED_OF_EACH = 0.6;

const round = (cx, cy, rx, ry, from, turns) =>
  Array.from({ length: 25 }, (_, i) => {
    const angle = ((from + (turns * 360 * i) / 24) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)];
  });

// Points on a page one unit wide and tall; a way is a list of strokes.
const ways = {
  0: [[round(0.5, 0.5, 0.28, 0.33, -90, -1.05)], [round(0.5, 0.5, 0.15, 0.33, -60, -1)]],
  1: [
    [[[0.5, 0.15], [0.5, 0.85]]],
    [[[0.55, 0.15], [0.45, 0.85]]],
    [[[0.36, 0.34], [0.52, 0.17], [0.52, 0.83]], [[0.36, 0.83], [0.68, 0.83]]],
  ],
  2: [
    [[[0.3, 0.3], [0.4, 0.18], [0.6, 0.18], [0.68, 0.32], [0.6, 0.5], [0.3, 0.82], [0.72, 0.8]]],
    [[...round(0.48, 0.34, 0.18, 0.16, 200, 0.5), [0.6, 0.55], [0.4, 0.75], [0.33, 0.78], [0.36, 0.7], [0.5, 0.76], [0.72, 0.8]]],
  ],
  3: [
    [[[0.32, 0.18], [0.66, 0.18], [0.48, 0.42], [0.66, 0.55], [0.62, 0.75], [0.45, 0.83], [0.3, 0.75]]],
    [[[0.3, 0.25], [0.45, 0.16], [0.62, 0.25], [0.6, 0.4], [0.45, 0.47], [0.6, 0.53], [0.68, 0.68], [0.5, 0.84], [0.3, 0.76]]],
  ],
  4: [
    [[[0.36, 0.18], [0.32, 0.52], [0.7, 0.52]], [[0.62, 0.18], [0.6, 0.84]]],
    [[[0.62, 0.16], [0.28, 0.6], [0.76, 0.6]], [[0.62, 0.16], [0.62, 0.85]]],
  ],
  5: [[[[0.36, 0.18], [0.34, 0.46], [0.55, 0.42], [0.68, 0.58], [0.6, 0.78], [0.32, 0.82]], [[0.36, 0.18], [0.7, 0.18]]]],
  6: [[[[0.55, 0.16], [0.38, 0.4], [0.32, 0.65], [0.42, 0.83], [0.6, 0.8], [0.66, 0.64], [0.55, 0.52], [0.4, 0.56], [0.34, 0.66]]]],
  7: [[[[0.3, 0.18], [0.72, 0.18], [0.45, 0.84]]], [[[0.3, 0.24], [0.32, 0.18], [0.7, 0.18], [0.58, 0.4], [0.5, 0.84]]]],
  8: [
    [[[0.64, 0.24], [0.5, 0.16], [0.36, 0.28], [0.5, 0.45], [0.66, 0.62], [0.62, 0.8], [0.42, 0.83], [0.34, 0.68], [0.5, 0.48], [0.66, 0.32], [0.62, 0.22]]],
  ],
  9: [
    [[[0.64, 0.28], [0.5, 0.17], [0.35, 0.3], [0.4, 0.46], [0.56, 0.46], [0.65, 0.3], [0.64, 0.84]]],
    [[...round(0.5, 0.34, 0.16, 0.17, -30, -1), [0.62, 0.5], [0.6, 0.7], [0.5, 0.82], [0.36, 0.8]]],
  ],
};

let seed = 42;
function between(low, high) {
  seed = (seed * 1664525 + 1013904223) >>> 0;
  return low + ((high - low) * seed) / 4294967296;
}

function draw(way, tremble) {
  const [turn, slant] = [between(-0.12, 0.12), between(-0.2, 0.2)];
  const [wide, tall, size] = [between(0.7, 1.2), between(0.85, 1.1), between(80, 280)];
  const bend = ([px, py]) => {
    const [x, y] = [(px - 0.5) * wide, (py - 0.5) * tall];
    return {
      x: (x * Math.cos(turn) - y * Math.sin(turn) - slant * y) * size,
      y: (x * Math.sin(turn) + y * Math.cos(turn)) * size,
    };
  };
  return way.map((stroke) => unsteady(stroke, tremble).map(bend));
}

function unsteady(stroke, tremble) {
  const shake = ([x, y], much) => [x + between(-much, much), y + between(-much, much)];
  const corners = stroke.map((point) => shake(point, tremble * 1.5));
  const between4 = ([ax, ay], [bx, by]) => [0, 1, 2, 3].map((i) => [ax + ((bx - ax) * i) / 4, ay + ((by - ay) * i) / 4]);
  const path = corners.slice(1).flatMap((corner, i) => between4(corners[i], corner));
  return [...path.map((point) => shake(point, tremble * 0.4)), corners.at(-1)];
}

function read(model, pixels) {
  const layer = (input, weights, bias) => bias.map((b, j) => input.reduce((sum, value, i) => sum + value * weights[i][j], b));
  const hidden = layer(pixels.map((p) => p / 16), model.hidden, model.hiddenBias).map((v) => Math.max(0, v));
  const scores = layer(hidden, model.output, model.outputBias);
  return scores.indexOf(Math.max(...scores));
}

const model = JSON.parse(readFileSync(process.argv[2], "utf8"));
let [right, all, worst] = [0, 0, 1];
for (let digit = 0; digit < 10; digit++) {
  const own = sampleStrokes(digit).map((stroke) => stroke.map(({ x, y }) => [x, y]));
  const shares = [own, ...ways[digit]].map((way) => {
    const hits = Array.from({ length: DRAWINGS }, (_, i) => read(model, rasterize(draw(way, i % 2 ? 0.012 : 0.004)))).filter((d) => d === digit);
    right += hits.length;
    all += DRAWINGS;
    return hits.length / DRAWINGS;
  });
  worst = Math.min(worst, ...shares);
  console.log(`${digit}  ${shares.map((share) => `${Math.round(share * 100)} %`.padStart(6)).join("")}`);
}
console.log(`${((100 * right) / all).toFixed(1)} % of ${all} drawings; the hardest way ${Math.round(worst * 100)} %`);
process.exitCode = right / all >= REQUIRED && worst >= REQUIRED_OF_EACH ? 0 : 1;
