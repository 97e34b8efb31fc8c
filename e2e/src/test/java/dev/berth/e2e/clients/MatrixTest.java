package dev.berth.e2e.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatrixTest {
  @TempDir Path dir;

  private static Matrix of(String get, String exec) {
    return new Matrix(
        Map.of("get pods", Map.of("1.36", get, "1.20", "-"), "exec", Map.of("1.36", exec)));
  }

  private Matrix page(Matrix matrix) throws IOException {
    return Matrix.read(
        Files.writeString(dir.resolve("page.md"), "# Page\n\n" + matrix.table("kubectl")),
        "kubectl");
  }

  @Test
  void aPageSaysWhatPassedWhenItWasMade() throws IOException {
    assertEquals(
        List.of("get pods with 1.36: 404"),
        of("404", "passes").lostSince(page(of("passes", "no streams"))));
  }

  @Test
  void whatIsNewIsNamed() throws IOException {
    assertEquals(
        List.of("exec with 1.36"), of("passes", "passes").gainedSince(page(of("passes", "404"))));
  }

  @Test
  void withoutAPageNothingIsLost() throws IOException {
    Matrix none = Matrix.read(dir.resolve("none.md"), "kubectl");
    assertEquals(List.of(), of("404", "404").lostSince(none));
  }
}
