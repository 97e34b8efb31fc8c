package dev.berth.controller.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class EndpointTrafficTest {
  private static final ObjectKey DIGITS = new ObjectKey("shop", "digits");

  /// At 1,000 s past the epoch, with steps of five seconds and buckets up to 1, 2 and 4 ms.
  private static TrafficReport report(String points, int queue) {
    String row =
        "{\"namespace\":\"shop\",\"modelapp\":\"digits\",\"revision\":\"r1\",\"queue\":"
            + queue
            + ",\"points\":"
            + points
            + "}";
    return TrafficReport.of(
            Json.parse(
                "{\"now\":1000000,\"step\":5,\"boundsMs\":[1,2,4],\"endpoints\":["
                    + row
                    + ","
                    + row.replace("r1", "r2").replace(points, "[]")
                    + "]}"))
        .orElseThrow();
  }

  private static Map<ObjectKey, EndpointTraffic> sum(List<TrafficReport> reports) {
    return EndpointTraffic.sum(reports, Instant.ofEpochSecond(1_000));
  }

  private static EndpointTraffic digits(Map<ObjectKey, EndpointTraffic> sum) {
    return Optional.ofNullable(sum.get(DIGITS)).orElseThrow();
  }

  @Test
  void nodesAndRevisionsAreAddedStepByStep() {
    Map<ObjectKey, EndpointTraffic> sum =
        sum(
            List.of(
                report("[[985,10,0,[[0,10]]],[995,30,5,[[1,30]]],[1000,99,0,[]]]", 2),
                report("[[995,20,0,[[2,20]]]]", 3)));
    EndpointTraffic traffic = digits(sum);
    assertEquals(5, traffic.queue());
    assertEquals(
        List.of(985L, 990L, 995L),
        traffic.steps().stream().map(EndpointTraffic.Step::time).toList());
    assertEquals(10, traffic.last().requestsPerSecond());
    assertEquals(1, traffic.last().errorsPerSecond());
    assertEquals(0, traffic.steps().get(1).requestsPerSecond());
    assertEquals(OptionalDouble.empty(), traffic.steps().get(1).p50());
  }

  @Test
  void aClockThatIsWrongPutsNoCallIntoAnotherStep() {
    TrafficReport ahead = report("[[995,20,0,[[2,20]]],[1000,7,0,[]]]", 0);
    for (long seconds : new long[] {-604_803, -4, 0, 3, 299}) {
      Instant wrong = ahead.now().plusSeconds(seconds);
      long moved = Math.floorDiv(wrong.getEpochSecond(), 5) * 5 - 1_000;
      String points = "[[%d,20,0,[[2,20]]],[%d,7,0,[]]]".formatted(995 + moved, 1_000 + moved);
      TrafficReport report =
          new TrafficReport(wrong, 5, ahead.boundsMs(), report(points, 0).endpoints());
      EndpointTraffic both = digits(sum(List.of(ahead, report)));
      assertEquals(8, both.last().requestsPerSecond(), () -> seconds + " s");
      assertEquals(995, both.last().time());
      assertEquals(1, both.steps().size());
    }
  }

  @Test
  void whoWaitsForAModelThatHangsIsSeen() {
    EndpointTraffic traffic = digits(sum(List.of(report("[]", 7))));
    assertEquals(7, traffic.queue());
    assertEquals(0, traffic.last().requestsPerSecond());
    assertEquals(OptionalDouble.empty(), traffic.p99());
    assertEquals(7, digits(sum(List.of(report("[[1000,1,0,[]]]", 7)))).queue());
  }

  /// Each would become a time line of its own in the controller's memory.
  @Test
  void aReportOfVeryManyIsNone() {
    String rows = String.join(",", Collections.nCopies(1_025, "{\"namespace\":\"a\"}"));
    String points = String.join(",", Collections.nCopies(257, "[995,1,0,[]]"));
    for (String endpoints : List.of(rows, "{\"points\":[" + points + "]}")) {
      String json = "{\"now\":1,\"step\":5,\"boundsMs\":[1],\"endpoints\":[" + endpoints + "]}";
      assertEquals(Optional.empty(), TrafficReport.of(Json.parse(json)));
    }
  }

  @Test
  void quantilesLieWithinTheirBucket() {
    EndpointTraffic traffic =
        digits(sum(List.of(report("[[995,100,0,[[0,50],[2,48],[3,2]]]]", 0))));
    assertEquals(1.0, traffic.p50().orElseThrow(), 1e-9);
    assertEquals(4.0, traffic.p99().orElseThrow(), 1e-9, "beyond the last bound nothing is known");
    assertEquals(1.0, traffic.last().p50().orElseThrow(), 1e-9);
  }

  @Test
  void whatWasMeasuredLongAgoIsNoMinuteNow() {
    EndpointTraffic traffic = digits(sum(List.of(report("[[800,100,0,[[0,100]]]]", 0))));
    assertEquals(OptionalDouble.empty(), traffic.p50());
    assertEquals(0, traffic.last().requestsPerSecond());
    assertEquals(40, traffic.steps().size());
  }

  @Test
  void nothingFinishedIsNothingMeasured() {
    assertEquals(Map.of(), sum(List.of(report("[[1000,100,0,[]]]", 0))));
    assertEquals(Map.of(), sum(List.of()));
  }

  @Test
  void anAnswerOfSomethingElseIsNoReport() {
    assertEquals(Optional.empty(), TrafficReport.of(Json.parse("{\"step\":0,\"boundsMs\":[1]}")));
    assertEquals(Optional.empty(), TrafficReport.of(Json.parse("[]")));
    String odd =
        "{\"now\":1000000,\"step\":5,\"boundsMs\":[1],\"endpoints\":[{\"namespace\":\"shop\",\"modelapp\":\"digits\",\"points\":[[995,-4,\"x\",[[-3,5],[9,-1],{}]],7]}]}";
    EndpointTraffic traffic = digits(sum(List.of(TrafficReport.of(Json.parse(odd)).orElseThrow())));
    assertEquals(0, traffic.last().requestsPerSecond());
  }
}
