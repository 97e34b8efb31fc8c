package dev.berth.cli.stream;

import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.ContainerOption;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "berth exec",
    header = {
      "Example:",
      "  berth exec -it digits -- sh",
      "  berth exec digits -c model -- cat /etc/os-release",
      "  berth exec deployment/shop -- env",
      "  berth exec -i shop-x7k2p -- tar -x -C /data < files.tar",
      ""
    },
    description = {
      "%nRuns a command in a container, as the container's own user. Of a ModelApp or a"
          + " Deployment: in a pod of it that is ready.",
      "%nThe exit code is the command's; it ends when you leave."
    })
public final class ExecVerb extends ClientVerb {
  private static final int PIECE = 16 * 1024;

  @Parameters(
      paramLabel = "NAME -- COMMAND",
      arity = "1..*",
      description = "A ModelApp, a pod, or TYPE/NAME; behind -- the command with its words.")
  List<String> words = List.of();

  @Mixin final ContainerOption container = new ContainerOption();

  @Option(
      names = {"-i", "--stdin"},
      description = "Our standard input is the command's.")
  boolean input;

  @Option(
      names = {"-t", "--tty"},
      description = "In a terminal, of the size of ours.")
  boolean tty;

  private int code;

  public ExecVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected int codeOf(Exit exit) {
    return exit == Exit.OK ? code : exit.code();
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace)
      throws IOException, InterruptedException {
    if (words.size() < 2) {
      throw Failure.of("no command was given", "berth exec " + words.getFirst() + " -- COMMAND");
    }
    PodOf target = PodOf.find(client, words.getFirst(), inNamespace, container.name());
    Optional<Tty> terminalOfOurs = tty && input ? Tty.raw() : Optional.empty();
    if (tty && input && terminalOfOurs.isEmpty()) {
      terminal.say("The input is no terminal: the command has one, but keys are sent by lines.");
    }
    Channels channels = new Channels(terminal.dataStream(), terminal.progressStream());
    try {
      channels.open(client, target.exec(words.subList(1, words.size()), input, tty));
      terminalOfOurs.ifPresent(own -> own.watch(channels::size));
      if (input) {
        Thread.ofPlatform().name("exec-input").daemon().start(() -> feed(channels));
      }
      code = channels.await();
      return Exit.OK;
    } finally {
      channels.abort();
      terminalOfOurs.ifPresent(Tty::close);
    }
  }

  /// To its end, which is told: the command may read on.
  private static void feed(Channels channels) {
    InputStream in = System.in;
    byte[] piece = new byte[PIECE];
    try {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        if (!channels.input(piece, n)) {
          return;
        }
      }
    } catch (IOException e) {
      channels.abort();
      return;
    }
    channels.endInput();
  }
}
