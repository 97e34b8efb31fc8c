package dev.berth.client;

import dev.berth.api.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.databind.JsonNode;

/// The current context of a kubeconfig file: where the server is, whom to trust and who we are.
/// Files beside the kubeconfig are read relative to it. What runs other programs (`exec`,
/// `auth-provider`) is refused: it is not needed here.
public record Kubeconfig(
    URI server,
    Optional<String> certificateAuthority,
    Optional<String> clientCertificate,
    Optional<String> clientKey,
    Optional<String> token,
    String namespace) {
  private static final int MAX_BYTES = 4 << 20;

  public static Kubeconfig read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException("kubeconfig " + file + ": larger than 4 MiB");
      }
      return parse(Files.readString(file), file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "kubeconfig " + file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  static Kubeconfig parse(String text, Path file) {
    JsonNode config = tree(text, file);
    String context = Json.text(config, "current-context");
    JsonNode chosen = named(config, "contexts", "context", context, file);
    JsonNode cluster = named(config, "clusters", "cluster", Json.text(chosen, "cluster"), file);
    JsonNode user = named(config, "users", "user", Json.text(chosen, "user"), file);
    for (String program : new String[] {"exec", "auth-provider"}) {
      if (user.has(program)) {
        throw bad(
            file,
            "users use \"" + program + "\", which is not supported; embed a certificate or token");
      }
    }
    return new Kubeconfig(
        server(Json.text(cluster, "server"), file),
        data(cluster, "certificate-authority", file),
        data(user, "client-certificate", file),
        data(user, "client-key", file),
        Json.optional(user, "token"),
        Json.optional(chosen, "namespace").orElse("default"));
  }

  private static URI server(String text, Path file) {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw bad(file, "clusters[].cluster.server is not a URL: \"" + text + "\"");
    }
    throw bad(file, "clusters[].cluster.server is not an http(s) URL: \"" + text + "\"");
  }

  private static JsonNode tree(String text, Path file) {
    LoaderOptions limits = new LoaderOptions();
    limits.setMaxAliasesForCollections(20);
    limits.setNestingDepthLimit(20);
    limits.setCodePointLimit(MAX_BYTES);
    limits.setAllowDuplicateKeys(false);
    try {
      Object loaded = new Yaml(new SafeConstructor(limits)).load(text);
      return Json.mapper().valueToTree(loaded);
    } catch (YAMLException | StackOverflowError | tools.jackson.core.JacksonException e) {
      throw bad(file, "not a kubeconfig: " + firstLine(String.valueOf(e.getMessage())));
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private static JsonNode named(
      JsonNode config, String list, String member, String name, Path file) {
    for (JsonNode entry : config.path(list)) {
      if (Json.text(entry, "name").equals(name)) {
        return entry.path(member);
      }
    }
    throw bad(file, list + " has none named \"" + name + "\"");
  }

  private static Optional<String> data(JsonNode node, String field, Path file) {
    String embedded = Json.text(node, field + "-data");
    if (!embedded.isEmpty()) {
      return Optional.of(decode(embedded, field, file));
    }
    Optional<String> path = Json.optional(node, field);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    Path named = file.toAbsolutePath().resolveSibling(path.get());
    try {
      return Optional.of(Files.readString(named));
    } catch (IOException e) {
      throw bad(file, field + " " + named + " cannot be read: " + e.getMessage());
    }
  }

  private static String decode(String base64, String field, Path file) {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(base64);
      return new String(new ByteArrayInputStream(bytes).readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException e) {
      throw bad(file, field + "-data is not base64");
    }
  }

  private static IllegalArgumentException bad(Path file, String what) {
    return new IllegalArgumentException("kubeconfig " + file + ": " + what);
  }
}
