package dev.berth.cli.stream;

import dev.berth.api.Printable;
import dev.berth.cli.copy.Packer;
import dev.berth.cli.copy.Unpacker;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.ContainerOption;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "berth cp",
    header = {
      "Example:",
      "  berth cp digits:/var/log/app.log .",
      "  berth cp ./weights shop-x7k2p:/data/weights -c model",
      "  berth cp deployment/shop:/etc/app ./etc-of-app",
      ""
    },
    description = {
      "%nCopies a file or a folder out of a container or into one, as the container's own user,"
          + " with the tar of its image. Where the goal is a folder that is there, the copy is put"
          + " into it.",
      "%nOut of a container nothing is written beside the goal: what would leave it is left out,"
          + " and told."
    })
public final class CpVerb extends ClientVerb {
  private static final Pattern REMOTE =
      Pattern.compile("((?:[a-z.]+/)?[A-Za-z0-9][A-Za-z0-9.-]*):(.+)", Pattern.DOTALL);
  private static final int ABSENT = 127;

  /// A place in a container.
  record Place(String name, String path) {
    /// Empty for a path of this host; one with a colon is written `./a:b`.
    static Optional<Place> of(String word) {
      Matcher matcher = REMOTE.matcher(word);
      return matcher.matches()
          ? Optional.of(new Place(matcher.group(1), matcher.group(2)))
          : Optional.empty();
    }

    /// The folder that it lies in.
    String parent() {
      String plain = plain();
      int slash = plain.lastIndexOf('/');
      return slash < 0 ? "." : slash == 0 ? "/" : plain.substring(0, slash);
    }

    /// Its own name.
    String last() {
      return plain().substring(plain().lastIndexOf('/') + 1);
    }

    Place below(String child) {
      return new Place(name, plain() + "/" + child);
    }

    private String plain() {
      return path.length() > 1 ? path.replaceAll("/+$", "") : path;
    }
  }

  @Parameters(index = "0", paramLabel = "FROM", description = "PATH, or NAME:PATH in a container.")
  String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "NAME:PATH, or PATH; one of both.")
  String to = "";

  @Mixin final ContainerOption container = new ContainerOption();

  public CpVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace)
      throws IOException, InterruptedException {
    Optional<Place> source = Place.of(from);
    Optional<Place> goal = Place.of(to);
    if (source.isPresent() == goal.isPresent()) {
      throw Failure.of(
          "one of both is in a container, the other here",
          "berth cp NAME:PATH PATH, or berth cp PATH NAME:PATH");
    }
    String name = source.or(() -> goal).map(Place::name).orElse("");
    PodOf pod = PodOf.find(client, name, inNamespace, container.name());
    Remote remote = new Remote(client, pod);
    return source.isPresent()
        ? out(remote, source.get(), Path.of(to))
        : in(remote, Path.of(from), goal.orElseThrow());
  }

  private Exit out(Remote remote, Place source, Path goal)
      throws IOException, InterruptedException {
    if (source.last().isEmpty() || source.last().matches("\\.{1,2}")) {
      throw Failure.of("name the folder itself: " + from + " has no name to copy it under");
    }
    Path target = Files.isDirectory(goal) ? goal.resolve(source.last()) : goal;
    boolean[] whole = {true};
    Unpacker unpacker =
        new Unpacker(
            source.last(),
            target,
            what -> {
              whole[0] = false;
              terminal.say("left out: " + Printable.line(what));
            });
    long[] files = {0};
    Remote.Ended ended =
        remote.read(
            List.of("tar", "-cf", "-", "-C", source.parent(), "--", source.last()),
            stream -> files[0] = unpacker.unpack(stream));
    check(ended, files[0] > 0);
    terminal.data(count(files[0]) + " copied to " + Printable.line(target.toString()));
    return whole[0] ? Exit.OK : Exit.FAILED;
  }

  private Exit in(Remote remote, Path source, Place goal) throws IOException, InterruptedException {
    if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
      throw Failure.of("there is no file " + source);
    }
    Path own = source.toAbsolutePath().normalize();
    String last = String.valueOf(own.getFileName());
    boolean folder = remote.write(List.of("test", "-d", goal.path()), _ -> {}).code() == 0;
    Place target = folder ? goal.below(last) : goal;
    long[] files = {0};
    Remote.Ended ended =
        remote.write(
            List.of("tar", "-xmf", "-", "-C", target.parent()),
            stream -> files[0] = new Packer(own, target.last()).pack(stream));
    check(ended, false);
    terminal.data(
        count(files[0]) + " copied to " + Printable.line(goal.name() + ":" + target.path()));
    return Exit.OK;
  }

  private static String count(long files) {
    return files == 1 ? "1 file" : files + " files";
  }

  /// @param some whether files came all the same, as where one of many may not be read
  private void check(Remote.Ended ended, boolean some) {
    if (ended.code() == ABSENT) {
      throw Failure.of(
          "the container has no tar, which does the copying",
          "put tar into the image, or keep the files in a volume",
          "a single file: berth exec NAME -- cat FILE > FILE");
    }
    if (ended.code() != 0) {
      throw Failure.of(
          (some ? "not everything was copied: " : "nothing was copied: ")
              + (ended.words().isBlank()
                  ? "tar ended with code " + ended.code()
                  : Printable.text(ended.words().strip())));
    }
  }
}
