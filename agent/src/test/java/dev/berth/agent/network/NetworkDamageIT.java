package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Linux;
import dev.berth.api.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a pod's network remembers, damaged while no agent runs. Each case is a start of the
/// network.
class NetworkDamageIT {
  @TempDir Path dir;

  @Test
  void aPodsNetworkIsLearnedAgainFromTheKernel() throws Exception {
    assertEquals(
        List.of(
            "address deleted: kept",
            "address empty: kept",
            "address half: kept",
            "address garbage: kept",
            "link deleted: kept",
            "link empty: kept",
            "link half: kept",
            "link garbage: kept",
            "both deleted: kept",
            "spare ones damaged: kept",
            "unmounted: gone, fresh one taken"),
        InOwnNetwork.run(Cases.class, dir));
  }

  /// The other process.
  static final class Cases {
    private static final Cidr SUBNET = Cidr.parse("10.211.7.0/24");
    private static final String POD = "pod-1";
    private final Path run;
    private final List<String> seen = new ArrayList<>();

    private Cases(Path run) {
      this.run = run;
    }

    public static void main(String[] words) throws IOException {
      Cases cases = new Cases(Path.of(words[0]));
      cases.all();
      cases.seen.forEach(System.out::println);
    }

    private PodNetwork network() {
      return PodNetwork.start(new JnaSyscalls(), run, SUBNET, SUBNET, Cidr.parse("10.212.0.0/16"));
    }

    private void all() throws IOException {
      Sandbox made;
      try (PodNetwork network = network()) {
        made = network.attach(POD);
      }
      for (String file : List.of("address", "link")) {
        for (String how : List.of("deleted", "empty", "half", "garbage")) {
          damage(made.dir().resolve(file), how);
          told(file + " " + how, made);
        }
      }
      Files.delete(made.dir().resolve("address"));
      Files.delete(made.dir().resolve("link"));
      told("both deleted", made);
      Path spare = Files.createDirectories(run.resolve("pool").resolve("bv1x1"));
      Files.writeString(spare.resolve("address"), "nonsense");
      told("spare ones damaged", made);
      new JnaSyscalls().unmount(made.dir().resolve("net").toString(), Linux.MNT_DETACH);
      Files.delete(made.dir().resolve("address"));
      try (PodNetwork network = network()) {
        boolean gone = network.find(POD).isEmpty();
        Sandbox fresh = network.attach(POD);
        seen.add(
            "unmounted: "
                + (gone ? "gone" : "there")
                + (network.find(POD).equals(Optional.of(fresh)) ? ", fresh one taken" : ""));
        network.detach(POD);
      }
    }

    private void told(String what, Sandbox made) {
      try (PodNetwork network = network()) {
        Optional<Sandbox> found = network.find(POD);
        seen.add(what + ": " + (found.equals(Optional.of(made)) ? "kept" : found.toString()));
      }
    }

    private static void damage(Path file, String how) throws IOException {
      byte[] content = Files.readAllBytes(file);
      switch (how) {
        case "deleted" -> Files.delete(file);
        case "empty" -> Files.write(file, new byte[0]);
        case "half" -> Files.write(file, Arrays.copyOf(content, content.length / 2));
        default -> Files.write(file, new byte[] {(byte) 0xff, 0, 7, '\n', (byte) 0x80});
      }
    }
  }
}
