package dev.berth.agent.image;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What an image says about its containers, with the tree it came from: a build that starts here
/// keeps what we do not read.
public record ImageConfig(
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    String workingDirectory,
    String user,
    List<String> exposedPorts,
    Map<String, String> labels,
    String stopSignal,
    List<Digest> diffIds,
    JsonNode tree) {
  public ImageConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
    exposedPorts = List.copyOf(exposedPorts);
    labels = Map.copyOf(labels);
    diffIds = List.copyOf(diffIds);
  }

  public static ImageConfig read(byte[] json) {
    JsonNode tree = Json.parse(json);
    JsonNode config = tree.path("config");
    return new ImageConfig(
        strings(config.path("Entrypoint")),
        strings(config.path("Cmd")),
        strings(config.path("Env")),
        text(config, "WorkingDir", "/"),
        text(config, "User", ""),
        config.path("ExposedPorts").propertyStream().map(Map.Entry::getKey).toList(),
        Json.strings(config.path("Labels")),
        text(config, "StopSignal", ""),
        strings(tree.path("rootfs").path("diff_ids")).stream().map(Digest::parse).toList(),
        tree);
  }

  private static String text(JsonNode node, String name, String fallback) {
    String value = node.path(name).asString("");
    return value.isEmpty() ? fallback : value;
  }

  private static List<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
