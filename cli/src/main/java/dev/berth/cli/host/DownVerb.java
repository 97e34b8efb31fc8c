package dev.berth.cli.host;

import dev.berth.agent.Teardown;
import dev.berth.cli.host.Neighbours.Neighbour;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.LocalDir;
import dev.berth.cli.verb.Verb;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "berth down",
    header = {"Example:", "  sudo berth down", "  sudo berth down --purge --yes", ""},
    description = {
      "%nStops Berth on this host with every container, and removes mounts, namespaces, interfaces"
          + " and rules. The data directory stays, unless --purge. (To stop only the process and"
          + " keep containers running: Ctrl-C or kill.)"
    })
public final class DownVerb extends Verb {
  private static final long STOP_WITHIN_SECONDS = 30;

  @Mixin final LocalDir dataDir = new LocalDir();

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description = "The run directory, where it is not remembered.")
  @Nullable Path runDir;

  @Option(
      names = "--purge",
      description = "Remove the data directory too, and prove that nothing is left.")
  boolean purge;

  @Option(names = "--yes", description = "Do not ask.")
  boolean yes;

  public DownVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run() throws IOException, InterruptedException {
    Checks.root("berth down");
    Path dir = dataDir.path();
    List<Neighbour> here = Neighbours.all();
    refuseStranger(here, dir);
    if (purge) {
      confirm(dir);
      // The answer may have taken minutes: numbers of then may be others' processes now.
      here = Neighbours.all();
      refuseStranger(here, dir);
    }
    stopAll(here, dir);
    Settings settings =
        Settings.of(
            runDir == null ? Map.of() : Map.of("runDir", runDir.toString()),
            Settings.remembered(dir));
    for (String done : Teardown.run(dir, settings.runDir(), settings.nodeName())) {
      terminal.say(done);
    }
    return purge ? purge(dir, settings) : stayed(dir);
  }

  private Exit stayed(Path dir) {
    terminal.say(
        "Berth is down. Its data stays in "
            + dir
            + "; berth up starts it again, berth down --purge removes it.");
    return Exit.OK;
  }

  private void confirm(Path dir) throws IOException {
    DataDir.refuseIfNot(dir);
    if (yes || !Files.exists(dir)) {
      return;
    }
    terminal.draw(
        "This removes " + dir + " with every object, image and log in it. Type purge to go on: ");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (!Optional.ofNullable(in.readLine()).orElse("").strip().equals("purge")) {
      throw Failure.of(
          "nothing was removed: the answer was not purge", "for scripts: berth down --purge --yes");
    }
  }

  /// Bridge, table and addresses of a network namespace have fixed names: taking them away from
  /// under another Berth would cut off its pods. A controller alone has none.
  static void refuseStranger(List<Neighbour> here, Path dir) {
    here.stream()
        .filter(other -> !other.dataDir().equals(dir))
        .filter(other -> !other.half().equals(Half.CONTROLLER.verb()))
        .findFirst()
        .ifPresent(
            other -> {
              throw Failure.of(
                  "the Berth that runs here has another data directory: berth "
                      + other.half()
                      + ", pid "
                      + other.pid()
                      + ", "
                      + other.dataDir(),
                  "stop that one: berth down --data-dir " + other.dataDir());
            });
  }

  /// By their pid files, and those whose file is lost by their command lines.
  private void stopAll(List<Neighbour> here, Path dir) throws IOException, InterruptedException {
    Set<Long> pids = new LinkedHashSet<>();
    for (Half half : Half.values()) {
      PidFile.running(dir, half).map(PidFile::pid).ifPresent(pids::add);
    }
    here.stream()
        .filter(other -> other.dataDir().equals(dir))
        .map(Neighbour::pid)
        .forEach(pids::add);
    for (long pid : pids) {
      stop(pid);
    }
    for (Half half : Half.values()) {
      PidFile.remove(dir, half);
    }
  }

  private void stop(long pid) throws InterruptedException {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return;
    }
    process.get().destroy();
    if (!ends(process.get())) {
      process.get().destroyForcibly();
      ends(process.get());
    }
    terminal.say("stopped  berth, pid " + pid);
  }

  /// Mounts and control groups are the whole machine's: another network namespace may hold a Berth
  /// of its own, with directories and a node name of its own.
  private static boolean isOurs(String leak, Path dir, Settings settings) {
    if (leak.startsWith("mount ")) {
      Path point = Path.of(leak.substring("mount ".length()));
      return point.startsWith(dir) || point.startsWith(settings.runDir());
    }
    String group = "cgroup berth/";
    return !leak.startsWith(group) || (leak + "/").startsWith(group + settings.nodeName() + "/");
  }

  private static boolean ends(ProcessHandle process) throws InterruptedException {
    try {
      process.onExit().get(STOP_WITHIN_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private Exit purge(Path dir, Settings settings) throws IOException {
    DataDir.remove(dir);
    DataDir.remove(settings.runDir());
    terminal.say("removed  " + dir);
    List<String> leaks =
        Teardown.leaks().stream().filter(leak -> isOurs(leak, dir, settings)).toList();
    if (leaks.isEmpty()) {
      terminal.say("Nothing of Berth is left on this host.");
      return Exit.OK;
    }
    leaks.forEach(leak -> terminal.say("left     " + leak));
    throw Failure.of(
        leaks.size() + " thing" + (leaks.size() == 1 ? " is" : "s are") + " left (above)",
        "berth down --purge   (once more)");
  }
}
