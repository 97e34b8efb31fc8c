package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.fail;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// Every version of every object that a host's API showed, in order. Tests wait on it, and look
/// back at what an object has been in the meantime.
final class Sightings {
  private final Map<String, List<ObjectNode>> versions = new HashMap<>();
  private final Map<String, ObjectNode> present = new HashMap<>();

  private Sightings() {}

  static Sightings of(TestHost host) throws IOException {
    Sightings sightings = new Sightings();
    Process watch =
        host.startJava(ObjectWatch.class, host.dataDir().resolve("admin.kubeconfig").toString());
    Thread.ofPlatform().daemon().name("sightings").start(() -> sightings.follow(watch));
    return sightings;
  }

  private void follow(Process watch) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
      lines.lines().forEach(this::take);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private synchronized void take(String line) {
    int space = line.indexOf(' ');
    String kind = line.substring(0, space);
    ObjectNode object = Json.parseObject(line.substring(space + 1));
    String key = key(kind.replace("-", ""), Json.name(object));
    if (kind.startsWith("-")) {
      present.remove(key);
    } else {
      present.put(key, object);
      versions.computeIfAbsent(key, _ -> new ArrayList<>()).add(object);
    }
    notifyAll();
  }

  private static String key(String kind, String name) {
    return kind + "/" + name;
  }

  synchronized Optional<ObjectNode> now(String kind, String name) {
    return Optional.ofNullable(present.get(key(kind, name)));
  }

  /// Every version so far, oldest first, also of objects that are gone.
  synchronized List<ObjectNode> versions(String kind, String name) {
    return List.copyOf(versions.getOrDefault(key(kind, name), List.of()));
  }

  /// All present objects of a kind.
  synchronized List<ObjectNode> all(String kind) {
    return present.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(kind + "/"))
        .map(Map.Entry::getValue)
        .toList();
  }

  /// Waits for the object to be so; fails with what it was instead.
  synchronized ObjectNode await(
      String kind, String name, Duration limit, String what, Predicate<ObjectNode> wanted)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<ObjectNode> found = now(kind, name).filter(wanted);
      if (found.isPresent()) {
        return found.get();
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return fail(
            kind
                + " "
                + name
                + " was not "
                + what
                + " within "
                + limit.toSeconds()
                + " s, but\n"
                + now(kind, name).map(Sightings::brief).orElse("absent"));
      }
      wait(left);
    }
  }

  /// What is wrong with it, in its own words.
  private static String brief(ObjectNode object) {
    StringBuilder lines = new StringBuilder();
    for (Condition condition : Conditions.all(object)) {
      lines
          .append(condition.type())
          .append(' ')
          .append(condition.status())
          .append(' ')
          .append(condition.reason())
          .append(": ")
          .append(condition.message())
          .append('\n');
    }
    return lines + "lastFailure: " + Json.string(Json.at(object, "status", "lastFailure"));
  }
}
