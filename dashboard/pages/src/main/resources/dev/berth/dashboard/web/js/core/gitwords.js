// Words of a GitRepository's status. Pure.

/** `main@sha1:3f2a91c0...` as `main@3f2a91c`, as in tables of the command line. */
export const shortRevision = (revision) => (revision || "").replace(/@sha1:([0-9a-f]{7})[0-9a-f]*$/, "@$1");

/** `KIND.GROUP/NAMESPACE/NAME`; the namespace is empty for what belongs to the cluster. */
export function partsOf(ref = "") {
  const [type = "", ...rest] = ref.split("/");
  return { kind: type.split(".")[0], namespace: rest.length > 1 ? rest[0] : "", name: rest.at(-1) || ref };
}

/** What a sync would do, one entry per object, with the fields of those that change. */
export const pendingOf = (diff) =>
  ["create", "update", "delete"].flatMap((verb) => (diff?.[verb] || []).map((entry) => ({ verb, ref: typeof entry === "string" ? entry : entry.ref, changes: entry.changes || [] })));

/** A value of a change: short ones as they are, trees as JSON. */
export const shown = (value) => (value === undefined || value === null || value === "" ? "nothing" : typeof value === "object" ? JSON.stringify(value) : String(value));
