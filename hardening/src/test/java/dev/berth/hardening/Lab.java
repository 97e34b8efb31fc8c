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
  private Optional<Path> disk = Optional.empty();

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
      Path dir = lab.host.dir();
      Path image = dir.resolveSibling(dir.getFileName() + ".img");
      Path box = dir.resolveSibling(dir.getFileName() + ".box");
      Files.copy(lab.host.box(), box, StandardCopyOption.COPY_ATTRIBUTES);
      TestHost.run(List.of("truncate", "-s", megabytes + "M", image.toString())).ok();
      TestHost.run(List.of("mkfs.ext4", "-q", "-F", image.toString())).ok();
      TestHost.run(List.of("mount", "-o", "loop", image.toString(), dir.toString())).ok();
      lab.disk = Optional.of(image);
      Files.move(box, lab.host.box());
      lab.host.up().ok();
      return lab;
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      lab.close();
      throw e;
    }
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
    host.berth("build", image, "-t", image + ":1", "--timeout", "1m").ok();
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
    Path logs = host.dataDir().resolve("logs");
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
    if (disk.isPresent()) {
      TestHost.Ran down = host.berth("down", "--purge", "--yes");
      TestHost.run(List.of("umount", host.dir().toString())).ok();
      Files.delete(disk.get());
      disk = Optional.empty();
      host.close();
      down.ok();
    } else {
      host.close();
    }
  }

  /// A pod as the API gives it.
  JsonNode pod(String name) throws IOException, InterruptedException {
    String text = host.berth("get", "pod", name, "-o", "json").ok().out();
    return Json.parse(text.getBytes(StandardCharsets.ISO_8859_1));
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
