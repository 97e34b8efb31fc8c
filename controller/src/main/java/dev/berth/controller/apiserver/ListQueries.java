package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.LabelSelector;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.resource.ListQuery;
import java.util.ArrayList;
import java.util.List;

/// Query parameters of lists and watches.
final class ListQueries {
  private ListQueries() {}

  static ListQuery parse(HttpExchange exchange, ApiPath path) {
    FieldSelector fields = fields(exchange);
    return new ListQuery(
        path.namespace(),
        labels(exchange),
        path.isCollection() ? fields : named(fields, path.name()),
        (int) number(exchange, "limit"),
        exchange.query("continue").orElse(""),
        exchange.query("resourceVersion").orElse(""),
        exchange.query("resourceVersionMatch").orElse(""));
  }

  /// The name besides what the client selects, never instead of it: its selector is what the watch
  /// was allowed for.
  private static FieldSelector named(FieldSelector fields, String name) {
    List<FieldSelector.Term> terms = new ArrayList<>(fields.terms());
    terms.add(new FieldSelector.Term("metadata.name", name, false));
    return new FieldSelector(terms);
  }

  static FieldSelector fields(HttpExchange exchange) {
    try {
      return exchange
          .query("fieldSelector")
          .filter(text -> !text.isEmpty())
          .map(FieldSelector::parse)
          .orElse(FieldSelector.EVERYTHING);
    } catch (IllegalArgumentException e) {
      throw new ApiException(
          new ApiError.BadRequest("invalid fieldSelector: " + e.getMessage()), e);
    }
  }

  private static LabelSelector labels(HttpExchange exchange) {
    try {
      return exchange
          .query("labelSelector")
          .filter(text -> !text.isEmpty())
          .map(LabelSelector::parse)
          .orElse(LabelSelector.EVERYTHING);
    } catch (IllegalArgumentException e) {
      throw new ApiException(
          new ApiError.BadRequest("invalid labelSelector: " + e.getMessage()), e);
    }
  }

  static boolean flag(HttpExchange exchange, String name) {
    return exchange
        .query(name)
        .map(v -> v.equals("true") || v.equals("1") || v.isEmpty())
        .orElse(false);
  }

  static long number(HttpExchange exchange, String name) {
    String text = exchange.query(name).orElse("0");
    try {
      long number = text.isEmpty() ? 0 : Long.parseLong(text);
      if (number >= 0 && number <= Integer.MAX_VALUE) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, together with numbers out of range.
    }
    throw new ApiException(
        new ApiError.BadRequest(
            "invalid " + name + ": \"" + text + "\" is not a number from 0 to 2147483647"));
  }
}
