// How a state is shown: one of six healths, each with an icon and a word of its own. Pure.

const HEALTHS = ["ok", "working", "warning", "failing", "paused", "unknown"];

const WORDS = { ok: "Ready", working: "Working", warning: "Needs a look", failing: "Failing", paused: "Paused", unknown: "Unknown" };

export const healthOf = (value) => (HEALTHS.includes(value) ? value : "unknown");
export const wordOf = (health, word) => word || WORDS[healthOf(health)];

/** The health of one part of the wire by its replicas; a part without replicas says nothing. */
export function partHealth(replicas, whole) {
  if (whole === "paused") return "paused";
  if (!replicas || replicas.desired == null) return "unknown";
  if (replicas.ready >= replicas.desired) return "ok";
  if (whole === "failing") return "failing";
  return whole === "warning" ? "warning" : "working";
}

/** While revisions change hands, what is wanted is the sum of what each of them wants. */
export function replicasOf({ replicas, revisions = [] }) {
  return replicas && revisions.length ? { ...replicas, desired: revisions.reduce((sum, one) => sum + (one.desired || 0), 0) } : replicas;
}

/** True, False and Unknown of a condition; for some types True is the bad news. */
const BAD_WHEN_TRUE = /Pressure$|^NetworkUnavailable$|^Stalled$|^PruneBlocked$|^ReplicaFailure$/;
const NEUTRAL = /^Progressing$|^Reconciling$|^Suspended$|^Idle$/;

export function conditionHealth({ type, status, reason }) {
  if (NEUTRAL.test(type)) return status === "True" ? "working" : /Complete|Done|^$/.test(reason || "") ? "ok" : "unknown";
  if (status === "Unknown") return "unknown";
  return (status === "True") !== BAD_WHEN_TRUE.test(type) ? "ok" : "failing";
}

/** The sentence at the head of the page: what a person wants to know first. */
export function headline(summary) {
  const bad = summary.apps.filter((app) => app.health === "failing" || app.health === "warning").length;
  const problems = summary.cluster.problems || 0;
  const total = summary.appsTotal;
  if (total === 0 && problems === 0) return { health: "ok", text: "Nothing is moored here yet." };
  if (bad > 0) return { health: "failing", text: bad === 1 ? `1 of ${total} apps needs you.` : `${bad} of ${total} apps need you.` };
  if (problems > 0) return { health: "warning", text: problems === 1 ? "Apps are well. 1 thing needs a look." : `Apps are well. ${problems} things need a look.` };
  const working = summary.apps.filter((app) => app.health === "working").length;
  if (working > 0) return { health: "working", text: working === 1 ? "1 app is on its way." : `${working} apps are on their way.` };
  return { health: "ok", text: total === 1 ? "All is well." : `All is well with ${total} apps.` };
}

/** A reason as people say it: NoReadyReplica is "No ready replica". Words people search for stay as they are. */
export const spoken = (word) =>
  !/^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/.test(word || "") || /BackOff$/.test(word) ? word : word[0] + word.slice(1).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
