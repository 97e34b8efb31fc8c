package dev.berth.cli.host;

import dev.berth.api.Cidr;
import dev.berth.api.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a data directory was started with. A value given once is remembered in `berth.json`: the
/// next `up` without options is the same Berth.
record Settings(
    int port,
    int ingressPort,
    String ingressAddress,
    Cidr podCidr,
    Cidr serviceCidr,
    String nodeName,
    Path runDir) {
  static final Path DEFAULT_DATA_DIR = dev.berth.cli.verb.Server.DEFAULT_DATA_DIR;

  /// Given wins over remembered wins over default. Keys as in the file.
  static Settings of(Map<String, String> given, Map<String, String> remembered) {
    Lookup lookup =
        key ->
            Optional.ofNullable(given.get(key)).or(() -> Optional.ofNullable(remembered.get(key)));
    return new Settings(
        Integer.parseInt(lookup.of("port").orElse("6443")),
        Integer.parseInt(lookup.of("ingressPort").orElse("8080")),
        lookup.of("ingressAddress").orElse("127.0.0.1"),
        Cidr.parse(lookup.of("podCidr").orElse("10.244.0.0/16")),
        Cidr.parse(lookup.of("serviceCidr").orElse("10.96.0.0/16")),
        lookup.of("nodeName").orElseGet(Settings::hostName),
        Path.of(lookup.of("runDir").orElse("/run/berth")));
  }

  static Map<String, String> remembered(Path dataDir) throws IOException {
    Path file = file(dataDir);
    if (!Files.exists(file)) {
      return Map.of();
    }
    Map<String, String> values = new java.util.HashMap<>();
    JsonNode tree = Json.parse(Files.readAllBytes(file));
    tree.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asString()));
    return values;
  }

  void save(Path dataDir) throws IOException {
    ObjectNode tree = Json.object();
    tree.put("port", port).put("ingressPort", ingressPort).put("ingressAddress", ingressAddress);
    tree.put("podCidr", podCidr.toString()).put("serviceCidr", serviceCidr.toString());
    tree.put("nodeName", nodeName).put("runDir", runDir.toString());
    Path next = dataDir.resolve("berth.json.next");
    Files.writeString(next, tree.toPrettyString() + "\n");
    Files.move(
        next, file(dataDir), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // The controller gives the agent its identity, and finds the name here.
    Files.writeString(dataDir.resolve("node-name"), nodeName + "\n");
  }

  static Path file(Path dataDir) {
    return dataDir.resolve("berth.json");
  }

  /// Lower case, and only what a node name may hold.
  private static String hostName() {
    String name;
    try {
      name = InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      name = "";
    }
    String clean =
        name.toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9.-]", "-")
            .replaceAll("^[-.]+|[-.]+$", "");
    return clean.isEmpty() ? "node" : clean;
  }

  private interface Lookup {
    Optional<String> of(String key);
  }
}
