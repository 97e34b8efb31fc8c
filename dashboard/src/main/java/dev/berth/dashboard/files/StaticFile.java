package dev.berth.dashboard.files;

import dev.berth.dashboard.port.Answer;
import dev.berth.dashboard.port.Request;
import dev.berth.dashboard.wire.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// One file with everything that its answers need.
///
/// @param immutable what is at this path never changes
record StaticFile(Payload payload, boolean immutable) {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "mjs", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "txt", "text/plain; charset=utf-8");

  static StaticFile of(String name, byte[] bytes, boolean immutable) {
    String type = TYPES.getOrDefault(extension(name), "application/octet-stream");
    return new StaticFile(Payload.of(bytes, type), immutable);
  }

  static boolean isServed(String name) {
    return TYPES.containsKey(extension(name));
  }

  private static String extension(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1);
  }

  String text() {
    return new String(payload.plain(), StandardCharsets.UTF_8);
  }

  Answer answer(Request request) {
    return payload
        .answer(request)
        .with("Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
  }
}
