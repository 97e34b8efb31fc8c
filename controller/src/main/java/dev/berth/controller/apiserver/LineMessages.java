package dev.berth.controller.apiserver;

import dev.berth.controller.http.MessageSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/// Lines as the text messages of a WebSocket, without their ends. A long one leaves in parts of 32
/// KiB, so that no more of it waits for a client that does not read. Not thread-safe.
final class LineMessages extends OutputStream {
  static final int PART = 32 * 1024;

  private final MessageSocket socket;
  private final byte[] pending = new byte[PART];
  private int length;
  private boolean first = true;

  LineMessages(MessageSocket socket) {
    this.socket = socket;
  }

  @Override
  public void write(int b) throws IOException {
    if (b == '\n') {
      send(true);
      return;
    }
    if (length == PART) {
      send(false);
    }
    pending[length++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int end = offset + count;
    for (int at = offset; at < end; ) {
      if (bytes[at] == '\n' || length == PART) {
        write(bytes[at++]);
      } else {
        at += copy(bytes, at, Math.min(end, at + PART - length));
      }
    }
  }

  /// Up to the end of the line.
  private int copy(byte[] bytes, int from, int end) {
    int to = from;
    while (to < end && bytes[to] != '\n') {
      to++;
    }
    System.arraycopy(bytes, from, pending, length, to - from);
    length += to - from;
    return to - from;
  }

  private void send(boolean last) throws IOException {
    socket.sendTextPart(Arrays.copyOf(pending, length), first, last);
    first = last;
    length = 0;
  }
}
