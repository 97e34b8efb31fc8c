// An object as YAML, for people to read and edit. Only writing: what was edited goes to the server as
// text, which knows YAML better than a page does. Pure.

// What another reader could take for a number, a boolean, null, a date or syntax is quoted.
const PLAIN = /^[A-Za-z_/][A-Za-z0-9_./@+-]*(?:(?: |:(?! ))[A-Za-z0-9_./@+(),-]+)*$|^\d+(?:m|[KMGT]i)$/;
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

/** @param {*} value of JSON @returns {string} with a newline at its end */
export function toYaml(value) {
  return isTree(value) ? block(value, 0) : `${scalar(value, 0)}\n`;
}

const isTree = (value) => value !== null && typeof value === "object" && Object.keys(value).length > 0;
const pad = (depth) => "  ".repeat(depth);

function block(value, depth) {
  return Array.isArray(value)
    ? value.map((item) => `${pad(depth)}- ${item0(item, depth)}`).join("")
    : Object.entries(value).map(([key, item]) => `${pad(depth)}${quoted(key)}:${entry(item, depth)}`).join("");
}

/** A list's item begins on the line of its dash. */
const item0 = (item, depth) => (isTree(item) ? block(item, depth + 1).slice(pad(depth + 1).length) : `${scalar(item, depth + 1)}\n`);

/** Lists stand under their key without indentation, as kubectl writes them. */
function entry(item, depth) {
  if (!isTree(item)) return ` ${scalar(item, depth + 1)}\n`;
  return `\n${block(item, Array.isArray(item) ? depth : depth + 1)}`;
}

function scalar(value, depth) {
  if (value === null || value === undefined) return "null";
  if (typeof value === "object") return Array.isArray(value) ? "[]" : "{}";
  if (typeof value !== "string") return String(value);
  return isBlock(value) ? literal(value, depth) : quoted(value);
}

const quoted = (text) => (PLAIN.test(text) && !WORDS.test(text) ? text : JSON.stringify(text));

/** Several lines are kept as lines, where the block form can say them exactly. */
const isBlock = (text) => text.includes("\n") && !/^[\n ]|[ \t]\n|[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe]/.test(text) && !/\n\n$/.test(text) && text.trim() !== "";

const literal = (text, depth) =>
  `|${text.endsWith("\n") ? "" : "-"}\n${text.replace(/\n$/, "").split("\n").map((line) => (line ? pad(depth) + line : "")).join("\n")}`;

/** What somebody edits: without the server's own bookkeeping. resourceVersion stays: it finds conflicts. */
export function editable(object) {
  const { managedFields, ...metadata } = object.metadata || {};
  const { status, ...rest } = object;
  return { ...rest, metadata };
}
