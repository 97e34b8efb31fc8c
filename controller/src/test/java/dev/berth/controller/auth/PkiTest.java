package dev.berth.controller.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which certificates are kept and which are made anew.
class PkiTest {
  @TempDir Path directory;

  private Pki open() throws IOException {
    return Pki.open(directory, () -> Instant.parse("2026-01-01T00:00:00Z"), List.of("a"), "node");
  }

  @Test
  void whatIsWellIsKept() throws IOException {
    open();
    byte[] before = Files.readAllBytes(directory.resolve("server.crt"));
    open();
    assertArrayEquals(before, Files.readAllBytes(directory.resolve("server.crt")));
  }

  @Test
  void aCaThatWasMadeAnewSignsEverythingAnew() throws IOException {
    open();
    Files.delete(directory.resolve("ca.crt"));
    Files.delete(directory.resolve("ca.key"));
    Pki pki = open();
    var ca = pki.ca().certificate().getPublicKey();
    for (Credentials issued : List.of(pki.serving(), pki.admin(), pki.agent())) {
      assertDoesNotThrow(() -> issued.certificate().verify(ca));
    }
  }
}
