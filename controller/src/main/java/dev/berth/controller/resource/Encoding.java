package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import tools.jackson.core.JacksonException;
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
    return of(encoded(object));
  }

  /// As it is stored, but for the revision.
  static byte[] encoded(ObjectNode object) {
    return Json.bytes(ordered(object));
  }

  /// Whether an [#encoded] object is what is there. Nearly always that is seen from the bytes; only
  /// where there are as many of each, as with fields in another order, the trees are compared.
  static boolean isSame(byte[] encoded, Item present) {
    byte[] next = withRevision(encoded, present.revision());
    byte[] now = present.bytes();
    return Arrays.equals(next, now)
        || (next.length == now.length
            && Arrays.equals(counts(next), counts(now))
            && Json.parseOwn(next).equals(present.tree()));
  }

  private static int[] counts(byte[] bytes) {
    int[] counts = new int[256];
    for (byte b : bytes) {
      counts[b & 0xff]++;
    }
    return counts;
  }

  /// The same, for an object that somebody wants to be stored: however it came to be, by a write or
  /// by a patch of what is there, it may not be larger than [Resources#LARGEST_OBJECT].
  static LongFunction<byte[]> ofWanted(ObjectNode object) {
    return ofWanted(encoded(object));
  }

  /// The same, of an object that is [#encoded] already.
  static LongFunction<byte[]> ofWanted(byte[] bytes) {
    if (bytes.length > Resources.LARGEST_OBJECT) {
      throw new ApiException(
          new ApiError.TooLarge(
              "the object would be "
                  + bytes.length
                  + " bytes long; the most that is stored is "
                  + Resources.LARGEST_OBJECT));
    }
    requireReadable(bytes);
    return of(bytes);
  }

  /// What is stored and cannot be read would take every list of its kind along.
  private static void requireReadable(byte[] bytes) {
    try {
      Json.requireReadable(bytes);
    } catch (JacksonException e) {
      throw new ApiException(
          new ApiError.BadRequest(
              "the object would be deeper, or would have longer field names, than can be read: "
                  + e.getOriginalMessage()));
    }
  }

  static LongFunction<byte[]> of(byte[] bytes) {
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
      if (bytes[i] == '"' && Arrays.equals(bytes, i, i + FIELD.length, FIELD, 0, FIELD.length)) {
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
