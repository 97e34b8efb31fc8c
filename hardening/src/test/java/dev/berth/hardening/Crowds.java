package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A server with a crowd before its door: what it costs, and whether others are served.
///
/// @param pid of the server, which has to stay the same
record Crowds(Lab lab, RawApi api, long pid) {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String JSON = "application/json";

  /// Heap (384 MiB), as much again for what is on its way out, and the JVM itself.
  private static final long MOST_KILOBYTES = 900 << 10;

  /// Nearly the largest object that there may be.
  private static final String LARGE = "x".repeat(1_000_000);

  static Crowds before(Lab lab, RawApi api) throws IOException {
    return new Crowds(lab, api, lab.host().berthPid());
  }

  /// Those of a crowd who behave alike.
  record Members(BufferedReader says, BufferedWriter asks) {
    /// How many the server has not sent away.
    long connected() throws IOException {
      asks.write("\n");
      asks.flush();
      return Long.parseLong(says.readLine());
    }
  }

  /// Returns when all are in; they stay until the host is closed.
  Members gather(Crowd.Habit habit, int size) throws IOException {
    Path kubeconfig = lab.host().dataDir().resolve("admin.kubeconfig");
    Process crowd =
        lab.host()
            .startJava(Crowd.class, kubeconfig.toString(), habit.name(), Integer.toString(size));
    assertEquals("open", crowd.inputReader().readLine(), habit + " did not all get in");
    return new Members(crowd.inputReader(), crowd.outputWriter());
  }

  /// Others write large objects, read them back and list them.
  void serveOthers(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      String name = "large-" + i;
      String body =
          "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\""
              + name
              + "\"},\"data\":{\"a\":\""
              + LARGE
              + "\"}}";
      assertCode(201, RawApi.Request.of("POST", MAPS, JSON, body));
      assertCode(200, RawApi.Request.of("GET", MAPS + "/" + name, JSON, ""));
      assertCode(200, RawApi.Request.of("GET", MAPS + "?limit=1", JSON, ""));
    }
  }

  private void assertCode(int code, RawApi.Request request) throws IOException {
    RawApi.Answer answer = api.send(request);
    assertEquals(code, answer.code(), answer.head());
  }

  /// Prints the figure, and holds the server to its bound.
  void report(String crowd) throws IOException {
    long now = residentKilobytes();
    System.err.println("crowd: " + crowd + ": " + now + " KiB resident");
    assertEquals(pid, lab.host().berthPid());
    assertTrue(now < MOST_KILOBYTES, now + " KiB");
  }

  private long residentKilobytes() throws IOException {
    return Files.readString(Path.of("/proc", Long.toString(pid), "status"))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }
}
