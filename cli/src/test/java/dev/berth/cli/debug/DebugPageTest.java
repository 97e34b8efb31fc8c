package dev.berth.cli.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DebugPageTest {
  @Test
  void everyStageIsShownAlsoOnesThatNobodyKnowsYet() {
    assertEquals(
        """
        store:
          revision         42
          object revision  40

        queues:
          RECONCILER   STATE     FAILURES   LAST ERROR   NEXT RUN
          modelapp     backoff   3          no node      2026-11-22T21:30:10Z (in 5s)

        scheduler: none

        pods:
          - name    web-x
            tunnel  connected
            worker:
              state  running
              containers:
                NAME   PID
                web    17\
        """,
        page(
            """
            {"store":{"revision":42,"objectRevision":40},
             "queues":[{"reconciler":"modelapp","state":"backoff","failures":3,"lastError":"no node",
               "nextRun":"2026-11-22T21:30:10Z"}],
             "scheduler":{},
             "pods":[{"name":"web-x","tunnel":"connected",
               "worker":{"state":"running","containers":[{"name":"web","pid":17}]}}]}
            """));
  }

  @Test
  void controlCharactersAreShownNotObeyed() {
    assertEquals("last error  \\x1b[2J", page("{\"lastError\":\"\\u001b[2J\"}"));
  }

  private static String page(String report) {
    return String.join(
        "\n", new DebugPage(Instant.parse("2026-11-22T21:30:05Z")).of(Json.parse(report)));
  }
}
