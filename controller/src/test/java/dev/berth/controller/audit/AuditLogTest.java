package dev.berth.controller.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonGenerator;

class AuditLogTest {
  @TempDir Path parent;

  private static void event(JsonGenerator json, String field) {
    json.writeStartObject();
    json.writeNumberProperty(field, 1);
    json.writeEndObject();
  }

  private List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void filesAreBoundedInSizeAndNumberAndWholeLines() throws Exception {
    Path directory = parent.resolve("audit");
    try (RotatingFile file = new RotatingFile(directory, 100, 3)) {
      for (int i = 0; i < 100; i++) {
        file.append(("{\"number\":" + i + "}\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    assertEquals(List.of("audit.log", "audit.log.1", "audit.log.2"), files(directory));
    int last = 99;
    for (String name : List.of("audit.log", "audit.log.1", "audit.log.2")) {
      Path file = directory.resolve(name);
      assertTrue(Files.size(file) < 120, name);
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      for (String line : Files.readAllLines(file).reversed()) {
        assertEquals(last--, Json.parseObject(line).path("number").asInt(-1));
      }
    }
  }

  @Test
  void aLaterStartGoesOnInTheSameFile() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (AuditLog log = new AuditLog(parent.resolve("audit"), 1_000, 2, 10)) {
        log.add(json -> event(json, "a"));
      }
    }
    assertEquals(
        List.of("{\"a\":1}", "{\"a\":1}"), Files.readAllLines(parent.resolve("audit/audit.log")));
  }

  @Test
  void whatWaitsAtTheEndIsWrittenOrCounted() throws Exception {
    AuditLog log = new AuditLog(parent.resolve("audit"), 1_000, 2, 2);
    for (int i = 0; i < 5; i++) {
      log.add(json -> event(json, "a"));
    }
    log.close();
    assertEquals(5, Files.readAllLines(parent.resolve("audit/audit.log")).size() + log.lost());
  }

  @Test
  void whatTheDiskRefusesIsCountedAndWhatComesLaterIsWritten() throws Exception {
    Path directory = Files.createFile(parent.resolve("audit"));
    CountDownLatch refused = new CountDownLatch(1);
    try (AuditLog log = new AuditLog(directory, 1_000, 2, 10)) {
      log.add(json -> event(json, "lost"));
      // A batch begins only when the one before it was given up.
      log.add(
          json -> {
            refused.countDown();
            event(json, "lost");
          });
      refused.await();
      while (log.lost() < 2) {
        Thread.onSpinWait();
      }
      Files.delete(directory);
      log.add(json -> event(json, "kept"));
    }
    assertEquals(List.of("{\"kept\":1}"), Files.readAllLines(directory.resolve("audit.log")));
  }

  @Test
  void aFullQueueLosesEventsAndHoldsNobody() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(1);
    try (AuditLog log = new AuditLog(parent.resolve("audit"), 10_000, 2, 10)) {
      log.add(
          json -> {
            taken.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            event(json, "a");
          });
      taken.await();
      for (int i = 0; i < 25; i++) {
        log.add(json -> event(json, "a"));
      }
      assertEquals(15, log.lost());
      go.countDown();
    }
  }
}
