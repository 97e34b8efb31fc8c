package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.probe.Outcome;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PodStatusTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

  @Test
  void aStatusThatSomebodyElseChangedIsWrittenAgain() {
    ObjectNode pod =
        (ObjectNode)
            Json.parse(
                "{\"metadata\":{\"name\":\"p\",\"namespace\":\"n\",\"uid\":\"u\"},\"spec\":{}}"
                    .getBytes(StandardCharsets.UTF_8));
    PodSpec spec = PodSpec.read(pod);
    PodStatus status = new PodStatus(pod, "10.0.0.1", CLOCK);
    List<Tracked> containers = List.of(new Tracked("app", CLOCK.instant()));
    ObjectNode api = pod.deepCopy();
    api.set("status", status.update(spec, containers, "").orElseThrow());
    status.compare(api);
    assertTrue(status.update(spec, containers, "").isEmpty());
    Conditions.set(
        api, new Condition("Ready", Condition.FALSE, "NodeLost", "", CLOCK.instant(), 0));
    status.compare(api);
    assertTrue(status.update(spec, containers, "").isPresent());
  }

  @Test
  void aProtocolThatIsNoLongerSpokenIsNotSaidToBe() {
    ObjectNode pod =
        (ObjectNode)
            Json.parse(
                "{\"metadata\":{\"name\":\"p\",\"namespace\":\"n\",\"uid\":\"u\"},\"spec\":{}}"
                    .getBytes(StandardCharsets.UTF_8));
    PodStatus status = new PodStatus(pod, "10.0.0.1", CLOCK);
    status.protocol(new Outcome(true, "", "open-inference", Optional.empty()));
    status.protocol(new Outcome(false, "it is a page", "", Optional.of(Reason.PROTOCOL_MISMATCH)));
    ObjectNode holder = Json.object();
    holder.set(
        "status",
        status
            .update(PodSpec.read(pod), List.of(new Tracked("app", CLOCK.instant())), "")
            .orElseThrow());
    Condition c = Conditions.find(holder, "berth.dev/EndpointProtocol").orElseThrow();
    assertEquals(
        "False ProtocolMismatch it is a page", c.status() + " " + c.reason() + " " + c.message());
  }

  @Test
  void aDiagnosisKeepsItsTimeWhileOnlyCountersDiffer() {
    ObjectNode pod =
        (ObjectNode)
            Json.parse(
                "{\"metadata\":{\"name\":\"p\",\"namespace\":\"n\",\"uid\":\"u\"},\"spec\":{}}"
                    .getBytes(StandardCharsets.UTF_8));
    PodSpec spec = PodSpec.read(pod);
    PodStatus status = new PodStatus(pod, "10.0.0.1", CLOCK);
    Tracked t = new Tracked("app", CLOCK.instant());
    t.diagnosis = Optional.of(new Diagnosis(Reason.EXITED_EARLY, "exited after 1.2 s"));
    ObjectNode first = status.update(spec, List.of(t), "").orElseThrow();
    ObjectNode holder = Json.object();
    holder.set("status", first);
    Condition c = Conditions.find(holder, "berth.dev/Diagnosis").orElseThrow();
    assertEquals(
        "ExitedEarly False exited after 1.2 s", c.reason() + " " + c.status() + " " + c.message());
    t.diagnosis = Optional.of(new Diagnosis(Reason.EXITED_EARLY, "exited after 3.4 s"));
    assertTrue(status.update(spec, List.of(t), "").isEmpty());
    t.diagnosis = Optional.empty();
    holder.set("status", status.update(spec, List.of(t), "").orElseThrow());
    assertTrue(Conditions.find(holder, "berth.dev/Diagnosis").isEmpty());
  }
}
