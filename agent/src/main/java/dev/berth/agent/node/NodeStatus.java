package dev.berth.agent.node;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The Node object as this host would write it.
final class NodeStatus {
  private final String name;
  private final String address;
  private final Path dataDir;
  private final Clock clock;
  private final Supplier<JsonNode> images;

  NodeStatus(String name, String address, Path dataDir, Clock clock, Supplier<JsonNode> images) {
    this.name = name;
    this.address = address;
    this.dataDir = dataDir;
    this.clock = clock;
    this.images = images;
  }

  ObjectNode object() {
    ObjectNode node = Json.object().put("apiVersion", "v1").put("kind", "Node");
    node.putObject("metadata").put("name", name).set("labels", labels());
    node.putObject("spec");
    return node;
  }

  ObjectNode labels() {
    ObjectNode labels = Json.object().put("kubernetes.io/hostname", name);
    return labels.put("kubernetes.io/os", "linux").put("kubernetes.io/arch", architecture());
  }

  private static String architecture() {
    String arch = System.getProperty("os.arch", "");
    return arch.equals("aarch64") ? "arm64" : arch.equals("x86_64") ? "amd64" : arch;
  }

  Capacity capacity() {
    return Capacity.read(dataDir);
  }

  ObjectNode status(JsonNode current) {
    Capacity capacity = capacity();
    ObjectNode status = Json.object();
    status.set("capacity", resources(capacity, capacity.memoryBytes()));
    status.set("allocatable", resources(capacity, capacity.allocatableMemory()));
    ArrayNode addresses = status.putArray("addresses");
    addresses.addObject().put("type", "InternalIP").put("address", address);
    addresses.addObject().put("type", "Hostname").put("address", name);
    status.set("nodeInfo", info());
    status.set("conditions", conditions(current, capacity));
    status.set("images", images.get());
    return status;
  }

  private static ObjectNode resources(Capacity c, long memory) {
    ObjectNode r = Json.object().put("cpu", Integer.toString(c.cpus()));
    r.put("memory", (memory >> 10) + "Ki").put("pods", Integer.toString(Capacity.PODS));
    return r.put("ephemeral-storage", (c.diskBytes() >> 10) + "Ki");
  }

  private static ObjectNode info() {
    ObjectNode info =
        Json.object().put("operatingSystem", "linux").put("architecture", architecture());
    info.put("kernelVersion", System.getProperty("os.version", "")).put("osImage", osImage());
    info.put("containerRuntimeVersion", "berth://0.1.0")
        .put("kubeletVersion", "v1.33.0+berth-0.1.0")
        .put("kubeProxyVersion", "");
    return info.put("machineID", read("/etc/machine-id"))
        .put("bootID", read("/proc/sys/kernel/random/boot_id"))
        .put("systemUUID", "");
  }

  private static String osImage() {
    return read("/etc/os-release")
        .lines()
        .filter(l -> l.startsWith("PRETTY_NAME="))
        .map(l -> l.substring(12).replace("\"", ""))
        .findFirst()
        .orElse("Linux");
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private ArrayNode conditions(JsonNode current, Capacity c) {
    ArrayNode out = Json.array();
    out.add(pressure(current, "MemoryPressure", c.memory(), "", "MemoryIsLow", "MemoryIsEnough"));
    out.add(
        pressure(
            current,
            "DiskPressure",
            c.disk(),
            " on the disk of " + dataDir,
            "DiskIsNearlyFull",
            "DiskHasRoom"));
    out.add(condition(current, "PIDPressure", false, "", "PidsAreFree", ""));
    return out.add(condition(current, "Ready", true, "AgentReady", "", ""));
  }

  private ObjectNode pressure(
      JsonNode current, String type, Capacity.Left left, String place, String yes, String no) {
    return condition(
        current, type, left.isShort(), yes, no, left.isShort() ? left.text(place) : "");
  }

  /// Nodes' conditions also carry the time of the last heartbeat.
  private ObjectNode condition(
      JsonNode current, String type, boolean holds, String yes, String no, String message) {
    String value = holds ? Condition.TRUE : Condition.FALSE;
    String now = Times.format(clock.instant());
    String since =
        Conditions.find(current, type)
            .filter(c -> c.status().equals(value))
            .map(c -> Times.format(c.lastTransitionTime()))
            .orElse(now);
    return Json.object()
        .put("type", type)
        .put("status", value)
        .put("reason", holds ? yes : no)
        .put("message", message)
        .put("lastHeartbeatTime", now)
        .put("lastTransitionTime", since);
  }
}
