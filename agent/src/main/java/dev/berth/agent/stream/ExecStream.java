package dev.berth.agent.stream;

import dev.berth.agent.container.ContainerException;
import dev.berth.agent.container.ExecSession;
import dev.berth.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A command's input and output as records of a tunnel stream. Two platform threads for each
/// command, since both directions block in native code; the request's own thread only waits.
public final class ExecStream {
  private static final Logger log = LoggerFactory.getLogger(ExecStream.class);
  private static final int LARGEST_SIDE = 0xffff;

  /// Each takes two threads of the machine.
  static final int MOST_COMMANDS = 256;

  private static final Semaphore PLACES = new Semaphore(MOST_COMMANDS);

  /// As a shell tells of a command that is not there, and of one that does not run.
  private static final int NOT_FOUND = 127;

  private static final int NOT_RUN = 126;

  /// Begins the command; called once, on a platform thread.
  public interface Opening {
    ExecSession open();
  }

  private final String command;
  private final InputStream body;
  private final Route.Response response;
  private final Records records;

  private ExecStream(String command, InputStream body, Route.Response response) {
    this.command = command;
    this.body = body;
    this.response = response;
    this.records = new Records(response);
  }

  /// Serves until the command has ended or the client is gone; the last record is the Status.
  ///
  /// @param command its first word, for messages
  public static void serve(
      String command, Opening opening, InputStream body, Route.Response response)
      throws IOException, InterruptedException {
    ExecStream stream = new ExecStream(command, body, response);
    CompletableFuture<Optional<ObjectNode>> status = new CompletableFuture<>();
    if (!PLACES.tryAcquire()) {
      response.text(429, "there are " + MOST_COMMANDS + " commands on this node already\n");
      return;
    }
    try {
      Thread.ofPlatform().name("exec-output").daemon().start(() -> stream.run(opening, status));
      Optional<ObjectNode> last = status.get();
      if (last.isPresent()) {
        stream.records.write(Records.ERROR, Json.bytes(last.get()));
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      if (e.getCause() instanceof Error failed) {
        throw new IllegalStateException("this node cannot run a command now", failed);
      }
      throw new IOException("the command's output broke", e);
    } catch (OutOfMemoryError e) { // of threads
      throw new IllegalStateException("this node cannot run a command now", e);
    } finally {
      PLACES.release();
    }
  }

  private void run(Opening opening, CompletableFuture<Optional<ObjectNode>> status) {
    try (ExecSession session = opening.open()) {
      talk(session, status);
    } catch (ContainerException e) {
      refuse(e, status);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      status.completeExceptionally(e); // also where there are no more threads: somebody waits
    }
  }

  /// Nothing when the client was gone first. The answer is complete before what is left of the
  /// command has gone.
  private void talk(ExecSession session, CompletableFuture<Optional<ObjectNode>> status)
      throws IOException, InterruptedException {
    response.whenGone(session::hangUp); // its input may be blocked, and it may never say anything
    Thread input = Thread.ofPlatform().name("exec-input").daemon().start(() -> feed(session));
    try {
      response.head(200, Map.of());
      int code =
          session.pump(
              (error, bytes) -> records.write(error ? Records.STDERR : Records.STDOUT, bytes));
      status.complete(code < 0 ? Optional.empty() : Optional.of(status(code)));
    } finally {
      session.hangUp(); // whatever the input's thread waits for
      body.close();
      input.join();
    }
  }

  /// A command that is not there is told as a shell tells it; anything else is no command's fault.
  private void refuse(ContainerException e, CompletableFuture<Optional<ObjectNode>> status) {
    try {
      if (e.execErrno().isEmpty()) {
        response.text(500, String.valueOf(e.getMessage()));
        status.complete(Optional.empty());
        return;
      }
      String why =
          e.isAbsent() ? "no such command in the container" : String.valueOf(e.getMessage());
      String message = "cannot run " + command + ": " + why + "\n";
      response.head(200, Map.of());
      records.write(Records.STDERR, message.getBytes(StandardCharsets.UTF_8));
      status.complete(Optional.of(status(e.isAbsent() ? NOT_FOUND : NOT_RUN)));
    } catch (IOException gone) {
      status.completeExceptionally(gone);
    }
  }

  /// The end of the records is the end of the client.
  private void feed(ExecSession session) {
    try {
      Optional<Records.Piece> next = Records.read(body);
      while (next.isPresent()) {
        apply(session, next.get());
        next = Records.read(body);
      }
    } catch (IOException | RuntimeException e) {
      log.atDebug().setCause(e).log("the input of a command ended");
    }
    session.hangUp();
  }

  private static void apply(ExecSession session, Records.Piece r) {
    switch (r.channel()) {
      case Records.STDIN -> session.write(r.bytes());
      case Records.RESIZE -> size(r.bytes()).ifPresent(s -> session.resize(s.width(), s.height()));
      case Records.CLOSE -> {
        if (r.bytes().length > 0 && r.bytes()[0] == Records.STDIN) {
          session.endInput();
        }
      }
      default ->
          log.atDebug().addKeyValue("channel", r.channel()).log("a channel that is not ours");
    }
  }

  /// Of a terminal, in characters; both in 1 to 65535.
  record Size(int width, int height) {}

  /// Empty for one that is none.
  static Optional<Size> size(byte[] json) {
    try {
      JsonNode size = Json.parse(json);
      int width = size.path("Width").asInt(0);
      int height = size.path("Height").asInt(0);
      return width > 0 && height > 0 && width <= LARGEST_SIDE && height <= LARGEST_SIDE
          ? Optional.of(new Size(width, height))
          : Optional.empty();
    } catch (JacksonException | IllegalArgumentException e) {
      log.atDebug().setCause(e).log("a size that is none");
      return Optional.empty();
    }
  }

  /// What clients take the exit code from (client-go's remotecommand).
  static ObjectNode status(int code) {
    ObjectNode status = Json.object();
    status.putObject("metadata");
    if (code == 0) {
      return status.put("status", "Success");
    }
    status
        .put("status", "Failure")
        .put("message", "command terminated with non-zero exit code: " + code)
        .put("reason", "NonZeroExitCode");
    status
        .putObject("details")
        .putArray("causes")
        .addObject()
        .put("reason", "ExitCode")
        .put("message", Integer.toString(code));
    return status;
  }
}
