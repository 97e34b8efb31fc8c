package dev.berth.hardening;

import dev.berth.api.Json;
import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A Berth of our own to attack, with helpers for pods that are applied as a person would.
final class Lab {
  private final TestHost host;
  private Optional<Disk> disk = Optional.empty();
  private Optional<Disk> agentDisk = Optional.empty();

  private Lab(TestHost host) {
    this.host = host;
  }

  static Lab create(String name) throws IOException, InterruptedException {
    return new Lab(TestHost.create(name));
  }

  static Lab start(String name) throws IOException, InterruptedException {
    Lab lab = create(name);
    try {
      lab.host.up().ok();
      return lab;
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      lab.close();
      throw e;
    }
  }

  /// Everything of this host on a small file system of its own: what fills it fills nothing else.
  static Lab startOnDisk(String name, int megabytes) throws IOException, InterruptedException {
    Lab lab = create(name);
    try {
      lab.mountOwnDisk(megabytes);
      lab.host.up().ok();
      return lab;
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      lab.close();
      throw e;
    }
  }

  /// Controller and agent as two processes, each with a small file system of its own.
  static Lab startApart(String name, int controllerMegabytes, int agentMegabytes)
      throws IOException, InterruptedException {
    Lab lab = create(name);
    try {
      lab.mountOwnDisk(controllerMegabytes);
      lab.agentDisk =
          Optional.of(
              Disk.mount(
                  lab.beside(".agent.img"),
                  Files.createDirectories(lab.host.dir().resolve("agent")),
                  agentMegabytes));
      lab.startHalves();
      return lab;
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      lab.close();
      throw e;
    }
  }

  private void mountOwnDisk(int megabytes) throws IOException, InterruptedException {
    Path box = beside(".box");
    Files.copy(host.box(), box, StandardCopyOption.COPY_ATTRIBUTES);
    disk = Optional.of(Disk.mount(beside(".img"), host.dir(), megabytes));
    Files.move(box, host.box());
  }

  private Path beside(String suffix) {
    return host.dir().resolveSibling(host.dir().getFileName() + suffix);
  }

  private void startHalves() throws IOException, InterruptedException {
    host.start(beside(".controller.out"), commanded("controller"));
    Path kubeconfig = host.dataDir().resolve("agent.kubeconfig");
    TestHost.waitUntil("the controller serves", () -> Files.exists(kubeconfig));
    host.start(
        beside(".agent.out"),
        commanded(
            "agent", "--data-dir", agentDir().toString(), "--kubeconfig", kubeconfig.toString()));
  }

  private String[] commanded(String... first) {
    List<String> words = new ArrayList<>(List.of(first));
    words.addAll(host.identity());
    return words.toArray(String[]::new);
  }

  /// The disk of the controller, or of both halves.
  Disk disk() {
    return disk.orElseThrow();
  }

  Disk agentDisk() {
    return agentDisk.orElseThrow();
  }

  /// The agent's data directory.
  Path agentDir() {
    return agentDisk.map(Disk::at).orElseGet(host::dataDir);
  }

  TestHost host() {
    return host;
  }

  /// A static binary from a C source among the resources.
  Path compile(String name) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(host.dir().resolve("bin"));
    Path source = folder.resolve(name + ".c");
    Path binary = folder.resolve(name);
    if (!Files.exists(binary)) {
      try (InputStream in = Lab.class.getResourceAsStream("/hardening/" + name + ".c")) {
        Files.write(source, Objects.requireNonNull(in, name).readAllBytes());
      }
      TestHost.run(
              List.of("cc", "-static", "-O1", "-s", "-o", binary.toString(), source.toString()))
          .ok();
    }
    return binary;
  }

  /// Builds an image of the box and of our own binaries.
  void build(String image, String script, Path... binaries)
      throws IOException, InterruptedException {
    host.context(image, script);
    for (Path binary : binaries) {
      Files.copy(
          binary,
          host.dir().resolve(image).resolve(String.valueOf(binary.getFileName())),
          StandardCopyOption.COPY_ATTRIBUTES,
          StandardCopyOption.REPLACE_EXISTING);
    }
    host.berth("build", image, "-t", image + ":1", "--timeout", "3m").ok();
  }

  /// A pod of one container; `more` is YAML for its container, each line a field.
  void pod(String name, String image, String policy, String... more)
      throws IOException, InterruptedException {
    String fields =
        Stream.of(more).map(line -> "      " + line + "\n").collect(Collectors.joining());
    host.write(
        name + ".yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          restartPolicy: %s
          terminationGracePeriodSeconds: 1
          containers:
            - name: main
              image: %s
        %s\
        """
            .formatted(name, policy, image, fields));
    host.berth("apply", "-f", name + ".yaml", "--no-wait").ok();
  }

  static String words(String field, String... words) {
    return field
        + ": ["
        + Stream.of(words).map(word -> '"' + word + '"').collect(Collectors.joining(", "))
        + "]";
  }

  static String environment(Map<String, String> variables) {
    return "env: ["
        + variables.entrySet().stream()
            .map(e -> "{name: " + e.getKey() + ", value: \"" + e.getValue() + "\"}")
            .collect(Collectors.joining(", "))
        + "]";
  }

  /// What a pod's container has written, straight from the keeper's file.
  String log(String pod) {
    return logFile(pod).map(Lab::text).orElse("");
  }

  Optional<Path> logFile(String pod) {
    Path logs = agentDir().resolve("logs");
    if (!Files.isDirectory(logs)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.find(logs, 4, (p, a) -> a.isRegularFile())) {
      return files
          .filter(p -> p.toString().contains("/default_" + pod + "_"))
          .filter(p -> p.toString().endsWith(".log"))
          .sorted()
          .reduce((first, second) -> second);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  void awaitLog(String pod, String words) throws InterruptedException {
    TestHost.waitUntil(pod + " says " + words, () -> log(pod).contains(words));
  }

  /// The addresses of this host, seen from its own namespace.
  List<String> addresses() throws IOException, InterruptedException {
    return host.inNamespace("ip", "-4", "-o", "addr")
        .ok()
        .out()
        .lines()
        .map(line -> line.replaceAll(".*inet ([0-9.]+).*", "$1"))
        .filter(address -> !address.equals("127.0.0.1"))
        .distinct()
        .toList();
  }

  void close() throws IOException, InterruptedException {
    if (disk.isEmpty()) {
      host.close();
      return;
    }
    host.endStarted();
    TestHost.Ran agentDown = closeAgent();
    TestHost.Ran down = host.berth("down", "--purge", "--yes");
    disk.get().close();
    disk = Optional.empty();
    for (String left : List.of(".controller.out", ".agent.out", ".box")) {
      Files.deleteIfExists(beside(left));
    }
    host.close();
    agentDown.ok();
    down.ok();
  }

  private TestHost.Ran closeAgent() throws IOException, InterruptedException {
    if (agentDisk.isEmpty()) {
      return new TestHost.Ran(0, "", "");
    }
    agentDisk.get().relieve();
    TestHost.Ran down = host.berth("down", "--data-dir", agentDir().toString());
    agentDisk.get().close();
    agentDisk = Optional.empty();
    return down;
  }

  /// A pod as the API gives it.
  JsonNode pod(String name) throws IOException, InterruptedException {
    String text = host.berth("get", "pod", name, "-o", "json").ok().out();
    return Json.parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  String address(String pod) throws IOException, InterruptedException {
    return Json.text(pod(pod), "status", "podIP");
  }

  /// The first process of a pod's container, as this host counts.
  String process(String pod) throws IOException, InterruptedException {
    String uid = Json.text(pod(pod), "metadata", "uid");
    return host.containers().stream()
        .map(process -> process.split(" ", -1)[0])
        .filter(pid -> text(Path.of("/proc", pid, "cgroup")).contains(uid))
        .findFirst()
        .orElseThrow();
  }

  Optional<String> diagnosis(String pod) throws IOException, InterruptedException {
    return pod(pod)
        .at("/status/conditions")
        .valueStream()
        .filter(c -> Json.text(c, "type").equals("berth.dev/Diagnosis"))
        .map(c -> Json.text(c, "reason"))
        .findFirst();
  }
}
