package dev.berth.cli.bootstrap;

import dev.berth.api.Printable;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Spans;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes Debian's base image with mmdebstrap: the smallest set of packages, merged /usr, without
/// manuals and translations, and with the clean-up rules that keep apt's caches out of every layer.
final class Debootstrap {
  /// Files newer than this get this time: the same packages give the same image.
  private static final String SOURCE_DATE_EPOCH = "1767225600";

  private static final Pattern DEBIAN = Pattern.compile("([a-z]+)(?:-[0-9]{8})?(?:-slim)?");
  private static final Map<String, String> PHASES =
      Map.of(
          "running apt-get update", "update        reading the package lists",
          "downloading packages with apt", "download      fetching packages",
          "extracting archives", "extract       unpacking them",
          "installing essential packages", "essential     configuring the core",
          "installing remaining packages", "install       configuring the rest",
          "cleaning package lists", "clean         removing lists and caches",
          "creating tarball", "archive       writing the layer");
  private static final String APT_CLEAN_UP =
      """
      Dir::Cache::pkgcache "";
      Dir::Cache::srcpkgcache "";
      DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
      APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true"; };
      Acquire::Languages "none";
      Acquire::GzipIndexes "true";
      """;

  private final Consumer<String> say;

  Debootstrap(Consumer<String> say) {
    this.say = say;
  }

  void make(HubName name, Destination destination) throws IOException, InterruptedException {
    String suite = suite(name);
    requireTools();
    Path work = Files.createTempDirectory("berth-bootstrap-");
    Path tar = work.resolve("base.tar");
    Path apt = work.resolve("apt-clean-up");
    try {
      Files.writeString(apt, APT_CLEAN_UP);
      run(command(suite, apt, tar));
      BaseImage image =
          BaseImage.of(tar, work.resolve("base.tar.gz"), suite, Long.parseLong(SOURCE_DATE_EPOCH));
      say.accept("push          " + Spans.bytes(image.layerSize()) + "  " + image.source());
      image.push(destination);
    } finally {
      for (String file : new String[] {"base.tar", "base.tar.gz", "apt-clean-up"}) {
        Files.deleteIfExists(work.resolve(file));
      }
      Files.deleteIfExists(work);
    }
  }

  static String suite(HubName name) {
    Matcher tag = DEBIAN.matcher(name.tag());
    if (!name.repository().equals("library/debian") || !tag.matches()) {
      throw Failure.of(
          "docker.io is not reachable, and only debian:SUITE can be made without it, not "
              + name.repository()
              + ":"
              + name.tag(),
          "use FROM debian:bookworm-slim and apt-get, or try again with a network");
    }
    return tag.group(1).equals("latest") ? "stable" : tag.group(1);
  }

  private static void requireTools() throws IOException {
    if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      throw Failure.of(
          "making a base image needs root (it installs packages in a folder of its own)",
          "sudo berth image bootstrap ...");
    }
    boolean found = false;
    for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin").split(":", -1)) {
      found |= Files.isExecutable(Path.of(folder, "mmdebstrap"));
    }
    if (!found) {
      throw Failure.of(
          "docker.io is not reachable and mmdebstrap is not installed",
          "apt-get install mmdebstrap");
    }
  }

  private static List<String> command(String suite, Path apt, Path tar) {
    List<String> command =
        new ArrayList<>(
            List.of("mmdebstrap", "--mode=root", "--variant=minbase", "--include=usr-is-merged"));
    command.add("--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr");
    for (String folder : new String[] {"man", "info", "locale", "doc"}) {
      command.add("--dpkgopt=path-exclude=/usr/share/" + folder + "/*");
    }
    command.add("--dpkgopt=path-include=/usr/share/doc/*/copyright");
    // A container gets its own /dev; device nodes in a layer would be refused when it is unpacked.
    command.add("--skip=output/dev");
    // apt's own caches are half the size of everything else, and never read again.
    command.add("--aptopt=Dir::Cache::pkgcache \"\"");
    command.add("--aptopt=Dir::Cache::srcpkgcache \"\"");
    command.add("--customize-hook=upload " + apt + " /etc/apt/apt.conf.d/docker-clean");
    command.addAll(List.of(suite, tar.toString()));
    return command;
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SOURCE_DATE_EPOCH", SOURCE_DATE_EPOCH);
    Process process = builder.start();
    process.getOutputStream().close();
    Thread end = Thread.ofPlatform().name("berth-end-mmdebstrap").unstarted(process::destroy);
    Runtime.getRuntime().addShutdownHook(end);
    Deque<String> last = new ArrayDeque<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        tell(line, last);
      }
    }
    int code = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(end);
    if (code != 0) {
      last.forEach(line -> say.accept("  | " + Printable.line(line)));
      throw Failure.of(
          "mmdebstrap ended with exit code " + code + " (its last lines are above)",
          "can deb.debian.org be reached? behind a proxy: set http_proxy");
    }
  }

  private void tell(String line, Deque<String> last) {
    last.add(line);
    if (last.size() > 15) {
      last.removeFirst();
    }
    PHASES.forEach(
        (words, phase) -> {
          if (line.startsWith("I: " + words)) {
            say.accept(phase);
          }
        });
  }
}
