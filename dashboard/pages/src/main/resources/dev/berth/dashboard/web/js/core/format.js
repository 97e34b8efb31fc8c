// Figures as people read them. All pure; an unknown figure is a dash, never a zero.

export const DASH = "–";

const known = (value) => typeof value === "number" && Number.isFinite(value);

/** Requests per second: 0.4, 12, 1.2k. */
export function rate(value) {
  if (!known(value)) return DASH;
  if (value >= 10_000) return `${Math.round(value / 1000)}k`;
  if (value >= 1000) return `${(value / 1000).toFixed(1)}k`;
  return value >= 10 || value === 0 ? String(Math.round(value)) : value.toFixed(1);
}

/** Milliseconds: 0.8 ms, 12 ms, 1.4 s. */
export function millis(value) {
  if (!known(value)) return DASH;
  if (value >= 1000) return `${(value / 1000).toFixed(value >= 10_000 ? 0 : 1)} s`;
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} ms`;
}

export function share(part, whole) {
  if (!known(part) || !known(whole) || whole <= 0) return DASH;
  const percent = (100 * part) / whole;
  return percent === 0 ? "0 %" : percent < 1 ? `${percent.toFixed(1)} %` : `${Math.round(percent)} %`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

export function bytes(value) {
  if (!known(value)) return DASH;
  const step = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** step;
  return `${scaled >= 10 || step === 0 ? Math.round(scaled) : scaled.toFixed(1)} ${UNITS[step]}`;
}

/** How long: 12 s, 4 min, 3 h, 2 d. */
export function span(seconds) {
  if (!known(seconds)) return DASH;
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) return `${s} s`;
  if (s < 90 * 60) return `${Math.round(s / 60)} min`;
  if (s < 36 * 3600) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86400)} d`;
}

/** @param {string|undefined} time RFC 3339 */
export function age(time, now = Date.now()) {
  const then = time ? Date.parse(time) : NaN;
  return Number.isNaN(then) ? DASH : span((now - then) / 1000);
}

/** First characters of a digest or commit: enough to tell apart. */
export function brief(text) {
  if (!text) return "";
  const hex = /^(?:.*@)?(?:sha1:|sha256:)?([0-9a-f]{12,64})$/.exec(text);
  return hex ? hex[1].slice(0, 8) : shortened(text);
}

/** A sentence with its long digests and commits cut to what tells them apart. */
export const shortened = (text) => (text || "").replace(/([0-9a-f]{8})[0-9a-f]{24,}/g, "$1");

/** The last part of an image's name with its tag. */
export const imageName = (image) => (image || "").replace(/@sha256:.*$/, "").split("/").pop() || DASH;

const QUANTITY = /^([0-9.]+)(m|k|Ki|M|Mi|G|Gi|T|Ti|)$/;
const FACTOR = { m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** A Kubernetes quantity as a number, NaN where it is none. */
export function quantity(text) {
  const found = QUANTITY.exec(String(text ?? ""));
  return found ? Number(found[1]) * FACTOR[found[2]] : NaN;
}

export const cpu = (text) => {
  const cores = quantity(text);
  return Number.isNaN(cores) ? DASH : cores < 1 ? `${Math.round(cores * 1000)}m` : String(Math.round(cores * 10) / 10);
};

export const memory = (text) => bytes(quantity(text));

export const plural = (count, one, many = one + "s") => `${count} ${count === 1 ? one : many}`;
