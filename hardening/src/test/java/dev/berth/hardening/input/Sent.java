package dev.berth.hardening.input;

import dev.berth.api.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/// One request.
///
/// @param verb what it was before it was changed, for the count
/// @param target path and query, as they stand in the request line
/// @param object the path at which what it leaves can be read; empty where its name is not known
///   yet
@SuppressWarnings("ArrayRecordComponent") // Sent once, never compared.
record Sent(
    String verb,
    ResourceType type,
    String method,
    String target,
    Map<String, String> headers,
    byte[] body,
    String object) {
  private static final int SHOWN = 1_500;

  /// Whether it stores nothing whatever it is answered.
  boolean onlyAsks() {
    return method.equals("GET") || target.contains("dryRun=");
  }

  /// As a person would repeat it.
  @Override
  public String toString() {
    String lines =
        headers.entrySet().stream()
            .map(e -> " -H '" + e.getKey() + ": " + e.getValue() + "'")
            .collect(Collectors.joining());
    return "curl -k --cert admin.crt --key admin.key -X "
        + method
        + lines
        + " 'https://127.0.0.1:6443"
        + target
        + "'"
        + (body.length == 0 ? "" : " --data-binary " + shown());
  }

  private String shown() {
    String text = new String(body, StandardCharsets.UTF_8);
    boolean plain = text.chars().allMatch(c -> c >= ' ' && c < 127 && c != '\'');
    return plain && text.length() <= SHOWN
        ? "'" + text + "'"
        : "@<(base64 -d <<< " + Base64.getEncoder().encodeToString(body) + ")";
  }
}
