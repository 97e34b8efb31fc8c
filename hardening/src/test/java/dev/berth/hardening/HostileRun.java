package dev.berth.hardening;

import dev.berth.agent.image.ContentStore;
import dev.berth.agent.image.ImageException;
import dev.berth.agent.image.ImageNames;
import dev.berth.agent.image.Images;
import dev.berth.agent.image.Progress;
import dev.berth.agent.image.Registries;
import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.api.Digest;
import dev.berth.client.ApiClient;
import dev.berth.client.Kubeconfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Feeds bad images to the store in a JVM with a small heap; the parent reads what went wrong.
/// Arguments: directory, seed, number of layers, number of manifests.
final class HostileRun {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path data;
  private final Path canary;
  private final ContentStore store;
  private final PrintStream out;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private Fingerprint before;

  private HostileRun(Path dir, PrintStream out) throws IOException {
    this.data = dir.resolve("data");
    this.canary = Files.createDirectories(dir.resolve("canary"));
    this.out = out;
    Files.createDirectories(data.resolve("snapshots"));
    Files.writeString(canary.resolve("file"), "untouched");
    Files.createSymbolicLink(canary.resolve("link"), Path.of("file"));
    Files.createDirectories(canary.resolve("dir"));
    this.store = new ContentStore(data, new JnaSyscalls());
    this.before = Fingerprint.of(canary);
  }

  /// What may throw anything: that is what is looked at.
  private interface Attack {
    void run() throws IOException;
  }

  public static void main(String[] words) throws IOException {
    Path dir = Path.of(words[0]);
    long seed = Long.parseLong(words[1]);
    HostileRun run = new HostileRun(dir, System.out);
    run.layers(seed, Integer.parseInt(words[2]));
    run.streams();
    run.manifests(seed, Integer.parseInt(words[3]));
    run.outcomes.forEach((outcome, count) -> run.out.println("COUNT " + count + " " + outcome));
    run.out.println("DONE");
  }

  private void layers(long seed, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      HostileLayers.Layer layer = new HostileLayers(new Random(seed + i), canary).next();
      Digest digest = Digest.sha256(layer.archive());
      String name = "layer seed " + (seed + i) + " (" + layer.family() + ")";
      boolean taken =
          attack(name, () -> store.addLayer(digest, new ByteArrayInputStream(layer.bytes())));
      if (taken && !layer.honest() && layer.archive().length == 1) {
        fail(name, "was taken with a wrong digest");
      }
      Path made = store.layer(digest);
      if (Files.exists(made)) {
        inspect(name, made);
        remove(name, made);
      }
      untouched(name);
    }
  }

  private void remove(String name, Path made) {
    try {
      dev.berth.agent.image.FileTree.delete(made);
    } catch (RuntimeException e) {
      fail(name, "cannot be removed: " + e);
    }
  }

  /// Streams that are larger than the heap, if anybody keeps what they bring.
  private void streams() throws IOException {
    for (HostileStreams.Kind kind : HostileStreams.Kind.values()) {
      String name = "stream " + kind;
      Digest digest = Digest.sha256(kind.name().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      if (attack(name, () -> store.addLayer(digest, HostileStreams.of(kind)))) {
        fail(name, "was taken with a wrong digest");
      }
      untouched(name);
    }
  }

  private void manifests(long seed, int count) throws IOException {
    Kubeconfig nobody =
        new Kubeconfig(
            URI.create("http://127.0.0.1:1"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "default");
    try (ApiClient api = ApiClient.of(nobody, new Random(seed));
        HostileRegistry registry = new HostileRegistry(new Random(seed))) {
      Images images = new Images(store, new ImageNames(data), new Registries(api, false));
      for (int i = 0; i < count; i++) {
        HostileRegistry.Bad bad = registry.next();
        String name = "manifest " + i + " of seed " + seed + " (" + bad.family() + ")";
        if (attack(name, () -> images.pull("default", bad.image(), Progress.NONE))) {
          fail(name, "was taken");
        }
        untouched(name);
      }
    }
  }

  /// True when the attack was taken as honest.
  private boolean attack(String name, Attack attack) {
    long start = System.nanoTime();
    try {
      attack.run();
      count("taken");
      return true;
    } catch (IOException | ImageException e) {
      clear(name, e);
      return false;
    } catch (RuntimeException e) {
      unclear(name, "ended in " + e);
      return false;
    } catch (Error e) {
      fail(name, "ended in " + e);
      return false;
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (took.compareTo(PATIENCE) > 0) {
        fail(name, "took " + took);
      }
    }
  }

  /// A message for people: what was wrong, not which class met it.
  private void clear(String name, Exception e) {
    String message = String.valueOf(e.getMessage());
    boolean bare =
        message.length() < 8 || message.equals("null") || message.contains("Cannot invoke");
    boolean inside = message.matches("(?s).*(Exception|Error:|java[.]|\\tat ).*");
    if (bare
        || inside
        || message.length() > 2000
        || message.chars().anyMatch(c -> c < ' ' || c == 127)) {
      unclear(
          name,
          "has no clear error: "
              + e.getClass().getSimpleName()
              + ": "
              + message.substring(0, Math.min(300, message.length())));
    }
    count("refused");
  }

  private void inspect(String name, Path layer) throws IOException {
    Files.walkFileTree(
        layer,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            int mode =
                (int)
                    Files.getAttribute(file, "unix:mode", java.nio.file.LinkOption.NOFOLLOW_LINKS);
            long device =
                (long)
                    Files.getAttribute(file, "unix:rdev", java.nio.file.LinkOption.NOFOLLOW_LINKS);
            boolean node = (mode & 0170000) == 020000 || (mode & 0170000) == 060000;
            if (node && device != 0) {
              fail(name, "made a device node");
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void untouched(String name) throws IOException {
    Fingerprint now = Fingerprint.of(canary);
    if (!now.equals(before)) {
      fail(name, "touched the outside: " + now + " was " + before);
      before = now;
    }
    if (Files.exists(Path.of("/etc/berth-evil"))) {
      fail(name, "wrote to /etc");
      Files.delete(Path.of("/etc/berth-evil"));
    }
    try (Stream<Path> left = Files.list(data.resolve("snapshots/.new"))) {
      if (left.findAny().isPresent()) {
        fail(name, "left something half done");
        dev.berth.agent.image.FileTree.delete(data.resolve("snapshots/.new"));
        Files.createDirectories(data.resolve("snapshots/.new"));
      }
    }
  }

  private void count(String outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  private void unclear(String name, String what) {
    out.println("UNCLEAR " + name + ": " + what.replace('\n', ' '));
  }

  private void fail(String name, String what) {
    out.println("FAIL " + name + ": " + what.replace('\n', ' '));
  }
}
