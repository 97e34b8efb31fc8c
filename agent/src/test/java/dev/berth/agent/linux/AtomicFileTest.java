package dev.berth.agent.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  private static final int WRITERS = 4;
  private static final int WRITES = 100;
  @TempDir Path temp;

  /// As two builds with the same layer do.
  @Test
  void writersOfTheSameFileDoNotTakeItFromEachOther() throws Exception {
    Path file = temp.resolve("layer.json");
    byte[] bytes = "{\"digest\": 1}".getBytes(StandardCharsets.UTF_8);
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        writers.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < WRITES; n++) {
                    AtomicFile.write(file, bytes);
                  }
                  return null;
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    assertEquals("{\"digest\": 1}", Files.readString(file));
    try (Stream<Path> left = Files.list(temp)) {
      assertEquals(List.of(file), left.toList());
    }
  }
}
