package dev.berth.cli.stream;

import dev.berth.client.ApiClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// Commands in a container whose output or input is a stream of ours.
record Remote(ApiClient client, PodOf target) {
  private static final int MOST_WORDS = 64 * 1024;

  /// How a command ended, and what it said on its error output.
  record Ended(int code, String words) {}

  interface Reading {
    void read(InputStream output) throws IOException;
  }

  interface Writing {
    void write(OutputStream input) throws IOException;
  }

  /// Runs it and hands over its output; returns when both are over.
  Ended read(List<String> command, Reading reading) throws IOException, InterruptedException {
    Pipe pipe = new Pipe();
    Words words = new Words();
    Channels channels = new Channels(print(pipe.writer()), print(words));
    channels.open(client, target.exec(command, false, false));
    AtomicReference<Outcome> outcome = new AtomicReference<>(new Outcome.None());
    Thread waiting =
        Thread.ofVirtual().name("command-end").start(() -> outcome.set(end(channels, pipe)));
    try {
      reading.read(pipe.reader());
      waiting.join();
      return outcome.get().ended(words.text());
    } finally {
      pipe.leave();
      channels.abort();
    }
  }

  /// Runs it, writes its input and ends that; returns when it has ended.
  Ended write(List<String> command, Writing writing) throws IOException, InterruptedException {
    Words words = new Words();
    Channels channels = new Channels(print(OutputStream.nullOutputStream()), print(words));
    channels.open(client, target.exec(command, true, false));
    try {
      writing.write(new Input(channels));
      channels.endInput();
    } catch (Input.NotHeard e) {
      // it has ended, and says why
    }
    try {
      return new Ended(channels.await(), words.text());
    } finally {
      channels.abort();
    }
  }

  private sealed interface Outcome {
    record None() implements Outcome {}

    record Code(int code) implements Outcome {}

    record Broken(RuntimeException why) implements Outcome {}

    default Ended ended(String words) {
      return switch (this) {
        case Code code -> new Ended(code.code(), words);
        case Broken broken -> throw broken.why();
        case None _ -> throw new IllegalStateException("it has not ended");
      };
    }
  }

  private static Outcome end(Channels channels, Pipe pipe) {
    try {
      return new Outcome.Code(channels.await());
    } catch (RuntimeException e) {
      return new Outcome.Broken(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.None();
    } finally {
      pipe.end();
    }
  }

  private static PrintStream print(OutputStream out) {
    return new PrintStream(out, false, StandardCharsets.UTF_8);
  }

  /// What goes to the command.
  private static final class Input extends OutputStream {
    /// The command hears nothing any more.
    static final class NotHeard extends IOException {
      private static final long serialVersionUID = 1;
    }

    private static final int PIECE = 16 * 1024;
    private final Channels channels;

    Input(Channels channels) {
      this.channels = channels;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      for (int at = from; at < from + length; at += PIECE) {
        int end = Math.min(from + length, at + PIECE);
        byte[] piece = java.util.Arrays.copyOfRange(bytes, at, end);
        if (!channels.input(piece, piece.length)) {
          throw new NotHeard();
        }
      }
    }
  }

  /// The beginning of what it says.
  private static final class Words extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      super.write(bytes, from, Math.min(length, MOST_WORDS - size()));
    }

    String text() {
      return toString(StandardCharsets.UTF_8);
    }
  }
}
