package dev.berth.cli.stream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The terminal at our standard input, by `stty` (POSIX), since a JVM has no word for it: every key
/// goes to the container as it is, and the size is told when it changes.
final class Tty implements AutoCloseable {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,5}) ([0-9]{1,5})");
  private static final long LOOK_MILLIS = 500;

  private final String before;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread restorer = Thread.ofPlatform().unstarted(this::restore);

  private Tty(String before) {
    this.before = before;
  }

  /// Empty where the input is no terminal.
  static Optional<Tty> raw() throws IOException, InterruptedException {
    Optional<String> before = stty("-g");
    if (before.isEmpty()) {
      return Optional.empty();
    }
    Tty tty = new Tty(before.get());
    Runtime.getRuntime().addShutdownHook(tty.restorer);
    stty("raw", "-echo");
    return Optional.of(tty);
  }

  /// Tells width and height now and after each change, until it is closed.
  void watch(BiConsumer<Integer, Integer> sizes) {
    Thread.ofVirtual().name("tty-size").start(() -> look(sizes));
  }

  private void look(BiConsumer<Integer, Integer> sizes) {
    String last = "";
    try {
      do {
        String now = stty("size").orElse("");
        Matcher size = SIZE.matcher(now);
        if (!now.equals(last) && size.matches()) {
          sizes.accept(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1)));
        }
        last = now;
      } while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (IOException e) {
      return; // a terminal without a size
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<String> stty(String... words) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("stty"));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    return process.waitFor() == 0 ? Optional.of(said) : Optional.empty();
  }

  private void restore() {
    try {
      stty(before);
    } catch (IOException e) {
      return; // the terminal has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    restore();
    Runtime.getRuntime().removeShutdownHook(restorer);
  }
}
