package dev.berth.api.gitops;

import dev.berth.api.Durations;
import dev.berth.api.Json;
import dev.berth.api.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Where manifests come from and how they are kept applied.
///
/// @param path folder inside the repository, `/` between names and none at its ends; empty is the
///   root
/// @param exclude globs of files below `path` that are not read
/// @param secretRef the Secret of the same namespace with the credentials
/// @param interval how often the remote is asked; zero asks only when a webhook or a person says so
/// @param webhookSecret the Secret with the key that webhooks are signed with
/// @param maxSizeBytes what a fetch may bring, in bytes
/// @param timeout how long a sync waits for its objects to be healthy
/// @param substitute values of `${NAME}` in the manifests
/// @param serviceAccountName whose rights are used; empty: namespaced kinds of the own namespace
/// @param historyLimit entries kept in `status.history`
public record GitRepositorySpec(
    String url,
    GitRef ref,
    String path,
    List<String> exclude,
    Optional<String> secretRef,
    Duration interval,
    Optional<String> webhookSecret,
    long maxSizeBytes,
    Duration timeout,
    Optional<Verify> verify,
    Map<String, String> substitute,
    SyncSpec sync,
    Optional<String> serviceAccountName,
    boolean suspend,
    int historyLimit) {
  public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
  public static final long DEFAULT_MAX_SIZE_BYTES = 512L << 20;
  public static final int DEFAULT_HISTORY_LIMIT = 10;

  /// Whose signatures are asked for, and the Secret with the keys of those who may sign.
  public record Verify(Mode mode, String secretRef) {
    public enum Mode {
      HEAD,
      TAG,
      TAG_AND_HEAD;

      static Mode parse(String text) {
        return switch (text) {
          case "Tag" -> TAG;
          case "TagAndHEAD" -> TAG_AND_HEAD;
          default -> HEAD;
        };
      }
    }

    static Optional<Verify> read(JsonNode verify) {
      return verify.isObject()
          ? Optional.of(
              new Verify(
                  Mode.parse(Json.text(verify, "mode")), Json.text(verify, "secretRef", "name")))
          : Optional.empty();
    }
  }

  public GitRepositorySpec {
    exclude = List.copyOf(exclude);
    substitute = Map.copyOf(substitute);
  }

  static GitRepositorySpec read(JsonNode spec) {
    return new GitRepositorySpec(
        Json.text(spec, "url"),
        GitRef.read(spec.path("ref")),
        folder(Json.text(spec, "path")),
        texts(spec.path("exclude")),
        Json.optional(spec, "secretRef", "name"),
        duration(spec, "interval", DEFAULT_INTERVAL),
        Json.optional(spec, "webhook", "secretRef", "name"),
        maxSize(spec.path("maxSize")),
        duration(spec, "timeout", DEFAULT_TIMEOUT),
        Verify.read(spec.path("verify")),
        Json.strings(spec.path("substitute")),
        SyncSpec.read(spec.path("sync")),
        Json.optional(spec, "serviceAccountName"),
        spec.path("suspend").asBoolean(false),
        spec.path("historyLimit").asInt(DEFAULT_HISTORY_LIMIT));
  }

  private static String folder(String path) {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return String.join("/", names);
  }

  private static Duration duration(JsonNode spec, String field, Duration otherwise) {
    return Json.optional(spec, field).flatMap(Durations::tryParse).orElse(otherwise);
  }

  private static long maxSize(JsonNode size) {
    return Quantity.tryParse(size.asString("")).map(Quantity::value).orElse(DEFAULT_MAX_SIZE_BYTES);
  }

  static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(node -> texts.add(node.asString("")));
    return texts;
  }
}
