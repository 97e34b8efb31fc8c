package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A machine of its own, as far as Berth can see: a network namespace, directories and a node name.
/// Everything is done through `deploy/bin/berth`, as a person would.
public final class TestHost {
  public static final String PREFIX = "berth-e2e-";
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path LAUNCHER = ROOT.resolve("deploy/bin/berth");

  /// What a command did.
  public record Ran(int code, String out, String err) {
    public Ran ok() {
      assertEquals(0, code, this::toString);
      return this;
    }

    @Override
    public String toString() {
      return "exit code " + code + "\n--- stdout\n" + out + "--- stderr\n" + err;
    }
  }

  private final String name;
  private final Path dir;
  private final Path box;
  private final List<Process> started = new CopyOnWriteArrayList<>();

  private TestHost(String name, Path dir, Path box) {
    this.name = name;
    this.dir = dir;
    this.box = box;
  }

  /// Skips the test, loudly, where there is no root.
  public static TestHost create(String shortName) throws IOException, InterruptedException {
    Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (!Integer.valueOf(0).equals(uid)) {
      System.err.println(
          "SKIPPED: the end-to-end tests need root; run mvn verify as root to run them");
    }
    Assumptions.assumeTrue(Integer.valueOf(0).equals(uid), "the end-to-end tests need root");
    String name = PREFIX + shortName + "-" + ProcessHandle.current().pid();
    Path dir = Files.createDirectories(Path.of("target/e2e", name).toAbsolutePath());
    TestHost host = new TestHost(name, dir, compileBox(dir));
    run(List.of("ip", "netns", "add", name)).ok();
    host.inNamespace("ip", "link", "set", "lo", "up").ok();
    return host;
  }

  /// Without libc at run time, so that `FROM scratch` is enough.
  private static Path compileBox(Path dir) throws IOException, InterruptedException {
    Path source = dir.resolve("box.c");
    try (var in = TestHost.class.getResourceAsStream("/e2e/box.c")) {
      Files.write(source, in.readAllBytes());
    }
    Path box = dir.resolve("box");
    run(List.of("cc", "-static", "-O1", "-s", "-o", box.toString(), source.toString())).ok();
    return box;
  }

  public Path dir() {
    return dir;
  }

  public Path box() {
    return box;
  }

  public Path dataDir() {
    return dir.resolve("data");
  }

  public String nodeName() {
    return name;
  }

  /// Never asks outside, so that an unknown image is an answer and not a wait.
  public Ran up() throws IOException, InterruptedException {
    return up("--offline");
  }

  public Ran up(String... options) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("up", "--detach"));
    words.addAll(identity());
    words.addAll(List.of(options));
    return berth(words.toArray(String[]::new));
  }

  /// The options that keep this host apart from others on the same machine.
  public List<String> identity() {
    return List.of("--run-dir", dir.resolve("run").toString(), "--node-name", name);
  }

  public Ran berth(String... words) throws IOException, InterruptedException {
    return berthAs(List.of(), words);
  }

  /// The start of a command for which the file over there has another content: a mount namespace of
  /// its own, in which this file is in its place.
  public static List<String> seeing(Path file, String inPlaceOf) {
    return List.of(
        "unshare",
        "--mount",
        "sh",
        "-c",
        "mount --bind \"$1\" \"$2\" && shift 2 && exec \"$@\"",
        "sh",
        file.toString(),
        inPlaceOf);
  }

  public Ran berthAs(List<String> start, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(start);
    command.add(LAUNCHER.toString());
    command.addAll(List.of(words));
    return inNamespace(command.toArray(String[]::new));
  }

  /// A command that goes on; ended when the host is closed.
  public Process start(Path out, String... words) throws IOException {
    return startAs(List.of(), out, words);
  }

  public Process startAs(List<String> start, Path out, String... words) throws IOException {
    List<String> command = new ArrayList<>(start);
    command.add(LAUNCHER.toString());
    command.addAll(List.of(words));
    Process process =
        builder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    started.add(process);
    return process;
  }

  /// Any command that goes on, its output and errors in one file; ended when the host is closed.
  public Process startInNamespace(Path out, List<String> command) throws IOException {
    Process process =
        builder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    started.add(process);
    return process;
  }

  public Process startBox(Path out, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(box.toString()));
    command.addAll(List.of(words));
    Process process = builder(command).redirectOutput(out.toFile()).start();
    started.add(process);
    return process;
  }

  /// A class of this module as a process of its own inside the host's network namespace; its output
  /// is the caller's to read.
  public Process startJava(Class<?> main, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(words));
    Process process = builder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    started.add(process);
    return process;
  }

  public Ran inNamespace(String... command) throws IOException, InterruptedException {
    return finish(builder(List.of(command)));
  }

  private ProcessBuilder builder(List<String> command) {
    List<String> all = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all).directory(dir.toFile());
    builder.environment().put("BERTH_DATA_DIR", dataDir().toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("BERTH_AOT", "off");
    builder.environment().remove("KUBECONFIG");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder;
  }

  /// An HTTP request from this host; the answer with its headers.
  public Ran fetch(String ip, int port, String hostHeader, String path)
      throws IOException, InterruptedException {
    return inNamespace(
        box.toString(), "fetch", ip, Integer.toString(port), hostHeader, "GET", path);
  }

  /// A person's visit to the ingress, by the app's host name.
  public Ran visit(String ingressHost, String path) throws IOException, InterruptedException {
    return fetch("127.0.0.1", 8080, ingressHost, path);
  }

  /// The same, of an app that is the box: it asks the other one, and answers what it got.
  public Ran visitThrough(String ingressHost, String otherHost, int port, String path)
      throws IOException, InterruptedException {
    return visit(ingressHost, "/fetch?host=" + otherHost + "&port=" + port + "&path=" + path);
  }

  public static Ran run(List<String> command) throws IOException, InterruptedException {
    return finish(new ProcessBuilder(command));
  }

  /// Streams go to files: a detached child may hold a pipe open for ever.
  private static Ran finish(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = Files.createTempFile("berth-e2e-", ".out");
    Path err = Files.createTempFile("berth-e2e-", ".err");
    try {
      Process process =
          builder
              .redirectInput(new File("/dev/null"))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        fail(builder.command() + " did not end\n" + Files.readString(err));
      }
      return new Ran(
          process.exitValue(),
          new String(Files.readAllBytes(out), StandardCharsets.UTF_8),
          new String(Files.readAllBytes(err), StandardCharsets.UTF_8));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /// The process that serves, by its pid file.
  public long berthPid() throws IOException {
    return Long.parseLong(Files.readString(dataDir().resolve("berth.pid")).split(" ", -1)[0]);
  }

  public void killBerth() throws IOException, InterruptedException {
    ProcessHandle berth = ProcessHandle.of(berthPid()).orElseThrow();
    berth.destroyForcibly();
    waitUntil("the killed berth is gone", () -> !berth.isAlive());
  }

  /// The first process of each container of this host, by control group: pid and start time, so
  /// that a restarted one differs.
  public Set<String> containers() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      processes
          .filter(path -> path.getFileName().toString().matches("[0-9]+"))
          .filter(path -> text(path.resolve("cgroup")).contains("/berth/" + name + "/"))
          .filter(path -> text(path.resolve("status")).matches("(?s).*\nNSpid:\t[0-9\t]*\t1\n.*"))
          .forEach(path -> found.add(path.getFileName() + " " + startTime(path)));
    }
    return found;
  }

  private static String startTime(Path process) {
    String stat = text(process.resolve("stat"));
    return stat.isEmpty() ? "" : stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  public Path write(String file, String text) throws IOException {
    Path path = dir.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  /// A build context that holds the box.
  public void context(String folder, String script) throws IOException {
    write(folder + "/Dockerfile", script);
    Files.copy(
        box,
        dir.resolve(folder).resolve("box"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /// An image that is nothing but the box.
  public void buildBox(String image) throws IOException, InterruptedException {
    context("plain", "FROM scratch\nCOPY box /box\nENTRYPOINT [\"/box\"]\n");
    berth("build", "plain", "-t", image).ok();
  }

  /// An image with a shell and the small tools around it. Skips the test, loudly, where Debian's
  /// busybox-static is missing.
  public void buildShell(String image) throws IOException, InterruptedException {
    Path busybox = Path.of("/bin/busybox");
    if (!Files.isExecutable(busybox)) {
      System.err.println("SKIPPED: no /bin/busybox; apt-get install busybox-static");
    }
    Assumptions.assumeTrue(Files.isExecutable(busybox), "no /bin/busybox");
    write(
        "shell/Dockerfile",
        """
        FROM scratch
        COPY busybox /bin/busybox
        COPY passwd /etc/passwd
        RUN ["/bin/busybox", "--install", "-s", "/bin"]
        ENV PATH=/bin
        CMD ["sh", "-c", "echo the image says so"]
        """);
    write("shell/passwd", "root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n");
    Files.copy(
        busybox,
        dir.resolve("shell/busybox"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    berth("build", "shell", "-t", image).ok();
  }

  /// `berth why` says 0 when all is well with it.
  public boolean isWell(String app) {
    try {
      return berth("why", app).code() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Whether the text stands in a file that may not be there yet.
  public static boolean contains(Path file, String text) {
    return text(file).contains(text);
  }

  public static void waitUntil(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("not within three minutes: " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  public Optional<String> log() throws IOException {
    Path log = dataDir().resolve("berth.log");
    return Files.exists(log) ? Optional.of(Files.readString(log)) : Optional.empty();
  }

  /// Ends, without a chance to tidy up, what was started to go on.
  public void endStarted() throws InterruptedException {
    for (Process process : started) {
      end(process);
      process.waitFor();
    }
  }

  /// With what it started: `git daemon`, for one, is a parent of the server that it runs.
  private static void end(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  public void close() throws IOException, InterruptedException {
    started.forEach(TestHost::end);
    Ran down = Files.exists(dataDir()) ? berth("down", "--purge", "--yes") : new Ran(0, "", "");
    run(List.of("ip", "netns", "del", name)).ok();
    down.ok();
    run(List.of("rm", "-rf", dir.toString())).ok();
  }
}
