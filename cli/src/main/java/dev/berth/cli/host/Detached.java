package dev.berth.cli.host;

import dev.berth.api.Printable;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Terminal;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `up --detach`: the same command again in a session of its own, watched until the host is Ready.
final class Detached {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final long ASK_EVERY_MILLIS = 150;

  private final Terminal terminal;
  private final Path dataDir;
  private final Settings settings;
  private final boolean offline;
  private final InstantSource clock = InstantSource.system();

  Detached(Terminal terminal, Path dataDir, Settings settings, boolean offline) {
    this.terminal = terminal;
    this.dataDir = dataDir;
    this.settings = settings;
    this.offline = offline;
  }

  Exit start() throws IOException, InterruptedException {
    Path log = dataDir.resolve("berth.log");
    long before = Files.exists(log) ? Files.size(log) : 0;
    terminal.say("berth up  data " + dataDir + "  log " + log);
    return await(spawn(log).toHandle(), before);
  }

  /// Of one that somebody else started and that is not Ready yet.
  Exit await(Optional<ProcessHandle> started) throws IOException, InterruptedException {
    Path log = dataDir.resolve("berth.log");
    long before = Files.exists(log) ? Files.size(log) : 0;
    if (started.isEmpty()) {
      throw ended(log, before);
    }
    return await(started.get(), before);
  }

  private Exit await(ProcessHandle process, long before) throws InterruptedException {
    Path log = dataDir.resolve("berth.log");
    Instant begun = clock.instant();
    while (!PidFile.isReady(dataDir, Half.UP, process.pid())) {
      if (ends(process)) {
        throw ended(log, before);
      }
      if (clock.instant().isAfter(begun.plus(READY_WITHIN))) {
        throw new Failure(
            Exit.TIMEOUT,
            "node "
                + settings.nodeName()
                + " is not Ready after "
                + READY_WITHIN.toSeconds()
                + " s; the process (pid "
                + process.pid()
                + ") goes on",
            "berth status --data-dir " + dataDir,
            "read " + log);
      }
    }
    terminal.say(
        "ready       pid "
            + process.pid()
            + ", in "
            + Duration.between(begun, clock.instant()).toMillis()
            + " ms");
    Next.afterUp(terminal, dataDir, settings);
    return Exit.OK;
  }

  /// Waits a little for its end.
  private static boolean ends(ProcessHandle process) throws InterruptedException {
    try {
      process.onExit().get(ASK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A session of its own, so that closing the terminal does not reach it.
  private Process spawn(Path log) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("setsid", launcher(), "up", "--data-dir", dataDir.toString()));
    if (offline) {
      command.add("--offline");
    }
    ProcessBuilder.Redirect toLog = ProcessBuilder.Redirect.appendTo(log.toFile());
    return new ProcessBuilder(command)
        .directory(new File("/"))
        .redirectInput(new File("/dev/null"))
        .redirectOutput(toLog)
        .redirectError(toLog)
        .start();
  }

  private static String launcher() {
    String launcher = System.getProperty("berth.launcher", "");
    if (launcher.isEmpty()) {
      throw Failure.of("--detach needs the launcher's path", "start by deploy/bin/berth");
    }
    return launcher;
  }

  private Failure ended(Path log, long before) {
    for (String line : LogFile.tail(log, before, 20)) {
      terminal.say(Paint.DIM.of("  " + Printable.text(line), terminal.coloursInProgress()));
    }
    return Failure.of(
        "berth up ended before it was ready (its last lines are above)",
        "read " + log,
        "berth up --data-dir " + dataDir + "   (in the foreground)");
  }
}
