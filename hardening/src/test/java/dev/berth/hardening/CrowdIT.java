package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Thousands of clients that hold a connection and do nothing, or no more: the server stays within
/// its memory and goes on to serve others. It runs with its usual heap; the crowd is another
/// process. `mvn verify -Plong -pl hardening -am -Dtest=CrowdIT
/// -Dsurefire.failIfNoSpecifiedTests=false`; [BadRequestsIT] has a taste of it.
class CrowdIT {
  private Lab lab;
  private RawApi api;

  @BeforeEach
  void startBerth() throws IOException, InterruptedException {
    lab = Lab.start("crowd");
    api = RawApi.of(lab.host());
  }

  @AfterEach
  void stopBerth() throws IOException, InterruptedException {
    if (api != null) {
      api.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  @Tag("long")
  void tenThousandIdleConnectionsAreNoBurden() throws IOException {
    Crowds crowds = Crowds.before(lab, api);
    crowds.report("nobody");
    Crowds.Members idle = crowds.gather(Crowd.Habit.IDLE, 10_000);
    crowds.report("10,000 idle connections");
    crowds.serveOthers(4);
    crowds.report("10,000 idle connections, others served");
    assertEquals(10_000, idle.connected());
  }

  /// Each write is owed to a thousand that never read: what they are owed is not kept for each.
  @Test
  @Tag("long")
  void aThousandWatchersThatStopReadingAreNoBurden() throws IOException {
    Crowds crowds = Crowds.before(lab, api);
    crowds.report("nobody");
    Crowds.Members deaf = crowds.gather(Crowd.Habit.DEAF, 1_000);
    crowds.report("1,000 watchers that read nothing");
    crowds.serveOthers(20);
    crowds.report("1,000 watchers that read nothing, others served");
    assertTrue(deaf.connected() > 0, "all were sent away");
  }
}
