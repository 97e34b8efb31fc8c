package dev.berth.cli.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemsTest {
  @Test
  void aServerThatDoesNotAnswerIsAskedToBeStarted() {
    Failure failure =
        Problems.failure(
            new ApiException(
                new ApiError.ServiceUnavailable("cannot reach https://a: connection refused"),
                new ConnectException()));

    assertEquals(Exit.UNREACHABLE, failure.exit());
    assertEquals("cannot reach https://a: connection refused", failure.getMessage());
    assertEquals(List.of("is it up?   sudo berth up --detach"), failure.next());
  }

  @Test
  void theBerthOfThisDataDirectoryIsTheOneToStart(@TempDir Path dir) throws IOException {
    Path kubeconfig = dir.resolve("admin.kubeconfig");
    assertEquals(
        List.of("is it up?   sudo berth up --detach", "the address is that of " + kubeconfig),
        Server.whereToLook(kubeconfig));

    Files.createFile(dir.resolve("berth.log"));

    assertEquals(
        List.of(
            "is it up?   sudo berth up --detach --data-dir " + dir,
            "see what it says: " + dir.resolve("berth.log")),
        Server.whereToLook(kubeconfig));
  }

  @Test
  void aServerThatAnswers503SaysItself() {
    Failure failure =
        Problems.failure(
            new ApiException(new ApiError.ServiceUnavailable("node one is not connected")));

    assertEquals(Exit.FAILED, failure.exit());
    assertEquals("node one is not connected", failure.getMessage());
    assertFalse(String.join("", failure.next()).contains("berth up"));
  }
}
