package dev.berth.cli.bootstrap;

import dev.berth.api.ImageRef;
import dev.berth.api.Json;
import dev.berth.api.Printable;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Parsed;
import dev.berth.cli.verb.Server;
import dev.berth.cli.verb.Verb;
import dev.berth.client.ApiClient;
import dev.berth.client.Registry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "berth image bootstrap",
    header = {
      "Example:",
      "  sudo berth image bootstrap debian:bookworm-slim",
      "  berth image bootstrap debian:bookworm-slim --offline",
      ""
    },
    description = {
      "%nBrings a base image, so that FROM finds it in the cluster's own repository: a copy from"
          + " Docker Hub where that is reachable, else made from Debian's packages (needs root and"
          + " mmdebstrap). berth images shows which."
    })
public final class BootstrapVerb extends Verb {
  @Mixin final Server server = new Server();

  @Parameters(paramLabel = "IMAGE", description = "For example debian:bookworm-slim.")
  String image = "";

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "The name it gets (docker.io/library/debian:bookworm-slim).")
  @Nullable String as;

  @Option(
      names = "--offline",
      description = "Ask nobody outside: succeed only if it is already there.")
  boolean offline;

  @Option(names = "--rebuild", description = "Bring it again although it is there.")
  boolean rebuild;

  private final InstantSource clock = InstantSource.system();

  public BootstrapVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run() throws IOException, InterruptedException {
    Instant begun = clock.instant();
    HubName name = HubName.of(Parsed.image(image));
    ImageRef target = as == null ? name.stored() : Parsed.image(as);
    String repository = target.host().map(host -> host + "/").orElse("") + target.repository();
    String tag = target.tag().orElse("latest");
    try (ApiClient client = server.open();
        Registry registry = Registry.ofCluster(client)) {
      Optional<Registry.Manifest> there = registry.manifest(repository, tag);
      if (there.isPresent() && !rebuild) {
        terminal.say(
            repository
                + ":"
                + tag
                + " is already there (source: "
                + source(there.get())
                + ", "
                + there.get().digest().shortHex()
                + ", asked in "
                + millis(begun)
                + " ms)");
        return Exit.OK;
      }
      if (offline) {
        throw Failure.of(
            repository
                + ":"
                + tag
                + " is not in the cluster's repository, and --offline forbids to fetch it",
            "once, with a network: berth image bootstrap " + image);
      }
      bring(name, new Destination(registry, repository, tag));
    }
    terminal.say(
        repository
            + ":"
            + tag
            + " is there, after "
            + Spans.format(Duration.between(begun, clock.instant())));
    return Exit.OK;
  }

  private void bring(HubName name, Destination destination)
      throws IOException, InterruptedException {
    Optional<String> unreachable = Hub.whyUnreachable();
    if (unreachable.isEmpty()) {
      terminal.say("docker.io     reachable: copying " + name.repository() + ":" + name.tag());
      Hub.copy(name, destination, terminal::say);
      return;
    }
    terminal.say(
        "docker.io     not reachable ("
            + Printable.line(unreachable.get())
            + "): making it from Debian's packages");
    new Debootstrap(terminal::say).make(name, destination);
  }

  private long millis(Instant begun) {
    return Duration.between(begun, clock.instant()).toMillis();
  }

  private static String source(Registry.Manifest manifest) {
    return Printable.line(
        Json.optional(manifest.tree(), "annotations", Destination.SOURCE).orElse("docker.io"));
  }
}
