// Lines of a small chart as SVG paths. Pure. A point without a figure is a gap, never a zero.

/**
 * @param {(number|null)[]} values oldest first
 * @param {{width: number, height: number, top: number}} box top is the value at the upper edge
 */
export function path(values, { width, height, top }) {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let drawing = false;
  const parts = [];
  values.forEach((value, i) => {
    if (value == null) {
      drawing = false;
      return;
    }
    const y = height - (Math.min(value, top) / top) * height;
    parts.push(`${drawing ? "L" : "M"}${(i * step).toFixed(1)} ${y.toFixed(1)}`);
    drawing = true;
  });
  return parts.join("");
}

/** The same line closed to the floor, run by run. */
export function area(values, box) {
  const step = values.length > 1 ? box.width / (values.length - 1) : 0;
  return runs(values)
    .map(({ from, to }) => {
      const line = path(values.slice(from, to + 1), { ...box, width: step * (to - from) });
      const shifted = line.replace(/([ML])([\d.]+)/g, (_, c, x) => `${c}${(Number(x) + from * step).toFixed(1)}`);
      return `${shifted}L${(to * step).toFixed(1)} ${box.height}L${(from * step).toFixed(1)} ${box.height}Z`;
    })
    .join("");
}

function runs(values) {
  const found = [];
  values.forEach((value, i) => {
    const last = found.at(-1);
    if (value == null) return;
    if (last && last.to === i - 1) last.to = i;
    else found.push({ from: i, to: i });
  });
  return found.filter(({ from, to }) => to > from);
}

/** The next round number above all values: 1, 2, 5, 10, 20 ... so that the scale stands still. */
export function ceiling(...lines) {
  const most = Math.max(0, ...lines.flat().filter((value) => value != null));
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((factor) => factor * power).find((round) => round >= most);
}

/**
 * Points of the summary on a fixed grid of time, so that a line moves left and does not stretch.
 * @param {number[][]} points [epochSeconds, ...figures]
 * @returns {(number|null)[]}
 */
export function column(points, index, { now, step = 5, count = 60 }) {
  const last = Math.floor(now / step);
  const line = new Array(count).fill(null);
  for (const point of points || []) {
    const at = count - 1 - (last - Math.floor(point[0] / step));
    if (at >= 0 && at < count) line[at] = point[index] ?? null;
  }
  return line;
}

/** A line of faults: drawn only around the moments that had some, so that none is not a line on the floor. */
export const faults = (values) => values.map((value, i) => (value > 0 || values[i - 1] > 0 || values[i + 1] > 0 ? value : null));
