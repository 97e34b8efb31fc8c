// Lines of logs of many pods as one stream: bounded, in order of time, searchable. Pure but for the ring.

export const KEPT = 5000;

/** Characters of a line that are kept. */
export const LONGEST_LINE = 16 * 1024;

// What a terminal would obey has no meaning on a page.
const CONTROL = /\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\x00-\x08\x0b-\x1f\x7f]/g;
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?/;
const LEVELS = [
  ["error", /\b(?:error|fatal|panic|exception|traceback|critical)\b|"level":"(?:error|fatal)"|^E\d{4}/i],
  ["warning", /\bwarn(?:ing)?\b|^W\d{4}/i],
];

/** A line as the API sends it with timestamps=true. */
export function readLine(text, source) {
  const stamp = STAMP.exec(text);
  const said = (stamp ? text.slice(stamp[0].length) : text).replace(CONTROL, "");
  return { time: stamp ? stamp[1] : "", text: said, source, level: (LEVELS.find(([, pattern]) => pattern.test(said)) || [""])[0] };
}

/** A bounded list; lines of other pods that come a little late are put where they belong. */
export class Ring {
  lines = [];
  dropped = 0;
  serial = 0;

  add(line) {
    line.id = ++this.serial;
    let at = this.lines.length;
    const earliest = Math.max(0, at - 500);
    while (at > earliest && line.time && this.lines[at - 1].time > line.time) at--;
    this.lines.splice(at, 0, line);
    if (this.lines.length > KEPT) {
      this.lines.shift();
      this.dropped++;
    }
  }

  clear() {
    this.lines = [];
  }
}

/** Lines that a person wants to see: words are plain text, all must be there. */
export function matching(lines, { words = "", level = "", hidden = new Set() }) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter(
    (line) =>
      !hidden.has(line.source) &&
      (!level || line.level === "error" || (level === "warning" && line.level === "warning")) &&
      wanted.every((word) => line.text.toLowerCase().includes(word)),
  );
}

/** A stable number for a name: the same pod has the same mark on every page. */
export function markOf(name, marks = 8) {
  let hash = 7;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)) >>> 0;
  return hash % marks;
}
