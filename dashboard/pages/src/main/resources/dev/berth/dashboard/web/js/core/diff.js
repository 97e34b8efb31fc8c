// Lines that two texts do not share, with what stands around them. Pure.

/**
 * The longest common lines by dynamic programming over what differs in the middle; texts of some
 * thousand lines at most.
 * @returns {{kind: "same"|"gone"|"new", text: string, before?: number, after?: number}[]}
 */
export function diffLines(before, after) {
  const a = before.split("\n");
  const b = after.split("\n");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const lines = [
    ...a.slice(0, head).map((text) => ({ kind: "same", text })),
    ...middle,
    ...a.slice(a.length - tail).map((text) => ({ kind: "same", text })),
  ];
  return numbered(lines);
}

const MOST_CELLS = 4_000_000;

function between(a, b) {
  if (a.length * b.length > MOST_CELLS) return [...a.map((text) => ({ kind: "gone", text })), ...b.map((text) => ({ kind: "new", text }))];
  const width = b.length + 1;
  const best = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i * width + j] = a[i] === b[j] ? best[(i + 1) * width + j + 1] + 1 : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
    }
  }
  const lines = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) lines.push({ kind: "same", text: a[i++] }), j++;
    else if (j >= b.length || (i < a.length && best[(i + 1) * width + j] >= best[i * width + j + 1])) lines.push({ kind: "gone", text: a[i++] });
    else lines.push({ kind: "new", text: b[j++] });
  }
  return lines;
}

function numbered(lines) {
  let [before, after] = [0, 0];
  return lines.map((line) => ({
    ...line,
    before: line.kind === "new" ? undefined : ++before,
    after: line.kind === "gone" ? undefined : ++after,
  }));
}

/** Only what changed, with `around` lines of context; a gap is an entry of kind "gap". */
export function hunks(lines, around = 3) {
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - around), i + around + 1).some((line) => line.kind !== "same"));
  return lines.flatMap((line, i) => (near[i] ? [line] : i === 0 || near[i - 1] ? [{ kind: "gap", text: "" }] : []));
}

export const changed = (lines) => lines.some((line) => line.kind !== "same");
