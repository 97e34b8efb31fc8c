package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.hardening.input.Storm;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Ten thousand damaged requests over every kind and verb, against the whole of Berth with its
/// usual heap. [BadRequestsIT] has some of them. `mvn verify -Plong -pl hardening -am
/// -Dtest=MutationsIT -Dsurefire.failIfNoSpecifiedTests=false -Dinput.requests=10000
/// -Dinput.seed=7` is longer, or another.
class MutationsIT {
  private static final int REQUESTS = Integer.getInteger("input.requests", 10_000);
  private static final long SEED = Long.getLong("input.seed", 20_261_123L);

  @Test
  @Tag("long")
  void nothingThatIsSentIsTheServersFault() throws Exception {
    Lab lab = Lab.start("mutations");
    try (RawApi api = RawApi.of(lab.host())) {
      assertEquals(List.of(), found(api, REQUESTS, SEED), "seed " + SEED);
    } finally {
      lab.close();
    }
  }

  /// What was wrong with the answers to that many requests, and with what was stored.
  static List<String> found(RawApi api, int requests, long seed) throws Exception {
    System.err.println(requests + " damaged requests, seed " + seed);
    try (Storm storm = new Storm(api.uri(), api.tls(), seed)) {
      storm.checkSamples();
      storm.run(requests);
      System.err.println(new java.util.TreeMap<>(storm.answers()));
      storm.found().forEach(System.err::println);
      return storm.found();
    }
  }
}
