// From pen strokes to the 8x8 picture that the model was trained on.
//
// The UCI digits were made in three steps, repeated here: the digit is scaled to fit tightly into a box 20 wide and 32 tall,
// its pen is made thicker or thinner until the same amount of ink (about 310 of 1,024 dots) is on the paper whatever the
// size it was drawn in, and the dots of each 4x4 block are counted. The model never sees how large or how thick a person drew.

const SIDE = 32;
const BOX = { width: 20, height: 32 };
const INK = 310;
const PEN = { thinnest: 2, thickest: 10 };
const SLENDER = 0.3; // narrower than this, a shape is a "1": stretching it to the full box would make it something else

/** strokes: [[{x, y}, ...], ...] in any unit. Returns 64 numbers from 0 to 16, row by row; null for an empty page. */
export function rasterize(strokes) {
  const segments = toSegments(strokes);
  if (segments.length === 0) return null;
  let low = PEN.thinnest;
  let high = PEN.thickest;
  for (let i = 0; i < 7; i++) {
    const pen = (low + high) / 2;
    if (ink(draw(segments, pen)) > INK) high = pen;
    else low = pen;
  }
  return countBlocks(draw(segments, (low + high) / 2));
}

function toSegments(strokes) {
  return strokes.flatMap((stroke) =>
    stroke.length === 1 ? [[stroke[0], stroke[0]]] : stroke.slice(1).map((point, i) => [stroke[i], point]),
  );
}

/** The dots whose centre lies under the pen, after the strokes have been fitted into the box that leaves room for the pen. */
function draw(segments, pen) {
  const place = fit(segments, pen);
  const dots = new Uint8Array(SIDE * SIDE);
  for (const [from, to] of segments) inkLine(dots, place(from), place(to), pen / 2);
  return dots;
}

function fit(segments, pen) {
  const points = segments.flat();
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const width = Math.max(right - left, 1e-6);
  const height = Math.max(bottom - top, 1e-6);
  const [roomX, roomY] = [BOX.width - pen, BOX.height - pen];
  const scaleY = Math.min(roomY / height, (3 * roomX) / width);
  const scaleX = width / height < SLENDER ? Math.min(scaleY, roomX / width) : roomX / width;
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
  return (p) => ({ x: SIDE / 2 + (p.x - middleX) * scaleX, y: SIDE / 2 + (p.y - middleY) * scaleY });
}

function inkLine(dots, from, to, radius) {
  const first = (value) => Math.max(0, Math.floor(value - radius));
  const last = (value) => Math.min(SIDE - 1, Math.ceil(value + radius));
  for (let row = first(Math.min(from.y, to.y)); row <= last(Math.max(from.y, to.y)); row++) {
    for (let column = first(Math.min(from.x, to.x)); column <= last(Math.max(from.x, to.x)); column++) {
      if (distance({ x: column + 0.5, y: row + 0.5 }, from, to) <= radius) dots[row * SIDE + column] = 1;
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

function ink(dots) {
  return dots.reduce((sum, dot) => sum + dot, 0);
}

function countBlocks(dots) {
  const counts = new Array(64).fill(0);
  dots.forEach((dot, i) => {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE];
    counts[Math.floor(row / 4) * 8 + Math.floor(column / 4)] += dot;
  });
  return counts;
}
