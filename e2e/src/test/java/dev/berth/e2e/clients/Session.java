package dev.berth.e2e.clients;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One client at one host, and what came of its commands. Used by one thread at a time.
final class Session {
  /// So that a run ends, however slow the machine.
  private static final Duration SHOWN_WITHIN = Duration.ofMinutes(2);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final TestHost host;
  private final Client client;
  private final Map<String, Verdict> verdicts = new LinkedHashMap<>();

  Session(TestHost host, Client client) {
    this.host = host;
    this.client = client;
  }

  Client client() {
    return client;
  }

  Map<String, Verdict> verdicts() {
    return verdicts;
  }

  void run(Command command) throws IOException, InterruptedException {
    verdicts.put(command.name(), command.isIn(client) ? judged(command) : new Verdict.Lacks());
  }

  private Verdict judged(Command command) throws IOException, InterruptedException {
    Command own = withShows(command);
    for (String step : own.steps().subList(0, own.steps().size() - 1)) {
      TestHost.Ran ran = client.run(host, words(step));
      if (ran.code() != 0) {
        return Verdict.failed(ran);
      }
    }
    List<String> last = words(own.steps().getLast());
    return own.way() == Command.Way.ENDS
        ? Verdict.of(own, client.run(host, last, own.typed()))
        : following(own, last);
  }

  private Command withShows(Command command) {
    Pattern shows = Pattern.compile(filled(command.shows().pattern()), command.shows().flags());
    return new Command(
        command.name(),
        command.since(),
        command.steps(),
        command.code(),
        shows,
        command.way(),
        command.typed(),
        command.alone());
  }

  private Verdict following(Command command, List<String> words)
      throws IOException, InterruptedException {
    Path out = host.dir().resolve(client.namespace() + ".followed");
    Process process = client.start(host, out, words, command.typed());
    try {
      Matcher shown = awaitShown(command, process, out);
      if (shown == null) {
        explain(command, words, text(out));
        return Verdict.failed(
            new TestHost.Ran(process.isAlive() ? 124 : process.exitValue(), "", text(out)));
      }
      return command.way() == Command.Way.FORWARDS ? page(shown.group(1)) : new Verdict.Passes();
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  /// A verdict has one line: here is all that the program printed, and what it was attached to.
  private void explain(Command command, List<String> words, String printed)
      throws IOException, InterruptedException {
    System.err.println(client.namespace() + " " + command.name() + " printed\n" + plain(printed));
    if (words.getFirst().equals("attach")) {
      List<String> logs = new ArrayList<>(words);
      logs.set(0, "logs");
      logs.removeIf(word -> word.equals("-i") || word.equals("-it"));
      System.err.println(String.join(" ", logs) + "\n" + plain(client.run(host, logs).toString()));
    }
  }

  /// With control characters as terminals show them.
  private static String plain(String text) {
    return text.chars()
        .mapToObj(c -> c < ' ' && c != '\n' ? "^" + (char) (c + '@') : Character.toString(c))
        .collect(Collectors.joining());
  }

  private @org.jspecify.annotations.Nullable Matcher awaitShown(
      Command command, Process process, Path out) throws IOException {
    long end = System.nanoTime() + SHOWN_WITHIN.toNanos();
    do {
      boolean ended = !process.isAlive();
      Matcher shown = command.shows().matcher(text(out));
      if (shown.find()) {
        return shown;
      }
      if (ended) {
        return null;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    } while (System.nanoTime() < end);
    return null;
  }

  private Verdict page(String port) throws IOException, InterruptedException {
    TestHost.Ran page = host.fetch("127.0.0.1", Integer.parseInt(port), "x", "/");
    // The app behind a forwarded port, or the API's own list of what it has.
    return page.out().contains("<h1>box</h1>") || page.out().contains("\"/apis\"")
        ? new Verdict.Passes()
        : new Verdict.No("the forwarded port answers nothing");
  }

  private static String text(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private List<String> words(String step) {
    List<String> words = new ArrayList<>();
    for (String word : step.split(" +", -1)) {
      words.add(filled(word).replace('~', ' '));
    }
    return words;
  }

  private String filled(String text) {
    return text.replace("NODE", host.nodeName())
        .replace("DIR", client.namespace())
        .replace("NS", client.namespace());
  }
}
