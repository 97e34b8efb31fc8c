package dev.berth.controller.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.controller.http.MessageSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineMessagesTest {
  /// Remembers the parts: `+` begins a message, `.` ends it.
  private static final class Parts implements MessageSocket {
    private final List<String> sent = new ArrayList<>();
    private int largest;

    @Override
    public void sendTextPart(byte[] part, boolean first, boolean last) {
      String text = new String(part, StandardCharsets.UTF_8);
      largest = Math.max(largest, part.length);
      sent.add((first ? "+" : "") + text + (last ? "." : ""));
    }

    @Override
    public String protocol() {
      return "";
    }

    @Override
    public Optional<byte[]> receive() {
      return Optional.empty();
    }

    @Override
    public void sendBinary(byte[] message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sendText(String message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private final Parts parts = new Parts();
  private final LineMessages lines = new LineMessages(parts);

  private void write(String text) throws IOException {
    lines.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aLineIsAMessageHoweverItWasWritten() throws Exception {
    write("a");
    write("b\nc");
    lines.write('d');
    lines.write('\n');
    write("e\nf\n");
    assertEquals(List.of("+ab.", "+cd.", "+e.", "+f."), parts.sent);
  }

  @Test
  void aLongLineLeavesInParts() throws Exception {
    write("x".repeat(LineMessages.PART + 5));
    write("\nshort\n");
    assertEquals(List.of("+" + "x".repeat(LineMessages.PART), "xxxxx.", "+short."), parts.sent);
    assertEquals(LineMessages.PART, parts.largest);
  }

  @Test
  void aLineThatFillsAPartEndsWithIt() throws Exception {
    write("x".repeat(LineMessages.PART) + "\n");
    assertEquals(1, parts.sent.size());
    assertTrue(parts.sent.getFirst().endsWith("x."));
  }
}
