package dev.berth.controller.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
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

  private static EndpointTraffic digits(Map<ObjectKey, EndpointTraffic> sum) {
    return Optional.ofNullable(sum.get(DIGITS)).orElseThrow();
  }

  @Test
  void nodesAndRevisionsAreAddedStepByStep() {
    Map<ObjectKey, EndpointTraffic> sum =
        EndpointTraffic.sum(
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
        digits(EndpointTraffic.sum(List.of(report("[[995,100,0,[[0,50],[2,48],[3,2]]]]", 0))));
    assertEquals(1.0, traffic.p50().orElseThrow(), 1e-9);
    assertEquals(4.0, traffic.p99().orElseThrow(), 1e-9, "beyond the last bound nothing is known");
    assertEquals(1.0, traffic.last().p50().orElseThrow(), 1e-9);
  }

  @Test
  void whatWasMeasuredLongAgoIsNoMinuteNow() {
    EndpointTraffic traffic =
        digits(EndpointTraffic.sum(List.of(report("[[800,100,0,[[0,100]]]]", 0))));
    assertEquals(OptionalDouble.empty(), traffic.p50());
    assertEquals(0, traffic.last().requestsPerSecond());
    assertEquals(40, traffic.steps().size());
  }

  @Test
  void nothingFinishedIsNothingMeasured() {
    assertEquals(Map.of(), EndpointTraffic.sum(List.of(report("[[1000,100,0,[]]]", 0))));
    assertEquals(Map.of(), EndpointTraffic.sum(List.of()));
  }

  @Test
  void anAnswerOfSomethingElseIsNoReport() {
    assertEquals(Optional.empty(), TrafficReport.of(Json.parse("{\"step\":0,\"boundsMs\":[1]}")));
    assertEquals(Optional.empty(), TrafficReport.of(Json.parse("[]")));
    String odd =
        "{\"now\":1000000,\"step\":5,\"boundsMs\":[1],\"endpoints\":[{\"namespace\":\"shop\",\"modelapp\":\"digits\",\"points\":[[995,-4,\"x\",[[-3,5],[9,-1],{}]],7]}]}";
    EndpointTraffic traffic =
        digits(EndpointTraffic.sum(List.of(TrafficReport.of(Json.parse(odd)).orElseThrow())));
    assertEquals(0, traffic.last().requestsPerSecond());
  }
}
