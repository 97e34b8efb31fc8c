package dev.berth.agent.stream;

import dev.berth.agent.container.ContainerInput;
import dev.berth.agent.logs.LogReader;
import dev.berth.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running container's output from now on, and what somebody types into it, as records.
///
/// The output is read where the container's keeper writes it, so any number may attach, and what
/// they do not take slows nobody; a container that is talked to is logged in the pieces in which it
/// writes, so that a prompt comes at once. What is typed goes to the container itself, on a
/// platform thread of its own that waits while it does not read; the container outlives who types.
public final class AttachStream {
  private static final Logger log = LoggerFactory.getLogger(AttachStream.class);

  private final Opening opening;
  private final boolean types;
  private final InputStream body;
  private final Route.Response response;
  private final Records records;
  private final CompletableFuture<Optional<ContainerInput>> opened = new CompletableFuture<>();
  private final AtomicBoolean gone = new AtomicBoolean();

  private AttachStream(Opening opening, boolean types, InputStream body, Route.Response response) {
    this.opening = opening;
    this.types = types;
    this.body = body;
    this.response = response;
    this.records = new Records(response);
  }

  /// Hands output to a sink until the container has ended or the sink refuses.
  public interface Follower {
    void follow(LogReader.Sink sink) throws IOException, InterruptedException;
  }

  /// The container's input, if it has one; called once, on a platform thread.
  public interface Opening {
    Optional<ContainerInput> open();
  }

  /// Serves until the container has ended or the client is gone; the last record is the Status.
  ///
  /// @param types whether the client's input is for the container
  public static void serve(
      Follower follower, Opening opening, boolean types, InputStream body, Route.Response response)
      throws IOException, InterruptedException {
    new AttachStream(opening, types, body, response).serve(follower);
  }

  private void serve(Follower follower) throws IOException, InterruptedException {
    Thread input = Thread.ofPlatform().name("attach-input").daemon().unstarted(this::talk);
    response.whenGone(this::gone);
    try {
      follower.follow(new Output(input));
      if (!gone.get()) {
        records.write(Records.ERROR, Json.bytes(ExecStream.status(0)));
      }
    } finally {
      body.close();
      if (input.getState() != Thread.State.NEW) {
        opened.join().ifPresent(ContainerInput::hangUp);
        input.join();
        opened.join().ifPresent(ContainerInput::close);
      }
    }
  }

  /// Also while the container does not take what was typed.
  private void gone() {
    gone.set(true);
    var _ = opened.thenAccept(in -> in.ifPresent(ContainerInput::hangUp));
  }

  /// Nothing is typed before it is sure that the answer will be seen.
  private final class Output implements LogReader.Sink {
    private final Thread input;

    Output(Thread input) {
      this.input = input;
    }

    @Override
    public void follows() {
      input.start();
    }

    @Override
    public boolean write(byte[] bytes) throws IOException {
      return write("stdout", bytes);
    }

    @Override
    public boolean write(String stream, byte[] bytes) throws IOException {
      int channel = stream.equals("stderr") ? Records.STDERR : Records.STDOUT;
      return !gone.get() && (bytes.length == 0 || records.write(channel, bytes));
    }
  }

  /// Until the records end: that is the end of the client.
  private void talk() {
    try {
      Optional<ContainerInput> input = open();
      Optional<Records.Piece> next = Records.read(body);
      while (next.isPresent()) {
        Records.Piece piece = next.get();
        input.ifPresent(in -> apply(in, piece));
        next = Records.read(body);
      }
    } catch (IOException | RuntimeException e) {
      log.atDebug().setCause(e).log("the input of a container ended");
    }
    gone.set(true);
  }

  /// Whoever waits for it hears of it in any case.
  private Optional<ContainerInput> open() {
    try {
      opened.complete(opening.open());
    } finally {
      opened.complete(Optional.empty());
    }
    return opened.join();
  }

  private void apply(ContainerInput in, Records.Piece piece) {
    switch (piece.channel()) {
      case Records.STDIN -> {
        if (types) {
          in.write(piece.bytes());
        }
      }
      case Records.RESIZE ->
          ExecStream.size(piece.bytes()).ifPresent(s -> in.resize(s.width(), s.height()));
      case Records.CLOSE -> {
        if (types && piece.bytes().length > 0 && piece.bytes()[0] == Records.STDIN) {
          in.end();
        }
      }
      default ->
          log.atDebug().addKeyValue("channel", piece.channel()).log("a channel that is not ours");
    }
  }
}
