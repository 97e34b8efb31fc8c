// Follows changes of a few objects, so that an open page shows them at once. A watch only says that
// something changed; the page then reads as it always does: one way to read, and a lost event costs
// no more than the next poll.
import { readLines } from "./kube.js";

const TOGETHER = 120;
const AGAIN = 2000;
const LONGEST = 30_000;

/** How long to wait before a watch is opened again. Pure. */
export const pause = (failures) => Math.min(AGAIN * 2 ** Math.min(failures, 4), LONGEST);

/**
 * @param {string[]} paths of collections, with the selectors that narrow them
 * @param {() => void} changed called at most once per burst of events
 * @returns {() => void} stops
 */
export function follow(paths, changed) {
  const stop = new AbortController();
  let burst = 0;
  const hear = () => (burst ||= setTimeout(() => ((burst = 0), changed()), TOGETHER));
  paths.forEach((path) => keep(path, stop.signal, hear));
  return () => (stop.abort(), clearTimeout(burst));
}

async function keep(path, signal, hear) {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await readLines(`${path}${path.includes("?") ? "&" : "?"}watch=true&timeoutSeconds=300`, signal, hear);
      failures = 0;
    } catch (failure) {
      // Without the right to watch, the poll alone must do.
      if (signal.aborted || failure.status === 403 || failure.status === 401) return;
      failures++;
    }
    await new Promise((resolve) => setTimeout(resolve, pause(failures)));
  }
}
