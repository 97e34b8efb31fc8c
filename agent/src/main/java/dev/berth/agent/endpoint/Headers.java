package dev.berth.agent.endpoint;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Which headers pass through a proxy: all but those that are about one connection.
final class Headers {
  private static final Set<String> HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "proxy-connection");

  private Headers() {}

  static void copy(MultiMap from, MultiMap to) {
    String named =
        from.contains("connection")
            ? ","
                + String.join(",", from.getAll("connection"))
                    .toLowerCase(Locale.ROOT)
                    .replace(" ", "")
                + ","
            : "";
    for (Map.Entry<String, String> h : from) {
      String name = h.getKey().toLowerCase(Locale.ROOT);
      if (!HOP.contains(name) && !named.contains("," + name + ",")) {
        to.add(h.getKey(), h.getValue());
      }
    }
  }
}
