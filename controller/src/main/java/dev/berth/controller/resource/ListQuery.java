package dev.berth.controller.resource;

import dev.berth.api.FieldSelector;
import dev.berth.api.LabelSelector;
import org.jspecify.annotations.Nullable;

/// Which objects a list or watch wants, and as of when. An empty `resourceVersion` means now.
public record ListQuery(
    @Nullable String namespace,
    LabelSelector labels,
    FieldSelector fields,
    int limit,
    String continueToken,
    String resourceVersion,
    String resourceVersionMatch) {

  public static ListQuery all(@Nullable String namespace) {
    return new ListQuery(
        namespace, LabelSelector.EVERYTHING, FieldSelector.EVERYTHING, 0, "", "", "");
  }
}
