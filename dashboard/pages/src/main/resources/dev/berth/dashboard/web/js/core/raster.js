// Pen strokes to a small picture of grey values. The drawing is fitted and its pen is made thicker
// or thinner until the usual share of the paper is inked, as sets of scanned digits are made:
// neither the size nor the weight of a person's hand should matter. Pure.

const FINE = 4; // dots per pixel in each direction

/**
 * @param {{x: number, y: number}[][]} strokes in any unit
 * @returns {number[]|null} width * height values from 0 to 1, row by row; null for empty paper
 */
export function rasterize(strokes, { width, height }) {
  const segments = strokes.flatMap((stroke) => (stroke.length === 1 ? [[stroke[0], stroke[0]]] : stroke.slice(1).map((point, i) => [stroke[i], point])));
  if (segments.length === 0) return null;
  const small = width <= 12;
  const paper = { width: width * FINE, height: height * FINE };
  // 8x8 digits fill their paper's height; the 28x28 kind stands in a box of 20x20.
  const box = small ? { width: paper.width * 0.625, height: paper.height } : { width: paper.width * (20 / 28), height: paper.height * (20 / 28) };
  const wanted = (small ? 0.303 : 0.13) * paper.width * paper.height;
  let [low, high] = [paper.width / 18, paper.width / 3.2];
  for (let i = 0; i < 7; i++) {
    const pen = (low + high) / 2;
    if (sum(draw(segments, pen, paper, box)) > wanted) high = pen;
    else low = pen;
  }
  return blocks(draw(segments, (low + high) / 2, paper, box), paper, { width, height });
}

const sum = (dots) => dots.reduce((total, dot) => total + dot, 0);

function draw(segments, pen, paper, box) {
  const dots = new Uint8Array(paper.width * paper.height);
  const place = fit(segments.flat(), pen, paper, box);
  for (const [from, to] of segments) ink(dots, place(from), place(to), pen / 2, paper);
  return dots;
}

function fit(points, pen, paper, box) {
  const [xs, ys] = [points.map((p) => p.x), points.map((p) => p.y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [width, height] = [Math.max(right - left, 1e-6), Math.max(bottom - top, 1e-6)];
  const [roomX, roomY] = [Math.max(1, box.width - pen), Math.max(1, box.height - pen)];
  const scaleY = Math.min(roomY / height, (3 * roomX) / width);
  // A slender shape is a "1": stretching it to the whole box would make it something else.
  const scaleX = width / height < 0.3 ? Math.min(scaleY, roomX / width) : roomX / width;
  return (p) => ({ x: paper.width / 2 + (p.x - (left + right) / 2) * scaleX, y: paper.height / 2 + (p.y - (top + bottom) / 2) * scaleY });
}

function ink(dots, from, to, radius, paper) {
  const range = (a, b, most) => [Math.max(0, Math.floor(Math.min(a, b) - radius)), Math.min(most - 1, Math.ceil(Math.max(a, b) + radius))];
  const [top, bottom] = range(from.y, to.y, paper.height);
  const [left, right] = range(from.x, to.x, paper.width);
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      if (distance({ x: column + 0.5, y: row + 0.5 }, from, to) <= radius) dots[row * paper.width + column] = 1;
    }
  }
}

function distance(point, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - from.x - t * dx, point.y - from.y - t * dy);
}

function blocks(dots, paper, { width, height }) {
  const values = new Array(width * height).fill(0);
  dots.forEach((dot, i) => {
    const [row, column] = [Math.floor(i / paper.width), i % paper.width];
    values[Math.floor(row / FINE) * width + Math.floor(column / FINE)] += dot / (FINE * FINE);
  });
  return values;
}
