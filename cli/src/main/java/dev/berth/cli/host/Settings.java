package dev.berth.cli.host;

import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Names;
import dev.berth.controller.ControllerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
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
    Path runDir,
    boolean audit,
    Optional<Path> secretKeys,
    Optional<Path> allowFileGit) {
  private static final int NODE_PREFIX = 24;
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
        Path.of(lookup.of("runDir").orElse("/run/berth")),
        Boolean.parseBoolean(lookup.of("audit").orElse("true")),
        lookup.of("secretKeys").map(Path::of),
        lookup.of("allowFileGit").filter(folder -> !folder.isEmpty()).map(Path::of));
  }

  /// The same controller, but for its address and names.
  ControllerConfig controller(Path dataDir, String bindAddress, List<String> sans) {
    ControllerConfig config =
        new ControllerConfig(dataDir, bindAddress, port, podCidr, serviceCidr, sans)
            .withAudit(audit);
    ControllerConfig sealed = secretKeys.map(config::withSecretKeys).orElse(config);
    return allowFileGit.map(sealed::withAllowFileGit).orElse(sealed);
  }

  /// What nobody can run with, one sentence each: said before anything is remembered.
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    port("--port", port, problems);
    port("--ingress-port", ingressPort, problems);
    if (Cidr.address(ingressAddress).isEmpty() && !ingressAddress.contains(":")) {
      problems.add("--ingress-address " + ingressAddress + " is not an address (A.B.C.D)");
    }
    if (podCidr.overlaps(serviceCidr)) {
      problems.add(
          "--pod-cidr " + podCidr + " and --service-cidr " + serviceCidr + " must not overlap");
    }
    if (podCidr.prefix() > NODE_PREFIX) {
      problems.add(
          "--pod-cidr " + podCidr + " is too small: every node takes a /" + NODE_PREFIX + " of it");
    }
    allowFileGit
        .filter(folder -> !Files.isDirectory(folder))
        .ifPresent(
            folder -> problems.add("--allow-file-git " + folder + " is no folder on this host"));
    if (!Names.isDnsSubdomain(nodeName)) {
      problems.add(
          "--node-name " + nodeName + " is not a name: lower case letters, digits, - and . only");
    }
    return problems;
  }

  private static void port(String option, int port, List<String> problems) {
    if (port < 0 || port > 65535) {
      problems.add(option + " " + port + " is not a port (0 to 65535)");
    }
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
    tree.put("audit", Boolean.toString(audit));
    secretKeys.ifPresent(file -> tree.put("secretKeys", file.toString()));
    allowFileGit.ifPresent(folder -> tree.put("allowFileGit", folder.toString()));
    Path next = dataDir.resolve("berth.json.next");
    Files.writeString(next, Json.pretty(tree) + "\n");
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
