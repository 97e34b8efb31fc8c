package dev.berth.cli.backup;

import dev.berth.cli.progress.Meter;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.LocalDir;
import dev.berth.cli.verb.Server;
import dev.berth.cli.verb.Verb;
import dev.berth.controller.Restore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "berth restore",
    header = {
      "Example:",
      "  sudo berth restore berth-monday.tar.gz",
      "  sudo berth restore berth-monday.tar.gz --data-dir /srv/berth --force",
      ""
    },
    description = {
      "%nPuts a backup into a data directory, while no Berth runs there. Everything is checked"
          + " before anything is put in place; a damaged file changes nothing."
    })
public final class RestoreVerb extends Verb {
  @Parameters(paramLabel = "FILE", description = "What berth backup wrote.")
  Path file = Path.of("berth-backup.tar.gz");

  @Mixin final LocalDir dataDir = new LocalDir();

  @Option(
      names = "--force",
      description = "Put data that is there aside (DIR/before-restore-TIME) instead of refusing.")
  boolean force;

  private final InstantSource clock = InstantSource.system();

  public RestoreVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run() throws IOException {
    Path dir = dataDir.path();
    if (!Files.isRegularFile(file)) {
      throw Failure.of("there is no file " + file, "berth backup FILE writes one");
    }
    Files.createDirectories(
        dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Meter meter = new Meter(terminal, clock, "restored");
    Restore.Summary summary = Restore.restore(file.toAbsolutePath(), dir, force, meter::at);
    meter.done();
    terminal.data(dir + "  " + Contents.of(summary));
    summary.replaced().ifPresent(old -> terminal.say("what was there is in " + old));
    terminal.say("start it: sudo berth up --detach" + options(dir));
    return Exit.OK;
  }

  /// What `up` cannot remember, because it was never up here.
  private String options(Path dir) throws IOException {
    String data = dir.equals(Server.DEFAULT_DATA_DIR) ? "" : " --data-dir " + dir;
    Path node = dir.resolve("node-name");
    return Files.exists(dir.resolve("berth.json")) || !Files.exists(node)
        ? data
        : data + " --node-name " + Files.readString(node).strip();
  }
}
