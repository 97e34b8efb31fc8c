package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// kill -9 of an agent apart from its controller, at random moments, also while it starts: no
/// container is lost, restarted or doubled, every exit code and every line of every log is there,
/// and what was deleted leaves no files.
class AgentKillsIT {
  @Test
  void aHundredKillsLoseNothing() throws IOException, InterruptedException {
    kill(Long.getLong("kills.seed", 20261123), Integer.getInteger("kills", 100));
  }

  /// `mvn verify -Plong -pl hardening -am -Dtest=AgentKillsIT -Dkills.seed=N`
  @Test
  @Tag("long")
  void aThousandKillsLoseNothing() throws IOException, InterruptedException {
    kill(Long.getLong("kills.seed", 1), 1000);
  }

  private static void kill(long seed, int kills) throws IOException, InterruptedException {
    Lab lab = Lab.create("agent-kills");
    try {
      Process run =
          lab.host()
              .startJava(
                  AgentKills.class,
                  lab.host().dir().toString(),
                  lab.host().nodeName(),
                  lab.compile("rogue").toString(),
                  Long.toString(seed),
                  Integer.toString(kills));
      String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, run.waitFor(), said);
      System.err.print(said);
    } finally {
      lab.close();
    }
  }
}
