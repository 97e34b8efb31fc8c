// The session's word. The cookie alone proves nothing: cookies know no ports, so whatever listens on
// another port of this host receives it too. This browser's storage belongs to scheme, host and port.
const KEY = "berth-csrf";

/** The word that this browser keeps, or an empty string. */
export function keptWord() {
  try {
    return localStorage.getItem(KEY) || "";
  } catch {
    // A browser that stores nothing: the word then lives as long as the page.
    return "";
  }
}

export function keepWord(word) {
  try {
    localStorage.setItem(KEY, word);
  } catch {
    // As above.
  }
}

/** Forgets this very word; one that another tab has put in its place stays. */
export function forgetWord(word) {
  if (word && keptWord() === word) localStorage.removeItem(KEY);
}
