// Asks again and again, politely: every two seconds while somebody looks, slower in a hidden tab,
// slower still when the controller does not answer, and not at all after half an hour unseen.

const SECOND = 1000;
export const STALE_AFTER = 12 * SECOND;

/** Milliseconds until the next question, or Infinity. Pure. */
export function nextDelay({ base = 2 * SECOND, failures = 0, hidden = false, hiddenFor = 0 }) {
  if (hidden && hiddenFor > 30 * 60 * SECOND) return Infinity;
  const calm = hidden ? Math.max(base, 10 * SECOND) : base;
  return Math.min(calm * 2 ** Math.min(failures, 6), 30 * SECOND);
}

/**
 * @param {(signal: AbortSignal) => Promise<void>} question a rejection counts as a failure
 * @returns {{stop: () => void, now: () => void}}
 */
export function poll(question, { base = 2 * SECOND } = {}) {
  let timer = 0;
  let failures = 0;
  let hiddenSince = 0;
  let asking = null;
  let stopped = false;
  let again = false; // asked to ask while an answer was still on its way

  const plan = () => {
    clearTimeout(timer);
    const delay = nextDelay({ base, failures, hidden: document.hidden, hiddenFor: hiddenSince && Date.now() - hiddenSince });
    if (!stopped && delay !== Infinity) timer = setTimeout(run, delay);
  };
  const run = async () => {
    if (stopped) return;
    if (asking) {
      again = true;
      return;
    }
    asking = new AbortController();
    try {
      await question(asking.signal);
      failures = 0;
    } catch (failure) {
      if (failure.name !== "AbortError") failures++;
    } finally {
      asking = null;
      if (again) {
        again = false;
        run();
      } else plan();
    }
  };
  const seen = () => {
    hiddenSince = document.hidden ? Date.now() : 0;
    document.hidden ? plan() : (clearTimeout(timer), run());
  };
  document.addEventListener("visibilitychange", seen);
  run();
  return {
    now: () => (clearTimeout(timer), run()),
    stop() {
      stopped = true;
      clearTimeout(timer);
      if (asking) asking.abort();
      document.removeEventListener("visibilitychange", seen);
    },
  };
}
