package dev.berth.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process that is measured: what it has used, by `/proc` (proc_pid_stat(5), proc_pid_smaps(5)).
final class Server implements AutoCloseable {
  private static final double TICKS_A_SECOND = 100;
  private static final int USER_TICKS = 11;
  private static final int MOST_SECONDS = 60;

  private final Process process;

  private Server(Process process) {
    this.process = process;
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroyForcibly));
  }

  /// It ends with us at the latest, unless we are killed: then with the namespaces of the run.
  ///
  /// @param log takes what it prints
  static Server start(List<String> command, Path log) throws IOException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    return new Server(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start());
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// CPU that it has used, in seconds, on behalf of itself and in the kernel.
  double cpuSeconds() {
    String stat = read("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]))
        / TICKS_A_SECOND;
  }

  /// Memory that would be free without it, in KiB: pages that others use, too, in shares.
  long pssKib() {
    return number(read("smaps_rollup"), "Pss:");
  }

  /// Lets the collector of a JVM have its turn; returns when it is idle again.
  void collect() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Tool.run(List.of(jcmd, Long.toString(process.pid()), "GC.run"));
    awaitIdle();
  }

  /// Bytes that it has caused to be written to disks.
  long writtenBytes() {
    return number(read("io"), "write_bytes:");
  }

  /// Of the line that begins so.
  static long number(String lines, String key) {
    return lines
        .lines()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  /// Returns when it has used less than 5 % of a core for a second, for then what was asked of it
  /// is done; or after a minute.
  void awaitIdle() throws InterruptedException {
    double before = -1;
    for (int second = 0; second < MOST_SECONDS && cpuSeconds() - before > 0.05; second++) {
      before = cpuSeconds();
      TimeUnit.SECONDS.sleep(1);
    }
  }

  /// Returns when the file ends with this text.
  ///
  /// @throws IOException when the process has ended before, or it takes too long
  void awaitFile(Path file, String end, long seconds) throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!Files.exists(file) || !Files.readString(file).endsWith(end)) {
      if (!isAlive() || System.nanoTime() > until) {
        throw new IOException(
            (isAlive() ? "after " + seconds + " s " : "it ended, and ") + file + " is not there");
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    } catch (IOException e) {
      throw new UncheckedIOException("the measured process has gone", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
