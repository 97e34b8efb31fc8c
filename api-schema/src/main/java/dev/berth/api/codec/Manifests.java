package dev.berth.api.codec;

import dev.berth.api.codec.Positions.Position;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Text to manifests: YAML (one or more documents) or JSON.
public final class Manifests {
  public static final int MAX_BYTES = 4 << 20;

  private Manifests() {}

  /// Every document of the text. Throws a `ManifestException` with every problem: one where the
  /// text is neither YAML nor JSON or beyond a limit, all of them where keys are repeated or
  /// documents are no objects.
  public static List<Manifest> parse(String fileName, byte[] text) {
    if (text.length > MAX_BYTES) {
      throw only(fileName, "larger than " + (MAX_BYTES >> 20) + " MiB");
    }
    String decoded = decode(fileName, text);
    return looksLikeJson(decoded)
        ? json(fileName, decoded)
        : checked(new YamlReader(fileName, decoded));
  }

  private static ManifestException only(String file, String message) {
    return new ManifestException(List.of(new Problem(file, 1, 1, "", message)));
  }

  private static String decode(String file, byte[] text) {
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
    } catch (CharacterCodingException e) {
      throw only(file, "not UTF-8 text");
    }
  }

  private static boolean looksLikeJson(String text) {
    return text.stripLeading().startsWith("{");
  }

  /// A YAML document may begin with a brace too: what is no JSON gets a second chance. Where both
  /// fail, the error of the reader that came further is the useful one.
  private static List<Manifest> json(String file, String text) {
    JsonReader reader = new JsonReader(file, text);
    try {
      return checked(reader);
    } catch (ManifestException notJson) {
      if (!reader.metSyntaxError()) {
        throw notJson;
      }
      try {
        return checked(new YamlReader(file, text));
      } catch (ManifestException notYaml) {
        throw last(notJson).line() >= last(notYaml).line() ? notJson : notYaml;
      }
    }
  }

  private static Position last(ManifestException e) {
    Problem problem = e.problems().getLast();
    return new Position(problem.line(), problem.column());
  }

  private static List<Manifest> checked(DocumentReader reader) {
    List<Manifest> manifests = reader.read();
    if (!reader.problems.isEmpty()) {
      throw new ManifestException(reader.problems);
    }
    return manifests;
  }
}
