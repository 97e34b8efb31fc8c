// The places of the dashboard, in the order of the rail. A page's code is loaded when it is opened.
import { html } from "lit";
import "./pages/wire.js";
import { empty } from "./ui/bits.js";

const bad = (rows) => (rows || []).filter((row) => row.health === "failing").length;

export const PLACES = [
  { name: "The wire", icon: "wire", path: [], key: "w", also: ["apps"], count: (summary) => bad(summary.apps) },
  { name: "Workloads", icon: "workloads", path: ["workloads"], key: "p", also: ["pods"], count: (summary) => summary.cluster.pods?.failing || 0 },
  { name: "Nodes", kind: "nodes", icon: "nodes", path: ["nodes"], key: "n", count: (summary) => bad(summary.nodes) },
  { name: "Events", kind: "events", icon: "events", path: ["events"], key: "e" },
  { name: "Images", icon: "images", path: ["images"], key: "i" },
  { name: "Builds", kind: "imagebuilds", icon: "builds", path: ["builds"], key: "b", count: (summary) => bad(summary.builds) },
  { name: "GitOps", kind: "gitrepositories", icon: "git", path: ["git"], key: "o", count: (summary) => bad(summary.git) },
  { name: "Access", icon: "access", path: ["access"], key: "a" },
];

/** Places that have something for this viewer: kinds that may be listed nowhere are not offered. */
export const placesFor = (summary) => PLACES.filter(({ kind }) => !summary?.hidden?.includes(kind));

export const placeAt = ({ parts }) => {
  const [first = ""] = parts;
  return PLACES.find((place) => (place.path[0] || "") === first || place.also?.includes(first));
};

/** An element that is not known yet is drawn when its module has come; what it was given stays. */
export function pageFor(route, summary) {
  const [place, second, third] = route.parts;
  switch (place) {
    case undefined:
      return html`<berth-wire .route=${route} .summary=${summary}></berth-wire>`;
    case "apps":
      if (!third) break;
      import("./pages/app.js");
      return html`<berth-app .route=${route} .summary=${summary}></berth-app>`;
    case "workloads":
      import("./pages/workloads.js");
      return html`<berth-workloads .route=${route}></berth-workloads>`;
    case "pods":
      if (!third) break;
      import("./pages/pod.js");
      return html`<berth-pod .route=${route}></berth-pod>`;
    case "nodes":
      import("./pages/nodes.js");
      return second ? html`<berth-node .route=${route}></berth-node>` : html`<berth-nodes .route=${route}></berth-nodes>`;
    case "events":
      import("./pages/events.js");
      return html`<berth-events .route=${route}></berth-events>`;
    case "images":
      import("./pages/images.js");
      return second ? html`<berth-image .route=${route}></berth-image>` : html`<berth-images .route=${route}></berth-images>`;
    case "builds":
      import("./pages/builds.js");
      return third ? html`<berth-build .route=${route}></berth-build>` : html`<berth-builds .route=${route}></berth-builds>`;
    case "git":
      if (third) import("./pages/gitrepo.js");
      else import("./pages/git.js");
      return third ? html`<berth-gitrepo .route=${route}></berth-gitrepo>` : html`<berth-git .route=${route}></berth-git>`;
    case "access":
      import("./pages/access.js");
      return html`<berth-access .route=${route}></berth-access>`;
  }
  return empty("There is no such page", "The link may be from another version of Berth.");
}
