package dev.berth.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContestTest {
  private static final Cost COST = new Cost("put", "us");

  private final List<String> turns = new ArrayList<>();

  private Contest.Side side(String name, double... costs) {
    int[] next = {0};
    return () -> {
      turns.add(name);
      return Map.of(COST, costs[next[0]++]);
    };
  }

  @Test
  void bothTakeTurnsAndTheFirstRoundDoesNotCount() throws Exception {
    List<Result> results =
        new Contest(3).run(side("a", 99, 1, 3, 2), Optional.of(side("b", 99, 8, 4, 6)), "b");

    assertEquals(List.of("b", "a", "a", "b", "b", "a", "a", "b"), turns);
    assertEquals(List.of(new Result(COST, 2, Optional.of(6.0), "b", 3)), results);
    assertEquals("0.333", Figure.of(results.getFirst().ratio().orElseThrow()));
  }

  @Test
  void withoutThePeerOursStandsAlone() throws Exception {
    Result result = new Contest(1).run(side("a", 9, 5), Optional.empty(), "b").getFirst();

    assertEquals(new Result(COST, 5, Optional.empty(), "b", 1), result);
    assertEquals(
        "{\"case\":\"put\",\"unit\":\"us\",\"ours\":5.0,\"peer\":null,\"peerName\":\"b\",\"ratio\":null,"
            + "\"rounds\":1}",
        result.json().toString());
  }

  @Test
  void eachPeerHasItsLineAndWhoIsFirstChanges() throws Exception {
    List<Result> results =
        new Contest(2)
            .run(
                side("a", 99, 1, 3),
                List.of(
                    new Contest.Peer("b", Optional.of(side("b", 99, 4, 4))),
                    new Contest.Peer("c", Optional.of(side("c", 99, 8, 8))),
                    new Contest.Peer("missing", Optional.empty())));

    assertEquals(List.of("b", "c", "a", "a", "b", "c", "c", "a", "b"), turns);
    assertEquals(
        List.of(
            new Result(COST, 2, Optional.of(4.0), "b", 2),
            new Result(COST, 2, Optional.of(8.0), "c", 2),
            new Result(COST, 2, Optional.empty(), "missing", 2)),
        results);
  }
}
