// One door to the controller. The cookie and the session's word together say who asks; neither does
// alone. Every failure becomes an ApiFailure with the server's own sentence.
import { forgetWord, keepWord, keptWord } from "./word.js";

const SESSION = "/ui/api/session";

let word = "";
let user;
let renewing = null;
let onSignedOut = () => {};

/** From now on requests are this session's. Null is nobody's. */
export function useSession(session) {
  if (!session) forgetWord(word);
  // Only a login tells the word; who asks for the session knows it already.
  word = session ? session.csrf || word : "";
  user = session?.user;
  if (word) keepWord(word);
}

/** The session that this browser remembers, or null where the server knows it no longer. */
export async function rememberedSession() {
  word = keptWord();
  if (!word) return null;
  const response = await once(SESSION);
  if (response.ok) return response.json();
  if (response.status !== 401 && response.status !== 403) throw await failureOf(response);
  forgetWord(word);
  word = "";
  return null;
}

/** What a WebSocket offers beside its protocols: it can carry no header. */
export const wordAsProtocol = () => (word ? [`csrf.berth.dev.${word}`] : []);

/** @param {(why?: string) => void} listener called when the server no longer knows this session */
export function whenSignedOut(listener) {
  onSignedOut = listener;
}

class ApiFailure extends Error {
  /**
   * @param {number} status 0 where no answer came
   * @param {string} message for people
   * @param {object} body a Status of the API, or empty
   */
  constructor(status, message, body = {}) {
    super(message);
    this.status = status;
    this.reason = body.reason || "";
    this.causes = (body.details && body.details.causes) || [];
  }
}

async function once(path, { method = "GET", body, type, accept, signal, headers = {} } = {}) {
  const sent = new Headers(headers);
  if (accept) sent.set("Accept", accept);
  if (type) sent.set("Content-Type", type);
  if (word) sent.set("X-Berth-Csrf", word);
  try {
    return await fetch(path, { method, body, signal, headers: sent, credentials: "same-origin", cache: "no-store" });
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    throw new ApiFailure(0, "The controller does not answer. Is it running? `berth status` tells.");
  }
}

/** The response as it came, whatever its status; only a dead connection throws. */
export async function raw(path, options) {
  const shown = word;
  const response = await once(path, options);
  const refused = response.status === 403 && shown && /X-Berth-Csrf/i.test(await response.clone().text().catch(() => ""));
  return refused && (await renewed(shown)) ? once(path, options) : response;
}

/**
 * The cookie was changed behind this page. Where another tab has logged in the same person anew, its
 * word is taken over; what was asked is never asked again as somebody else.
 */
async function renewed(shown) {
  if (shown !== word) return word !== "";
  renewing ??= takeOver().finally(() => (renewing = null));
  return renewing;
}

async function takeOver() {
  const [before, who, next] = [word, user, keptWord()];
  let session = null;
  if (next && next !== before) {
    word = next;
    const answer = await once(SESSION).catch(() => null);
    if (answer?.ok) session = await answer.json();
    else if (!answer || answer.status === 429 || answer.status >= 500) return (word = before), false;
  }
  if (session && session.user === who) return true;
  word = before;
  useSession(null);
  onSignedOut(session ? `This browser is logged in as ${session.user} now. Nothing was sent as ${session.user}: reload to go on so, or log in again.` : undefined);
  return false;
}

/**
 * A response that is no success, as a failure with the server's own words.
 * @param {boolean} ends whether a 401 ends the session: not where a login or a model answers it
 */
export async function failureOf(response, ends = true) {
  const text = await response.text().catch(() => "");
  let status = {};
  try {
    status = JSON.parse(text);
  } catch {
    // Some answers are plain text; then the text is the message.
  }
  const message = status.message || status.error || text.slice(0, 400) || `The controller answered ${response.status}.`;
  if (response.status === 401 && ends) {
    useSession(null);
    onSignedOut();
  }
  return new ApiFailure(response.status, message, status);
}

export async function ask(path, { ends, ...options } = {}) {
  const response = await raw(path, { accept: "application/json", ...options });
  if (response.ok) return response;
  throw await failureOf(response, ends);
}

export const get = async (path, options) => (await ask(path, options)).json();

/** Sends an object as JSON, or a text as it is with the given media type. */
export async function send(method, path, body, type = "application/json", options = {}) {
  const payload = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  const response = await ask(path, { method, body: payload, type: body === undefined ? undefined : type, ...options });
  const text = await response.text();
  return text ? JSON.parse(text) : {};
}

export const mergePatch = (path, body) => send("PATCH", path, body, "application/merge-patch+json");
