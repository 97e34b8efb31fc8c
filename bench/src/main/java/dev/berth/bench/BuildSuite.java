package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// The example's model built again: with nothing new, with one file changed, and with one trivial
/// `RUN`. Ours as a person builds, by the command and through the API, and pushed to the registry;
/// podman's is in its own storage only.
final class BuildSuite {
  private static final String IMAGE = "digits-model:1";
  private static final String TRIVIAL = "trivial:1";
  private static final String PEER = "podman build";

  private final Bench bench;
  private final Paid paid;
  private final AtomicInteger changes = new AtomicInteger();

  BuildSuite(Bench bench) {
    this.bench = bench;
    this.paid = new Paid(bench);
  }

  /// One of the two who build.
  private interface Builder {
    void build(Path context, String image) throws IOException;
  }

  List<Result> run() throws Exception {
    Optional<Podman> podman = Podman.installed(bench);
    if (podman.isPresent()) {
      podman.get().run("import", bench.baseImage().toString(), "localhost/" + Digits.BASE);
    }
    Optional<Builder> theirs =
        podman.map(
            p ->
                (context, image) ->
                    p.run("build", "--network=none", "-t", "localhost/" + image, "" + context));
    try (BerthHost host = BerthHost.settled(bench)) {
      Digits.base(bench, host);
      Builder ours = (context, image) -> host.berth("build", "" + context, "-t", image);
      List<Result> results = new ArrayList<>();
      results.addAll(contest("nothing new", ours, theirs, this::nothing));
      results.addAll(contest("one changed COPY", ours, theirs, this::changed));
      results.addAll(contest("trivial RUN", ours, theirs, this::trivial));
      return results;
    }
  }

  private interface Case {
    Map<Cost, Double> of(String what, Builder builder, Digits digits) throws Exception;
  }

  private List<Result> contest(String what, Builder ours, Optional<Builder> theirs, Case one)
      throws Exception {
    Digits our = digits("ours", Digits.BASE);
    Digits their = digits("theirs", "localhost/" + Digits.BASE);
    ours.build(our.model(), IMAGE);
    if (theirs.isPresent()) {
      theirs.get().build(their.model(), IMAGE);
    }
    String of = "build of the digits model, " + what;
    return new Contest(bench.rounds())
        .run(() -> one.of(of, ours, our), theirs.map(b -> () -> one.of(of, b, their)), PEER);
  }

  private Digits digits(String side, String base) throws IOException {
    return Digits.copy(bench.example(), bench.work().resolve(side), base);
  }

  private Map<Cost, Double> nothing(String what, Builder builder, Digits digits) throws Exception {
    return paid.by(what, () -> builder.build(digits.model(), IMAGE));
  }

  private Map<Cost, Double> changed(String what, Builder builder, Digits digits) throws Exception {
    Path file = digits.model().resolve("server.py");
    Files.writeString(file, Files.readString(file) + "# " + changes.incrementAndGet() + "\n");
    return paid.by(what, () -> builder.build(digits.model(), IMAGE));
  }

  private Map<Cost, Double> trivial(String what, Builder builder, Digits digits) throws Exception {
    Path context = Files.createDirectories(digits.dir().resolve("trivial"));
    String from = Files.readString(digits.model().resolve("Dockerfile")).split("[ \n]", 3)[1];
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM " + from + "\nRUN true " + changes.incrementAndGet() + "\n");
    return paid.by(what, () -> builder.build(context, TRIVIAL));
  }
}
