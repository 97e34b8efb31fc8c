// Places of the dashboard are fragments: "#/apps/shop/digits/logs?q=error". Pure.

/** @returns {{parts: string[], query: URLSearchParams}} decoded; a broken escape is taken as it stands */
export function parse(fragment) {
  const [path, query = ""] = fragment.replace(/^#?\/?/, "").split("?", 2);
  return { parts: path.split("/").filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A link to a place of ours; names from the cluster are escaped, so they stay names. */
export const to = (...parts) => "#/" + parts.map((part) => encodeURIComponent(part)).join("/");

export function withQuery(link, values) {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "" && value != null));
  return query.size ? `${link}?${query}` : link;
}

/**
 * An address from the cluster, if it may become a link: http and https only, never a script, never
 * relative, and never this server itself, where what somebody has pushed would be the viewer's own page.
 */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    const web = url.protocol === "http:" || url.protocol === "https:";
    return web && url.origin !== globalThis.location?.origin ? url.href : "";
  } catch {
    return "";
  }
}

const PLACES = {
  Pod: (ns, name) => to("pods", ns, name),
  ModelApp: (ns, name) => to("apps", ns, name),
  Node: (_, name) => to("nodes", name),
  ImageBuild: (ns, name) => to("builds", ns, name),
  GitRepository: (ns, name) => to("git", ns, name),
};

/** Where an object is shown, or an empty string. */
export const placeOf = (kind, namespace, name) => (PLACES[kind] && name ? PLACES[kind](namespace || "", name) : "");
