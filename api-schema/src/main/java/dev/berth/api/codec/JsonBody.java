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
import org.jspecify.annotations.Nullable;
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

  /// Of a path, in characters; names may be as long as the body.
  private static final int LONGEST = 1000;

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

  /// An object or a list that is being read. Its path is put together only for a duplicate: a body
  /// may have long names and a million objects below them.
  private static final class Frame {
    private final @Nullable Frame parent;
    private final Set<String> names = new HashSet<>();
    private final Set<String> told = new HashSet<>();
    private final boolean list;
    private String name = "";
    private int index = -1;

    Frame(@Nullable Frame parent, boolean list) {
      this.parent = parent;
      this.list = list;
    }

    /// Whether the name is there already; true once for each.
    boolean repeats(String next) {
      name = next;
      return !names.add(next) && told.add(next);
    }

    /// The path of the child that is being read, its end if it is long.
    String child() {
      StringBuilder path = new StringBuilder();
      for (Frame at = this; at != null && path.length() < LONGEST; at = at.parent) {
        String step = at.list ? "[" + at.index + "]" : at.name;
        boolean joins = path.isEmpty() || path.charAt(0) == '[';
        path.insert(0, joins ? step : step + ".");
      }
      return path.length() <= LONGEST
          ? path.toString()
          : "..." + path.substring(path.length() - LONGEST);
    }
  }

  private static List<String> duplicatesOf(byte[] json) {
    Set<String> found = new LinkedHashSet<>();
    int told = 0;
    Deque<Frame> frames = new ArrayDeque<>();
    try (JsonParser parser =
        LENIENT.tokenStreamFactory().createParser(ObjectReadContext.empty(), json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        Frame frame = frames.peek();
        if (token == JsonToken.PROPERTY_NAME && frame != null) {
          if (frame.repeats(parser.currentName()) && told++ < MOST) {
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
          frames.push(new Frame(frame, token == JsonToken.START_ARRAY));
        }
      }
    }
    return List.copyOf(found);
  }
}
