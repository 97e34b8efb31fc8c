package dev.berth.controller.resource;

import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Trees to stored bytes. An object carries its own revision, which is known only when the store
/// commits: so `resourceVersion` is written early, behind nothing but names whose characters were
/// checked, and its digits are put in by cutting at the first occurrence of the field.
final class Encoding {
  private static final byte[] FIELD = "\"resourceVersion\":\"".getBytes(StandardCharsets.UTF_8);
  private static final List<String> FIRST =
      List.of(
          "name",
          "generateName",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp");

  private Encoding() {}

  static LongFunction<byte[]> of(ObjectNode object) {
    byte[] bytes = Json.bytes(ordered(object));
    return revision -> withRevision(bytes, revision);
  }

  /// The same object as of another revision.
  static byte[] withRevision(byte[] bytes, long revision) {
    int start = indexOf(bytes) + FIELD.length;
    int end = start;
    while (bytes[end] != '"') {
      end++;
    }
    byte[] digits = Long.toString(revision).getBytes(StandardCharsets.US_ASCII);
    byte[] spliced = new byte[bytes.length - (end - start) + digits.length];
    System.arraycopy(bytes, 0, spliced, 0, start);
    System.arraycopy(digits, 0, spliced, start, digits.length);
    System.arraycopy(bytes, end, spliced, start + digits.length, bytes.length - end);
    return spliced;
  }

  private static int indexOf(byte[] bytes) {
    for (int i = 0; i + FIELD.length < bytes.length; i++) {
      if (bytes[i] == '"'
          && java.util.Arrays.equals(bytes, i, i + FIELD.length, FIELD, 0, FIELD.length)) {
        return i;
      }
    }
    throw new IllegalStateException("an encoded object has no resourceVersion");
  }

  static ObjectNode ordered(ObjectNode object) {
    ObjectNode result = Json.object();
    result.set("apiVersion", object.path("apiVersion"));
    result.set("kind", object.path("kind"));
    result.set("metadata", orderedMeta(object.path("metadata")));
    for (var field : object.properties()) {
      if (!result.has(field.getKey())) {
        result.set(field.getKey(), field.getValue());
      }
    }
    return result;
  }

  private static ObjectNode orderedMeta(JsonNode metadata) {
    ObjectNode result = Json.object();
    for (String name : FIRST) {
      if (name.equals("resourceVersion")) {
        result.put(name, "");
      } else if (metadata.has(name)) {
        result.set(name, metadata.path(name));
      }
    }
    for (var field : metadata.properties()) {
      if (!result.has(field.getKey())) {
        result.set(field.getKey(), field.getValue());
      }
    }
    return result;
  }
}
