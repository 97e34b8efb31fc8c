package dev.berth.cli.stream;

import dev.berth.api.ApiException;
import dev.berth.api.Printable;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "berth port-forward",
    header = {
      "Example:",
      "  berth port-forward digits 8000",
      "  berth port-forward deployment/shop 8080:80 9090",
      "  berth port-forward shop-x7k2p :5432",
      ""
    },
    description = {
      "%nA port here that leads to a port of a pod, through the server: of a ModelApp or a"
          + " Deployment in a pod of it that is ready. Ctrl-C ends it.",
      "%nPORT is the same on both sides, HERE:THERE two, :THERE any free one here."
    })
public final class PortForwardVerb extends ClientVerb {
  private static final Pattern PORTS = Pattern.compile("(?:([0-9]{0,5}):)?([0-9]{1,5})");
  private static final int LARGEST = 65_535;
  private static final int BACKLOG = 64;

  /// Zero for any free one here.
  record Ports(int here, int there) {}

  @Parameters(
      paramLabel = "NAME PORT",
      arity = "2..*",
      description = "A ModelApp, a pod, or TYPE/NAME; and one port or several.")
  List<String> words = List.of();

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Where to listen (${DEFAULT-VALUE}); others on the network reach another one.")
  String address = "127.0.0.1";

  public PortForwardVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace)
      throws IOException, InterruptedException {
    List<Ports> ports =
        words.subList(1, words.size()).stream().map(PortForwardVerb::ports).toList();
    PodOf target = PodOf.find(client, words.getFirst(), inNamespace, "");
    List<ServerSocket> open = new ArrayList<>();
    try {
      for (Ports each : ports) {
        ServerSocket socket = listen(each);
        open.add(socket);
        Thread.ofVirtual()
            .name("forward-" + each.there())
            .start(() -> accept(client, target, each.there(), socket));
        terminal.data(
            "Forwarding " + address + ":" + socket.getLocalPort() + " -> " + each.there());
      }
      terminal.flush();
      new CountDownLatch(1).await();
      return Exit.OK;
    } finally {
      for (ServerSocket socket : open) {
        socket.close();
      }
    }
  }

  static Ports ports(String word) {
    Matcher matcher = PORTS.matcher(word);
    if (!matcher.matches()) {
      throw wrong(word);
    }
    int there = Integer.parseInt(matcher.group(2));
    String here = matcher.group(1);
    int local = here == null ? there : here.isEmpty() ? 0 : Integer.parseInt(here);
    if (there < 1 || there > LARGEST || local > LARGEST) {
      throw wrong(word);
    }
    return new Ports(local, there);
  }

  private static Failure wrong(String word) {
    return Failure.of(
        "\"" + Printable.line(word) + "\" is no port", "for example 8000, 8080:80 or :5432");
  }

  private ServerSocket listen(Ports ports) throws IOException {
    try {
      return new ServerSocket(ports.here(), BACKLOG, InetAddress.getByName(address));
    } catch (BindException e) {
      throw Failure.of(
          "cannot listen on "
              + Printable.line(address)
              + ":"
              + ports.here()
              + ": "
              + e.getMessage(),
          "any free port: berth port-forward " + words.getFirst() + " :" + ports.there());
    } catch (UnknownHostException e) {
      throw Failure.of("--address " + Printable.line(address) + " is no address of this host");
    }
  }

  private void accept(ApiClient client, PodOf target, int port, ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket local = socket.accept();
        Thread.ofVirtual().name("forwarding").start(() -> serve(client, target, port, local));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(ApiClient client, PodOf target, int port, Socket local) {
    try {
      Forwarding.serve(
          client, target.pod(), port, local, why -> terminal.say(Printable.text(why.strip())));
    } catch (ApiException e) {
      terminal.say(
          "pod "
              + Printable.line(target.pod().name())
              + ": "
              + Printable.line(e.error().message()));
    } catch (IOException e) {
      terminal.say("a connection broke: " + e.getMessage());
    }
  }
}
