package dev.berth.cli.term;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class WrapTest {
  @Test
  void goesOnBelowWhereItBegan() {
    assertEquals(
        List.of("fix  set spec.model.port:", "     8000, or listen on 8080"),
        Wrap.hanging("fix  ", "set spec.model.port: 8000, or listen on 8080", 29));
  }

  @Test
  void wordsThatCannotBeCopiedInPiecesStayWhole() {
    String digest = "sha256:" + "a".repeat(64);

    assertEquals(
        List.of("image", digest, "is gone"), Wrap.hanging("", "image " + digest + " is gone", 40));
  }

  @Test
  void nothingBreaksWhereNobodyLooks() {
    String long_ = "word ".repeat(200).strip();

    assertEquals(List.of("so  " + long_), Wrap.hanging("so  ", long_, Wrap.NEVER));
  }
}
