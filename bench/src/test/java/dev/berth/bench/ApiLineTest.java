package dev.berth.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ApiLineTest {
  /// Answers whatever is asked with a prepared text, and closes.
  private static ApiLine lineTo(String answer, CompletableFuture<String> asked) throws IOException {
    ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              try (server;
                  Socket client = server.accept()) {
                client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                client.shutdownOutput();
                byte[] question = client.getInputStream().readAllBytes();
                asked.complete(new String(question, StandardCharsets.ISO_8859_1));
              } catch (IOException e) {
                asked.completeExceptionally(e);
              }
            });
    return new ApiLine(new Socket(server.getInetAddress(), server.getLocalPort()), "token");
  }

  @Test
  void answersAreReadByLengthAndByChunks() throws Exception {
    CompletableFuture<String> asked = new CompletableFuture<>();
    try (ApiLine line =
        lineTo(
            String.join(
                "\r\n",
                List.of(
                    "HTTP/1.1 200 OK",
                    "Content-Length: 3",
                    "",
                    "abcHTTP/1.1 201 Created",
                    "transfer-encoding: chunked",
                    "",
                    "2",
                    "ab",
                    "1",
                    "c",
                    "0",
                    "",
                    "")),
            asked)) {
      assertEquals(3, line.ask("GET", "/api", new byte[0]));
      assertEquals(3, line.ask("POST", "/api", new byte[] {'{', '}'}));
    }
    assertTrue(asked.get().startsWith("GET /api HTTP/1.1\r\n"));
    assertTrue(asked.get().endsWith("Content-Length: 2\r\n\r\n{}"));
  }

  @Test
  void aRefusalIsNoAnswerToMeasure() throws Exception {
    try (ApiLine line =
        lineTo("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", new CompletableFuture<>())) {
      IOException e = assertThrows(IOException.class, () -> line.ask("GET", "/api", new byte[0]));
      assertEquals("GET /api answered 403", e.getMessage());
    }
  }

  @Test
  void eventsEndWhereTheirLineEndsWhereverAChunkDoes() throws Exception {
    try (ApiLine line =
        lineTo(
            String.join(
                "\r\n",
                List.of(
                    "HTTP/1.1 200 OK",
                    "transfer-encoding: chunked",
                    "",
                    "2",
                    "{}",
                    "1",
                    "\n",
                    "6",
                    "{}\n{}\n",
                    "")),
            new CompletableFuture<>())) {
      line.watch("/api?watch=true");
      line.event();
      line.event();
      line.event();
      assertThrows(EOFException.class, line::event);
    }
  }

  /// Nothing may happen for a long time: only the head is there.
  @Test
  void aWatchBeginsWithItsHead() throws Exception {
    try (ApiLine line =
        lineTo(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", new CompletableFuture<>())) {
      line.watch("/api?watch=true");
      assertThrows(EOFException.class, line::event);
    }
  }
}
