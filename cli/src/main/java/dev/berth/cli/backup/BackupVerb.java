package dev.berth.cli.backup;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.cli.progress.Meter;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Server;
import dev.berth.cli.verb.Verb;
import dev.berth.client.ApiClient;
import dev.berth.controller.Restore;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;

@Command(
    name = "berth backup",
    header = {
      "Example:",
      "  berth backup berth-monday.tar.gz",
      "  berth backup /srv/backups/berth.tar.gz --without-images",
      ""
    },
    description = {
      "%nCopies a running Berth into one file: every object, the certificates with their keys, and"
          + " the cluster's images. The file is read back before it gets its name; an older file of"
          + " that name is replaced only then.",
      "%nThe private keys are in it: its mode is 0600, keep it as you keep those."
    })
public final class BackupVerb extends Verb {
  private static final String PATH = "/apis/berth.dev/v1alpha1/backup?images=";

  @Mixin final Server server = new Server();

  @Parameters(paramLabel = "FILE", description = "Where to write.")
  Path file = Path.of("berth-backup.tar.gz");

  @Option(
      names = "--without-images",
      description = "Leave the images out; what was built must be built again after a restore.")
  boolean withoutImages;

  private final InstantSource clock = InstantSource.system();

  public BackupVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run() throws IOException {
    Path target = file.toAbsolutePath().normalize();
    Path folder = folderOf(target);
    Path part = target.resolveSibling(target.getFileName() + ".part");
    // Also when somebody presses Ctrl-C: half a backup is worth nothing.
    part.toFile().deleteOnExit();
    try (ApiClient client = server.open()) {
      receive(client, part);
      Restore.Summary summary = verify(part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(folder);
      told(target, summary);
      return Exit.OK;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static Path folderOf(Path target) {
    if (Files.isDirectory(target)) {
      throw Failure.of(
          target + " is a folder", "name a file: berth backup " + target.resolve("berth.tar.gz"));
    }
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw Failure.of("there is no folder " + folder, "mkdir -p " + folder);
    }
    return folder;
  }

  private void receive(ApiClient client, Path part) throws IOException {
    Meter meter = new Meter(terminal, clock, "received");
    HttpResponse<InputStream> response = client.raw("GET", PATH + !withoutImages);
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw refusal(response.statusCode(), body.readNBytes(1 << 20));
      }
      copy(body, part, meter);
    }
    meter.done();
  }

  private static ApiException refusal(int status, byte[] body) {
    try {
      return new ApiException(ApiError.fromStatus(status, Json.parse(body)));
    } catch (JacksonException e) {
      return new ApiException(
          ApiError.fromCode(status, "the server answered " + status + " for a backup"));
    }
  }

  private static void copy(InputStream body, Path part, Meter meter) throws IOException {
    Files.deleteIfExists(part);
    byte[] buffer = new byte[64 * 1024];
    long bytes = 0;
    try (SeekableByteChannel out = create(part)) {
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        ByteBuffer left = ByteBuffer.wrap(buffer, 0, n);
        while (left.hasRemaining()) {
          out.write(left);
        }
        bytes += n;
        meter.at(bytes, 0);
      }
    }
    sync(part);
  }

  private static SeekableByteChannel create(Path part) throws IOException {
    return Files.newByteChannel(
        part,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private Restore.Summary verify(Path part) throws IOException {
    Meter meter = new Meter(terminal, clock, "verified");
    Restore.Summary summary = Restore.verify(part, meter::at);
    meter.done();
    return summary;
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void told(Path target, Restore.Summary summary) throws IOException {
    terminal.data(target + "  " + Contents.of(summary) + ", " + Spans.bytes(Files.size(target)));
    terminal.say("It holds private keys. Put it back with: berth restore " + file);
  }
}
