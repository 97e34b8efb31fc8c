package dev.berth.gitops.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URISyntaxException;
import java.util.Optional;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.transport.URIish;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:44031/none.git",
        "https://git.example.com/authentication/not-permitted.git"
      })
  void theUrlIsNoReason(String text) throws URISyntaxException, SourceException {
    GitUrl url = GitUrl.parse(text, Optional.empty());
    URIish uri = new URIish(text);
    assertEquals(
        SourceException.UNREACHABLE,
        Failures.of(url, new NoRemoteRepositoryException(uri, text + "/info/refs not found"))
            .reason());
    assertEquals(
        SourceException.AUTH_FAILED,
        Failures.of(url, new TransportException(uri, "403 Forbidden")).reason());
  }
}
