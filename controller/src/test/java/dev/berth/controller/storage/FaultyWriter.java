package dev.berth.controller.storage;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The other process of [StoreFaultTest]: runs a script of writes on a store again and again, each
/// time with another of its I/O calls failing, and prints what is wrong. What the next start of a
/// controller would find is looked at in a copy of the files.
final class FaultyWriter {
  private static final int WRITES = 170;
  private static final String[] KINDS = {
    "", "ENOSPC", "EIO on write", "EIO on fsync", "short write"
  };

  private final Path home;
  private final Path libraries;
  private final Faults faults;
  private final PrintStream said = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
  private final Map<String, String> acknowledged = new TreeMap<>();
  private @Nullable String inDoubt;
  private long newest;

  private FaultyWriter(Path home, Path library) {
    this.home = home;
    this.libraries = home.resolve("lib");
    this.faults = new Faults(library);
  }

  public static void main(String[] arguments) throws Throwable {
    FaultyWriter writer = new FaultyWriter(Path.of(arguments[0]), Path.of(arguments[1]));
    if (arguments[2].equals("idle")) {
      writer.idle();
      return;
    }
    int step = Integer.parseInt(arguments[2]);
    int runs = 0;
    for (int kind = 1; kind < KINDS.length; kind++) {
      for (int at = 1; at <= 500; at += step) {
        writer.run(kind, at);
        runs++;
      }
    }
    writer.said.println("done " + runs);
  }

  /// What a store costs that only hears heartbeats, which are not kept.
  private void idle() throws Throwable {
    faults.arm(0, 0);
    try (Store store =
        SqliteStore.open(home.resolve("idle"), libraries, key -> !key.startsWith("leases/"))) {
      long before = faults.syncs();
      for (int i = 0; i < 3_600; i++) {
        put(store, "leases/a", "" + i);
      }
      said.println("syncs " + (faults.syncs() - before));
    }
  }

  private void run(int kind, int at) throws Throwable {
    acknowledged.clear();
    inDoubt = null;
    newest = 0;
    Path directory = home.resolve("store-" + kind + "-" + at);
    String name = KINDS[kind] + " at call " + at;
    faults.arm(kind, at);
    Optional<SqliteStore> opened = open(directory);
    if (opened.isEmpty()) {
      faults.disarm();
      opened = open(directory);
      if (opened.isEmpty()) {
        said.println("BAD " + name + ": does not open after a fault while opening");
        return;
      }
    }
    SqliteStore store = opened.get();
    script(store, name, kind);
    Path copy = copy(directory);
    faults.disarm();
    if (kind == 1) {
      recovers(store, name);
    }
    store.close();
    compare(copy, name, kind);
    if (store.problem().isEmpty()) {
      compare(directory, name + ", after its end", kind);
    }
    remove(directory);
    remove(copy);
  }

  private Optional<SqliteStore> open(Path directory) {
    try {
      return Optional.of(SqliteStore.open(directory, libraries, _ -> true));
    } catch (StoreException e) {
      return Optional.empty();
    }
  }

  /// Creates, updates and deletes; the first refusal ends it, and what was refused is in doubt
  /// until the next start.
  private void script(SqliteStore store, String name, int kind) throws Throwable {
    for (int i = 0; i < WRITES; i++) {
      String key = "k/" + i % 20;
      String value =
          acknowledged.containsKey(key) && i % 7 == 0 ? null : i + "-" + "x".repeat(i * 8);
      try {
        write(store, key, value);
      } catch (StoreException e) {
        inDoubt = key + "=" + value;
        refused(store, name, kind, e);
        return;
      }
    }
  }

  private void write(Store store, String key, @Nullable String value) {
    long at = store.get(key).map(Versioned::revision).orElse(Mutation.ABSENT);
    byte[] bytes = (value == null ? "" : value).getBytes(StandardCharsets.UTF_8);
    Outcome outcome =
        store.commit(
            value == null
                ? new Mutation.Delete(key, at, _ -> bytes)
                : new Mutation.Put(key, at, _ -> bytes));
    if (outcome instanceof Outcome.Committed done) {
      newest = done.change().revision();
    }
    if (value == null) {
      acknowledged.remove(key);
    } else {
      acknowledged.put(key, value);
    }
  }

  private static void put(Store store, String key, String value) {
    long at = store.get(key).map(Versioned::revision).orElse(Mutation.ABSENT);
    store.commit(new Mutation.Put(key, at, _ -> value.getBytes(StandardCharsets.UTF_8)));
  }

  private void refused(SqliteStore store, String name, int kind, StoreException e)
      throws Throwable {
    if (e.full() != (kind == 1)) {
      said.println("BAD " + name + ": full is " + e.full() + ": " + e.getMessage());
    }
    for (var entry : acknowledged.entrySet()) {
      if (!entry.getValue().equals(value(store, entry.getKey()))) {
        said.println("BAD " + name + ": " + entry.getKey() + " is not readable any more");
      }
    }
    try {
      put(store, "k/later", "x");
      said.println("BAD " + name + ": writes were taken again");
    } catch (StoreException again) {
      if (again.full() != (kind == 1)) {
        said.println("BAD " + name + ": a later write is told " + again.getMessage());
      }
    }
    if (kind == 3 && faults.syncs() > 0) {
      said.println("BAD " + name + ": synced again after a failed sync");
    }
  }

  private void recovers(Store store, String name) {
    try {
      put(store, "k/space", "back");
      acknowledged.put("k/space", "back");
    } catch (StoreException e) {
      said.println("BAD " + name + ": space is back, but " + e.getMessage());
    }
  }

  private static String value(Store store, String key) {
    return store
        .get(key)
        .map(found -> new String(found.bytes(), StandardCharsets.UTF_8))
        .orElse("nothing");
  }

  private void compare(Path directory, String name, int kind) {
    Map<String, String> found = new TreeMap<>();
    try (Store store = SqliteStore.open(directory, libraries, _ -> true)) {
      store
          .list("k/")
          .items()
          .forEach(v -> found.put(v.key(), new String(v.bytes(), StandardCharsets.UTF_8)));
      if (store.revision() < newest) {
        said.println("BAD " + name + ": revision " + store.revision() + " after " + newest);
      }
    } catch (StoreException e) {
      said.println("BAD " + name + ": does not open: " + e.getMessage());
      return;
    }
    Map<String, String> wanted = new TreeMap<>(acknowledged);
    wanted.keySet().removeIf(key -> key.equals("k/space") && !found.containsKey(key));
    if (!found.equals(wanted) && !(kind != 1 && found.equals(withDoubt(wanted)))) {
      said.println(
          "BAD " + name + ": found " + found.keySet() + ", acknowledged " + wanted.keySet());
    }
  }

  /// What was refused after an EIO may have happened: nobody was told that it did.
  private Map<String, String> withDoubt(Map<String, String> wanted) {
    Map<String, String> with = new TreeMap<>(wanted);
    String doubt = inDoubt;
    if (doubt != null) {
      int cut = doubt.indexOf('=');
      String value = doubt.substring(cut + 1);
      if (value.equals("null")) {
        with.remove(doubt.substring(0, cut));
      } else {
        with.put(doubt.substring(0, cut), value);
      }
    }
    return with;
  }

  /// What a kill would leave at this moment.
  private static Path copy(Path directory) throws IOException {
    Path copy = Files.createDirectories(directory.resolveSibling(directory.getFileName() + "-c"));
    for (String name : new String[] {"berth.db", "berth.db-wal"}) {
      if (Files.exists(directory.resolve(name))) {
        Files.copy(
            directory.resolve(name), copy.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return copy;
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
