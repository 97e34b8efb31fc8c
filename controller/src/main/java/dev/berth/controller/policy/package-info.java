/// What administrators say about new objects: quotas of a namespace, limits of its pods, priorities
/// (Kubernetes: ResourceQuota, LimitRange, PriorityClass). Pure: it is given the objects that count
/// and says what to fill in, what is used and what is refused, in Kubernetes' words. Called by
/// `resource` for every write and by the reconciler that keeps the status of quotas.
@NullMarked
package dev.berth.controller.policy;

import org.jspecify.annotations.NullMarked;
