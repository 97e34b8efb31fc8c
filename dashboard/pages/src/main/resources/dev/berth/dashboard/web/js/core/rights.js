// What the viewer may do in a namespace, so that only that is offered. The server decides anyway:
// a wrong guess here costs a click, never a right.
import { send } from "./api.js";
import { groupOf } from "./kube.js";

const KEPT = 60_000;
const known = new Map();

/** Whether rules of a SelfSubjectRulesReview allow something. Pure. */
export function allows(rules, verb, group, resource, name) {
  const has = (list, value) => (list || []).some((entry) => entry === "*" || entry === value);
  return rules.some(
    (rule) =>
      has(rule.verbs, verb) && has(rule.apiGroups, group) &&
      (has(rule.resources, resource) || (resource.includes("/") && has(rule.resources, `*/${resource.split("/")[1]}`))) &&
      (!rule.resourceNames?.length || rule.resourceNames.includes(name)),
  );
}

/** @returns {Promise<(verb: string, resource: string, name?: string) => boolean>} */
export async function rightsIn(namespace) {
  const kept = known.get(namespace);
  if (kept && Date.now() - kept.since < KEPT) return kept.can;
  const answer = await send("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {
    apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace: namespace || "default" },
  });
  const rules = answer.status?.resourceRules || [];
  const can = (verb, resource, name) => allows(rules, verb, groupOf(resource.split("/")[0]), resource, name);
  known.set(namespace, { can, since: Date.now() });
  return can;
}

/** For another user. */
export const forgetRights = () => known.clear();

/** Nothing is offered until the answer is there. */
export const nothingYet = () => false;
