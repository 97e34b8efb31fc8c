package dev.berth.cli.host;

import dev.berth.cli.host.Neighbours.Neighbour;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Verb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "berth up",
    header = {
      "Example:",
      "  sudo berth up --detach",
      "  sudo berth up --data-dir /srv/berth --port 7443 --ingress-port 80 --ingress-address"
          + " 0.0.0.0",
      ""
    },
    description = {
      "%nStarts Berth on this host: controller and agent in one process. Ports and names given once"
          + " are remembered in the data directory. Ctrl-C or SIGTERM stops the process; containers"
          + " keep running and the next `up` adopts them."
    })
public final class UpVerb extends Verb {
  @Mixin final ServerOptions options = new ServerOptions();

  @Option(names = "--detach", description = "Go to the background; return when this host is Ready.")
  boolean detach;

  @Option(names = "--offline", description = "Never ask a registry outside; fail at once instead.")
  boolean offline;

  public UpVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run() throws IOException, InterruptedException {
    Path dataDir = options.dataDir();
    Optional<Neighbour> older = Neighbours.olderThanMe("up");
    if (older.isPresent()) {
      return alreadyUp(older.get(), dataDir);
    }
    Checks.root("berth up");
    Settings settings = options.settle();
    return detach
        ? new Detached(terminal, dataDir, settings, offline).start()
        : new Foreground(terminal, dataDir, settings, offline).run();
  }

  /// The same Berth once more is no mistake, unless it is asked to be another than it is.
  Exit alreadyUp(Neighbour other, Path dataDir) throws IOException, InterruptedException {
    if (!detach || !other.half().equals(Half.UP.verb()) || !other.dataDir().equals(dataDir)) {
      throw refusal(other);
    }
    if (options.isOther() || (offline && !other.offline())) {
      throw Failure.of(
          "Berth is already up (pid " + other.pid() + ", " + dataDir + ") with other options",
          "stop its process, containers keep running: kill " + other.pid() + ", then once more",
          "what it runs with: " + Settings.file(dataDir));
    }
    if (!PidFile.isReady(dataDir, Half.UP, other.pid())) {
      return new Detached(terminal, dataDir, options.settings(dataDir), offline)
          .await(ProcessHandle.of(other.pid()));
    }
    terminal.say("Berth is already up (pid " + other.pid() + ", " + dataDir + ").");
    return Exit.OK;
  }

  static Failure refusal(Neighbour other) {
    return Failure.of(
        "another Berth runs in this network namespace: berth "
            + other.half()
            + ", pid "
            + other.pid()
            + ", data directory "
            + other.dataDir(),
        "stop it: berth down --data-dir " + other.dataDir(),
        "or start this one in a network namespace of its own");
  }
}
