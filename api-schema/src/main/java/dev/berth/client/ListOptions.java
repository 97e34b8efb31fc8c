package dev.berth.client;

import dev.berth.api.FieldSelector;
import dev.berth.api.LabelSelector;

/// Which objects to list. A `limit` of 0 asks for all; an empty continue token for the first page.
public record ListOptions(
    LabelSelector labels, FieldSelector fields, int limit, String continueToken) {
  public static final ListOptions ALL =
      new ListOptions(LabelSelector.EVERYTHING, FieldSelector.EVERYTHING, 0, "");

  public static ListOptions labelled(LabelSelector labels) {
    return new ListOptions(labels, FieldSelector.EVERYTHING, 0, "");
  }

  public static ListOptions selecting(LabelSelector labels, FieldSelector fields) {
    return new ListOptions(labels, fields, 0, "");
  }
}
