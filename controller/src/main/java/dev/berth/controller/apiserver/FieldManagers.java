package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.apply.Manager;
import dev.berth.controller.http.HttpExchange;
import java.util.List;

/// Who owns what a request writes: its `fieldManager`, else the program that its user agent names.
final class FieldManagers {
  private static final int LONGEST = 128;

  private FieldManagers() {}

  static Manager updating(HttpExchange exchange, ApiPath path) {
    String given = given(exchange);
    String name = given.isEmpty() ? program(exchange.header("User-Agent").orElse("")) : given;
    return manager(name, Manager.UPDATE, path);
  }

  /// Who applies must say who it is.
  static Manager applying(HttpExchange exchange, ApiPath path) {
    String name = given(exchange);
    if (name.isEmpty()) {
      throw invalid(
          "fieldManager", "FieldValueRequired", "Required value: is required for apply patch");
    }
    return manager(name, Manager.APPLY, path);
  }

  private static Manager manager(String name, String operation, ApiPath path) {
    return new Manager(name, operation, path.type().gvk().apiVersion(), path.subresource());
  }

  private static String given(HttpExchange exchange) {
    String name = exchange.query("fieldManager").orElse("");
    if (name.length() > LONGEST) {
      throw invalid(
          "fieldManager", "FieldValueTooLong", "Too long: may not be more than 128 bytes");
    }
    if (!isPrintable(name)) {
      throw invalid(
          "fieldManager",
          "FieldValueInvalid",
          "Invalid value: should only contain printable characters");
    }
    return name;
  }

  private static boolean isPrintable(String text) {
    return text.codePoints().noneMatch(c -> Character.isISOControl(c) || !Character.isDefined(c));
  }

  /// `kubectl/v1.36.0 (linux/amd64)` is kubectl.
  private static String program(String userAgent) {
    int slash = userAgent.indexOf('/');
    String name = slash < 0 ? userAgent : userAgent.substring(0, slash);
    StringBuilder printable = new StringBuilder();
    name.codePoints()
        .filter(c -> isPrintable(Character.toString(c)))
        .limit(LONGEST)
        .forEach(printable::appendCodePoint);
    return printable.isEmpty() ? "unknown" : printable.toString();
  }

  static ApiException invalid(String field, String reason, String message) {
    return new ApiException(
        ApiError.Invalid.of(
            "PatchOptions", "", List.of(new ApiError.Cause(field, reason, message))));
  }
}
