package dev.berth.e2e.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Released programs cannot tell: each goes through what its users type, in a namespace of its own,
/// the versions side by side. What the page says passes has to pass; what passes beyond it is
/// printed.
abstract class ClientsIT {
  static final Path PAGE = Path.of("..", "docs", "kubectl.md");

  private final String program;
  private final Set<String> sample;
  private final List<Command> commands;
  private List<Session> sessions = List.of();
  private @Nullable TestHost started;

  /// @param sample the versions that go through it in the ordinary run
  ClientsIT(String program, Set<String> sample, List<Command> commands) {
    this.program = program;
    this.sample = sample;
    this.commands = commands;
  }

  @AfterEach
  void stopBerth() throws IOException, InterruptedException {
    if (started != null) {
      started.close();
    }
  }

  /// What the ordinary run asks of the program.
  final void judgeSample() throws Exception {
    judge(clients().stream().filter(client -> sample.contains(client.version())).toList());
  }

  /// `mvn verify -Plong -pl e2e -am -Dtest='*IT' -Dberth.clients.dir=DIR`; with `-Dgolden=write`
  /// the page is made anew.
  @Test
  @Tag("long")
  void everyVersionDoesWhatThePageSays() throws Exception {
    Matrix found = judge(clients());
    if ("write".equals(System.getProperty("golden"))) {
      ClientsPage.write(PAGE, program, found);
    }
  }

  private List<Client> clients() throws IOException {
    List<Client> found =
        Client.found().stream().filter(client -> client.program().equals(program)).toList();
    if (found.isEmpty()) {
      System.err.println(
          "SKIPPED: no released "
              + program
              + " to try; .ci/run fetches them, or name their folder with -D"
              + Client.DIRECTORY);
    }
    Assumptions.assumeFalse(found.isEmpty(), "no released " + program);
    return found;
  }

  private Matrix judge(List<Client> clients) throws Exception {
    TestHost host = TestHost.create(program);
    started = host;
    host.up().ok();
    host.buildBox("box:1");
    host.buildShell("shell:1");
    sessions = clients.stream().map(client -> new Session(host, client)).toList();
    for (Client client : clients) {
      Fixture.prepare(host, client);
    }
    for (Client client : clients) {
      TestHost.waitUntil(client.namespace() + " is prepared", () -> isPrepared(host, client));
    }
    sideBySide();
    oneAfterTheOther();
    Matrix found = Matrix.of(sessions);
    Matrix page = Matrix.read(PAGE, program);
    System.err.println(program + ": " + found.table(program));
    if (!"write".equals(System.getProperty("golden"))) {
      found.gainedSince(page).forEach(line -> System.err.println("NOT YET ON THE PAGE: " + line));
      assertEquals(List.of(), found.lostSince(page));
    }
    return found;
  }

  /// Every pod of the fixture is ready: a command is not to be the first that waits for one.
  private static boolean isPrepared(TestHost host, Client client) {
    try {
      TestHost.Ran ran = host.berth("get", "pods", "-n", client.namespace(), "-o", "json");
      if (ran.code() != 0) {
        return false;
      }
      JsonNode pods = Json.parse(ran.out().getBytes(StandardCharsets.UTF_8)).path("items");
      return pods.size() == Fixture.PODS && pods.valueStream().allMatch(ClientsIT::isReady);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isReady(JsonNode pod) {
    return pod.at("/status/conditions")
        .valueStream()
        .anyMatch(c -> c.path("type").asString("").equals("Ready") && isTrue(c));
  }

  private static boolean isTrue(JsonNode condition) {
    return condition.path("status").asString("").equals("True");
  }

  private void sideBySide() throws InterruptedException, ExecutionException {
    try (ExecutorService pool = Executors.newFixedThreadPool(sessions.size())) {
      List<Future<?>> running = new ArrayList<>();
      for (Session session : sessions) {
        running.add(
            pool.submit(
                () -> {
                  for (Command command : commands) {
                    if (!command.alone()) {
                      session.run(command);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  private void oneAfterTheOther() throws IOException, InterruptedException {
    for (Session session : sessions) {
      for (Command command : commands) {
        if (command.alone()) {
          session.run(command);
        }
      }
    }
  }
}
