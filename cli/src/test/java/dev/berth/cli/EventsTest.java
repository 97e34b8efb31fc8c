package dev.berth.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Live.class)
@SuppressWarnings("NullAway.Init") // one server for all
class EventsTest {
  private static final String NS = "events-test";
  private static LiveApi api;

  @BeforeAll
  static void start(LiveApi live) {
    api = live;
    api.namespace(NS);
    api.create(
        """
        {"apiVersion": "v1", "kind": "Pod",
         "metadata": {"name": "digits-app-1", "namespace": "events-test",
                      "labels": {"berth.dev/modelapp": "digits"}},
         "spec": {"containers": [{"name": "c", "image": "x"}]}}""");
    event("a", "2026-01-01T00:00:02Z", "Pod", "digits-app-1", "Warning", "BackOff");
    event("b", "2026-01-01T00:00:01Z", "ModelApp", "digits", "Normal", "Accepted");
    event("c", "2026-01-01T00:00:03Z", "Pod", "other", "Normal", "Pulled");
  }

  private static void event(
      String name, String time, String kind, String about, String type, String reason) {
    api.create(
        """
        {"apiVersion": "v1", "kind": "Event",
         "metadata": {"name": "%s", "namespace": "events-test"},
         "involvedObject": {"kind": "%s", "name": "%s", "namespace": "events-test"},
         "type": "%s", "reason": "%s", "message": "it said \\u001b[31m so", "count": 3,
         "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "%s"}"""
            .formatted(name, kind, about, type, reason, time));
  }

  private static LiveApi.Ran events(String... words) {
    List<String> all = new ArrayList<>(List.of("events", "-n", NS));
    all.addAll(List.of(words));
    return api.berth(all.toArray(String[]::new));
  }

  private static List<String> reasons(String... words) {
    LiveApi.Ran ran = events(words);
    assertEquals(0, ran.code(), ran.err());
    return ran.lines().stream()
        .skip(1)
        .map(line -> line.replaceFirst(".*(Warning|Normal) +(\\w+) .*", "$2"))
        .filter(List.of("BackOff", "Accepted", "Pulled")::contains) // the scheduler has its own
        .toList();
  }

  @Test
  void theNewestComesLastAndNothingObeysATerminalSequence() {
    assertEquals(List.of("Accepted", "BackOff", "Pulled"), reasons());
    LiveApi.Ran ran = events();
    assertTrue(
        ran.lines().getFirst().matches("LAST SEEN +TYPE +REASON +OBJECT +MESSAGE"), ran.out());
    assertTrue(ran.out().contains("pod/digits-app-1   it said \\x1b[31m so"), ran.out());
    assertTrue(ran.out().matches("(?s).*\\d+[dy]\\w* \\(x3 over \\d+[dy]\\w*\\).*"), ran.out());
  }

  @Test
  void aModelAppsAreThoseOfItsPodsToo() {
    assertEquals(List.of("Accepted", "BackOff"), reasons("--for", "modelapp/digits"));
    assertEquals(List.of("Pulled"), reasons("--for", "po/other"));
  }

  @Test
  void oneTypeAlone() {
    assertEquals(List.of("BackOff"), reasons("--types", "Warning", "--for", "mapp/digits"));
    LiveApi.Ran wrong = events("--types", "Error");
    assertEquals(1, wrong.code());
    assertTrue(wrong.err().contains("types: Normal, Warning"), wrong.err());
  }

  @Test
  void anObjectThatIsNotThereIsSaid() {
    LiveApi.Ran ran = events("--for", "pod/nobody");
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("pods \"nobody\" not found"), ran.err());
  }

  @Test
  void whatComesLaterIsPrintedOnce() {
    try (LiveApi.Going going = api.start("events", "-n", NS, "--for", "pod/watched", "--watch")) {
      LiveApi.until("the heading", () -> going.out().contains("LAST SEEN"));
      event("d", "2026-01-01T00:00:04Z", "Pod", "watched", "Normal", "Started");
      event("e", "2026-01-01T00:00:05Z", "Pod", "other-one", "Normal", "Started");
      event("f", "2026-01-01T00:00:06Z", "Pod", "watched", "Normal", "Stopped");
      LiveApi.until("the last", () -> going.out().contains("Stopped"));
      assertEquals(3, going.out().lines().count(), going.out());
    }
  }

  /// As of `berth events -w | head -1`.
  @Test
  void watchingEndsWhenNobodyReads() {
    try (LiveApi.Going events = api.start("events", "-n", NS, "--for", "pod/piped", "--watch");
        LiveApi.Going get = api.start("get", "events", "-n", NS, "--watch")) {
      LiveApi.until("the heading", () -> events.out().contains("LAST SEEN"));
      LiveApi.until("the heading", () -> get.out().contains("BackOff"));
      events.leaveUnread();
      get.leaveUnread();
      event("g", "2026-01-01T00:00:07Z", "Pod", "piped", "Normal", "Started");
      LiveApi.until("events ends", events::hasEnded);
      LiveApi.until("get ends", get::hasEnded);
    }
  }

  @Test
  void programsGetAList() {
    LiveApi.Ran ran = events("--for", "pod/other", "-o", "json");
    assertEquals("Pulled", dev.berth.api.Json.parse(ran.out()).at("/items/0/reason").asString());
  }
}
