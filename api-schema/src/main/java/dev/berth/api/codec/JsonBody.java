package dev.berth.api.codec;

import dev.berth.api.Json;
import dev.berth.api.schema.FieldError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON body as Kubernetes reads it: of a name that comes twice the last value holds, and
/// `duplicates` has its path (`spec.containers[0].image`), for field validation to refuse or to say
/// (kubernetes.io, "Kubernetes API Concepts", field validation). Within the limits of [Json]. Pure,
/// any thread.
public record JsonBody(JsonNode tree, List<String> duplicates) {
  /// Nobody reads more.
  private static final int MOST = 100;

  private static final JsonMapper LENIENT =
      JsonMapper.builder(
              Json.mapper()
                  .tokenStreamFactory()
                  .rebuild()
                  .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .nodeFactory(Json.mapper().getNodeFactory())
          .build();

  public JsonBody {
    duplicates = List.copyOf(duplicates);
  }

  /// Throws a `JacksonException` where the bytes are not one JSON value within the limits, and an
  /// `IllegalArgumentException` for a number that is too large. A body without duplicates, the
  /// usual one, is read once.
  public static JsonBody read(byte[] json) {
    try {
      return new JsonBody(Json.parse(json), List.of());
    } catch (StreamReadException e) {
      if (!String.valueOf(e.getOriginalMessage()).startsWith("Duplicate")) {
        throw e;
      }
      return new JsonBody(LENIENT.readTree(json), duplicatesOf(json));
    }
  }

  /// What Kubernetes calls strict decoding errors, in its words: the unknown fields, then the known
  /// ones that come twice.
  public static List<String> strictErrors(List<FieldError> unknown, List<String> duplicates) {
    Set<String> paths = new HashSet<>();
    List<String> texts = new ArrayList<>();
    for (FieldError field : unknown) {
      paths.add(field.field());
      texts.add("unknown field \"" + field.field() + "\"");
    }
    duplicates.stream()
        .filter(path -> !paths.contains(path))
        .forEach(path -> texts.add("duplicate field \"" + path + "\""));
    return texts;
  }

  /// An object or a list that is being read.
  private static final class Frame {
    private final String path;
    private final Set<String> names = new HashSet<>();
    private final boolean list;
    private String name = "";
    private int index = -1;

    Frame(String path, boolean list) {
      this.path = path;
      this.list = list;
    }

    String child() {
      if (list) {
        return path + "[" + index + "]";
      }
      return path.isEmpty() ? name : path + "." + name;
    }
  }

  private static List<String> duplicatesOf(byte[] json) {
    Set<String> found = new LinkedHashSet<>();
    Deque<Frame> frames = new ArrayDeque<>();
    try (JsonParser parser =
        LENIENT.tokenStreamFactory().createParser(ObjectReadContext.empty(), json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        Frame frame = frames.peek();
        if (token == JsonToken.PROPERTY_NAME && frame != null) {
          frame.name = parser.currentName();
          if (!frame.names.add(frame.name) && found.size() < MOST) {
            found.add(frame.child());
          }
          continue;
        }
        if (token.isStructEnd()) {
          frames.pop();
          continue;
        }
        if (frame != null) {
          frame.index++;
        }
        if (token.isStructStart()) {
          String path = frame == null ? "" : frame.child();
          frames.push(new Frame(path, token == JsonToken.START_ARRAY));
        }
      }
    }
    return List.copyOf(found);
  }
}
