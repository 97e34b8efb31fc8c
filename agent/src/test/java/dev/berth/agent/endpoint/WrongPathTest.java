package dev.berth.agent.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.modelapp.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WrongPathTest {
  private static final EndpointConfig DIGITS =
      new EndpointConfig(
          "shop",
          "digits",
          "digits-model",
          Protocol.OPEN_INFERENCE,
          "digits",
          "",
          "",
          Duration.ofSeconds(30),
          1,
          List.of());

  @Test
  void a404OfAPathOutsideOfTheProtocolNamesTheRightOne() {
    assertEquals(
        Optional.of("the endpoint speaks open-inference: POST /v2/models/digits/infer"),
        WrongPath.hint(DIGITS, "/predict", 404));
  }

  @Test
  void whatTheModelAnsweredItselfIsLeftAlone() {
    assertEquals(Optional.empty(), WrongPath.hint(DIGITS, "/v2/models/other/infer", 404));
    assertEquals(Optional.empty(), WrongPath.hint(DIGITS, "/predict", 200));
  }
}
