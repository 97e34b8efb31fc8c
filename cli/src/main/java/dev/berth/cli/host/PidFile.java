package dev.berth.cli.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `berth.pid` and its like: the process and the moment it started (in kernel ticks), because a
/// number alone may belong to somebody else by now.
record PidFile(long pid, long startTicks) {
  private static final int START_TIME = 22;
  private static final String READY = " ready";

  static Path in(Path dataDir, Half half) {
    return dataDir.resolve(half.pidFile());
  }

  static void write(Path dataDir, Half half) throws IOException {
    write(dataDir, half, "");
  }

  /// Adds that this process has everything running: what `up --detach` waits for.
  static void writeReady(Path dataDir, Half half) throws IOException {
    write(dataDir, half, READY);
  }

  private static void write(Path dataDir, Half half, String state) throws IOException {
    long pid = ProcessHandle.current().pid();
    Files.writeString(in(dataDir, half), pid + " " + startTicks(pid).orElse(0L) + state + "\n");
  }

  static boolean isReady(Path dataDir, Half half, long pid) {
    try {
      String text = Files.readString(in(dataDir, half)).strip();
      return text.startsWith(pid + " ") && text.endsWith(READY);
    } catch (IOException e) {
      return false;
    }
  }

  /// Of this process only: another may have taken its place.
  static void removeOwn(Path dataDir, Half half) throws IOException {
    if (read(dataDir, half).filter(f -> f.pid() == ProcessHandle.current().pid()).isPresent()) {
      remove(dataDir, half);
    }
  }

  static void remove(Path dataDir, Half half) throws IOException {
    Files.deleteIfExists(in(dataDir, half));
  }

  /// The process that the file names, if it is still that process.
  static Optional<PidFile> running(Path dataDir, Half half) {
    return read(dataDir, half)
        .filter(
            file -> startTicks(file.pid()).filter(ticks -> ticks == file.startTicks()).isPresent());
  }

  private static Optional<PidFile> read(Path dataDir, Half half) {
    try {
      List<String> words = List.of(Files.readString(in(dataDir, half)).strip().split(" ", -1));
      return Optional.of(new PidFile(Long.parseLong(words.get(0)), Long.parseLong(words.get(1))));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /// Field 22 of /proc/PID/stat; the second field may hold blanks, so count from its bracket.
  static Optional<Long> startTicks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return fields[0].equals("Z")
          ? Optional.empty()
          : Optional.of(Long.valueOf(fields[START_TIME - 3]));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
