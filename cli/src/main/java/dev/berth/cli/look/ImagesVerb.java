package dev.berth.cli.look;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Table;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Server;
import dev.berth.cli.verb.Verb;
import dev.berth.client.ApiClient;
import dev.berth.client.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(
    name = "berth images",
    header = {"Example:", "  berth images", ""},
    description =
        "%nWhat the cluster's repository holds: name, tag, digest, size, and where each image came"
            + " from.")
public final class ImagesVerb extends Verb {
  private static final String SOURCE = "dev.berth.image.source";
  private static final String CONTEXT = "application/vnd.berth.build-context.v1";

  @Mixin final Server server = new Server();

  public ImagesVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run() throws IOException {
    try (ApiClient client = server.open();
        Registry registry = Registry.ofCluster(client)) {
      List<List<String>> rows = new ArrayList<>();
      for (String repository : repositories(client)) {
        for (String tag : registry.tags(repository)) {
          registry
              .manifest(repository, tag)
              .filter(ImagesVerb::isImage)
              .ifPresent(image -> rows.add(row(repository, tag, image)));
        }
      }
      if (rows.isEmpty()) {
        terminal.say("The repository is empty.  berth image bootstrap debian:bookworm-slim");
      } else {
        new Table(List.of("repository", "tag", "digest", "size", "source"))
            .lines(rows)
            .forEach(terminal::data);
      }
      return Exit.OK;
    }
  }

  private static List<String> repositories(ApiClient client) throws IOException {
    HttpResponse<InputStream> response = client.raw("GET", "/v2/_catalog?n=10000");
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new ApiException(
            ApiError.fromCode(
                response.statusCode(),
                "the registry answered " + response.statusCode() + " for its catalog"));
      }
      List<String> names = new ArrayList<>();
      Json.parse(body.readAllBytes())
          .path("repositories")
          .forEach(name -> names.add(name.asString("")));
      return names.stream().sorted().toList();
    }
  }

  /// Build contexts live in the same repositories, but nobody runs them.
  private static boolean isImage(Registry.Manifest manifest) {
    return !Json.text(manifest.tree(), "artifactType").equals(CONTEXT);
  }

  private static List<String> row(String repository, String tag, Registry.Manifest image) {
    JsonNode tree = image.tree();
    long size = tree.path("config").path("size").asLong(0);
    for (JsonNode layer : tree.path("layers")) {
      size += layer.path("size").asLong(0);
    }
    return List.of(
        repository, tag, image.digest().shortHex(), Spans.bytes(size), source(repository, tree));
  }

  /// A copy from the Hub keeps its bytes, and so its digest: it cannot carry a note of ours.
  private static String source(String repository, JsonNode manifest) {
    Optional<String> noted = Json.optional(manifest, "annotations", SOURCE);
    return noted.orElse(repository.startsWith("docker.io/") ? "docker.io" : "built here");
  }
}
