package dev.berth.bench;

import dev.berth.agent.image.ContentStore;
import dev.berth.agent.image.ImageNames;
import dev.berth.agent.image.Images;
import dev.berth.agent.image.Progress;
import dev.berth.agent.image.Registries;
import dev.berth.agent.linux.JnaSyscalls;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// An image of 450 MB out of Berth's own registry into an empty store, unpacked: by the agent's own
/// classes, by podman, by skopeo.
final class PullSuite {
  private static final String IMAGE = "big:1";
  private static final int LAYERS = 6;
  private static final int FILES = 250;
  private static final int FILE_BYTES = 300_000;
  private static final String SKOPEO = "skopeo copy";
  private static final String PODMAN = "podman pull";

  private final Bench bench;
  private final Paid paid;

  PullSuite(Bench bench) {
    this.bench = bench;
    this.paid = new Paid(bench);
  }

  List<Result> run() throws Exception {
    try (BerthHost host = BerthHost.settled(bench)) {
      host.berth("build", "" + context(), "-t", IMAGE);
      host.process().awaitIdle();
      return new Contest(bench.rounds()).run(() -> ours(host), peers(host));
    }
  }

  /// As much as a layer of an application: files that shrink by half.
  private Path context() throws IOException {
    Path context = Files.createDirectories(bench.work().resolve("big"));
    StringBuilder script = new StringBuilder("FROM scratch\n");
    SplittableRandom random = new SplittableRandom(1);
    for (int layer = 0; layer < LAYERS; layer++) {
      Path part = Files.createDirectories(context.resolve("part" + layer));
      for (int file = 0; file < FILES; file++) {
        write(part.resolve("f" + file), random);
      }
      script.append("COPY part%1$d /part%1$d\n".formatted(layer));
    }
    Files.writeString(context.resolve("Dockerfile"), script);
    return context;
  }

  private static void write(Path file, SplittableRandom random) throws IOException {
    byte[] word = new byte[32];
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int written = 0; written < FILE_BYTES; written += 2 * word.length) {
        random.nextBytes(word);
        out.write(word);
        out.write(word);
      }
    }
  }

  private Map<Cost, Double> ours(BerthHost host) throws Exception {
    Path store = emptied("ours");
    Images images =
        new Images(
            new ContentStore(store, new JnaSyscalls()),
            new ImageNames(store),
            new Registries(host.client(), true));
    return pull(host, () -> images.pull("default", IMAGE, Progress.NONE));
  }

  private List<Contest.Peer> peers(BerthHost host) throws IOException {
    URI server = host.client().server();
    String image = server.getHost() + ":" + server.getPort() + "/default/" + IMAGE;
    String login =
        "admin:"
            + Files.readString(host.data().resolve("pki/admin.token"), StandardCharsets.UTF_8)
                .strip();
    List<Contest.Peer> peers = new ArrayList<>();
    Optional<Podman> podman = Podman.installed(bench);
    peers.add(
        new Contest.Peer(
            PODMAN,
            podman.map(
                p ->
                    () -> {
                      p.run("rmi", "--all", "--force");
                      return pull(
                          host,
                          () -> p.run("pull", "--tls-verify=false", "--creds=" + login, image));
                    })));
    peers.add(
        new Contest.Peer(
            SKOPEO,
            Tool.peer("skopeo", "skopeo").map(binary -> () -> skopeo(host, binary, login, image))));
    return peers;
  }

  private Map<Cost, Double> skopeo(BerthHost host, Path binary, String login, String image)
      throws Exception {
    Path store = emptied("skopeo");
    List<String> line =
        List.of(
            binary.toString(),
            "--insecure-policy",
            "copy",
            "--src-tls-verify=false",
            "--src-creds=" + login,
            "docker://" + image,
            "containers-storage:[overlay@"
                + store
                + "/root+"
                + bench.run()
                + "/skopeo]localhost/"
                + IMAGE);
    return pull(host, () -> Tool.run(line));
  }

  private Map<Cost, Double> pull(BerthHost host, Paid.Work work) throws Exception {
    return paid.by("pull of an image of 450 MB", work, host.process()::cpuSeconds);
  }

  /// What was pulled before must not help.
  private Path emptied(String side) throws IOException {
    Path store = bench.work().resolve("pulled-" + side);
    Tool.run(List.of("rm", "-rf", store.toString()));
    return Files.createDirectories(store);
  }
}
