package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On the loopback, whose one address stands for a pod; with a server that says back what it hears.
@Timeout(60)
@SuppressWarnings("NullAway.Init") // each test has its own
class ApiRelayTest {
  private ServerSocket server;
  private ApiRelay relay;
  private final List<Socket> held = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
    URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort());
    relay = new ApiRelay("127.0.0.1", () -> uri);
  }

  @AfterEach
  void stop() throws IOException {
    relay.close();
    server.close();
    for (Socket s : held) {
      s.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> echo(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void echo(Socket client) {
    try (client) {
      client.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      return; // the test has ended it
    }
  }

  /// Whether one more is served; then it is held.
  private boolean isServed() {
    try {
      Socket s = new Socket(InetAddress.getLoopbackAddress(), relay.target().port());
      held.add(s);
      s.getOutputStream().write('x');
      return s.getInputStream().read() == 'x';
    } catch (IOException e) {
      return false; // it was closed at once
    }
  }

  @Test
  void oneMoreThanItMayIsClosedAndServedWhenAnotherHasLeft() throws IOException {
    for (int i = 0; i < Admission.MOST_OF_ONE; i++) {
      assertTrue(isServed(), "connection " + i);
    }
    assertFalse(isServed());
    assertFalse(isServed());
    held.getFirst().close();
    while (!isServed()) { // the relay hears of it a little later
      Thread.onSpinWait();
    }
    assertFalse(isServed());
  }
}
