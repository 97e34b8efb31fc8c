// A form for a model's input, from what the model says of itself (Open Inference Protocol: name,
// datatype, shape per tensor). Pure.

export const MOST_FIELDS = 64;
const INTEGER = /^U?INT\d+$/;

/** -1 is a dimension that may vary; one of it is enough to try. */
export const sizes = (shape) => shape.map((size) => Math.max(1, Number(size) || 1));
export const volume = (shape) => sizes(shape).reduce((product, size) => product * size, 1);

export const zeroOf = (datatype) => (datatype === "BOOL" ? false : datatype === "BYTES" ? "" : 0);

/** The request that sends zeros, as `berth call` does without data. */
export const zeros = (inputs) => ({
  inputs: inputs.map(({ name, datatype, shape }) => ({
    name, datatype, shape: sizes(shape), data: new Array(Math.min(volume(shape), 1_000_000)).fill(zeroOf(datatype)),
  })),
});

/**
 * The picture that an input is, if it looks like one: [.., H, W], [.., H, W, 1], [.., 1, H, W], or a
 * flat square such as 64 or 784.
 * @returns {{width: number, height: number}|null}
 */
export function pictureOf({ datatype, shape }) {
  if (datatype === "BYTES" || datatype === "BOOL") return null;
  const inner = sizes(shape).filter((size) => size > 1);
  if (inner.length === 2 && inner[0] === inner[1] && inner[0] >= 8 && inner[0] <= 64) return { width: inner[1], height: inner[0] };
  const side = inner.length === 1 ? Math.sqrt(inner[0]) : NaN;
  return Number.isInteger(side) && side >= 8 && side <= 64 ? { width: side, height: side } : null;
}

/** How strong full ink is. Scanned digits of 8x8 count dots up to 16; most others are trained on 0 to 1. */
export const inkOf = ({ datatype, shape }) => (volume(shape) === 64 ? 16 : datatype === "UINT8" ? 255 : 1);

/** What somebody typed, as the datatype wants it. @throws {Error} that names the field */
export function typed(text, datatype, where) {
  if (datatype === "BYTES") return text;
  if (datatype === "BOOL") return text === true || /^(true|1|yes)$/i.test(String(text).trim());
  const value = Number(String(text).trim() || "0");
  if (Number.isNaN(value)) throw new Error(`${where}: "${text}" is no number`);
  if (INTEGER.test(datatype) && !Number.isInteger(value)) throw new Error(`${where}: ${datatype} wants a whole number, not ${text}`);
  return value;
}

/** The strongest of an output that looks like probabilities or scores, best first. */
export function ranked(output) {
  const data = output?.data;
  if (!Array.isArray(data) || data.length < 2 || data.length > 1000 || !/^(FP|BF)/.test(output.datatype)) return null;
  const whole = data.every((value) => value >= 0 && value <= 1);
  return whole ? data.map((value, index) => ({ index, value })).sort((a, b) => b.value - a.value).slice(0, 10) : null;
}
