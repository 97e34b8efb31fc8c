package dev.berth.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiException;
import dev.berth.dashboard.files.ContentPolicy;
import dev.berth.dashboard.port.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StaticFilesTest {
  private final Stage stage = new Stage();

  private Answer get(String path) {
    return stage.ask(FakeRequest.get(path));
  }

  @Test
  void anybodyGetsTheStartPageWithAPolicyThatRunsOnlyOwnFiles() {
    Answer page = get("/ui/");
    assertEquals(200, page.status());
    assertEquals("text/html; charset=utf-8", page.headers().get("Content-Type"));
    assertEquals("no-cache", page.headers().get("Cache-Control"));
    String policy = String.valueOf(page.headers().get("Content-Security-Policy"));
    assertTrue(policy.startsWith("default-src 'none'; script-src 'self'"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertTrue(policy.contains("require-trusted-types-for 'script'"), policy);
  }

  @Test
  void theStartPageHasNoInlineScriptBesideItsImportMap() {
    String page = new String(get("/ui/").body(), StandardCharsets.UTF_8);
    String rest = page.replaceAll("(?s)<script type=\"importmap\">.*?</script>", "");
    assertFalse(rest.matches("(?s).*<script(?![^>]*\\ssrc=).*"), rest);
    assertFalse(rest.matches("(?si).*<[^>]+\\s(on[a-z]+|style)=.*"), rest);
  }

  /// The digest is of the very bytes between the tags (checked with openssl dgst -sha256).
  @Test
  void theImportMapIsAllowedByItsDigest() {
    String page = "<script type=\"importmap\">{\"imports\":{}}</script>";
    String policy = String.valueOf(ContentPolicy.headers(page).get("Content-Security-Policy"));
    assertTrue(
        policy.contains("script-src 'self' 'sha256-URrTy+Il/Nz0lHojVUx275hWqAWhkSF0VsHbUM4/6Hw=';"),
        policy);
  }

  @Test
  void theRootWithoutSlashLeadsToTheRoot() {
    Answer answer = get("/ui");
    assertEquals(308, answer.status());
    assertEquals("/ui/", answer.headers().get("Location"));
  }

  @Test
  void whatTheBrowserHasIsNotSentAgain() {
    String tag = String.valueOf(get("/ui/").headers().get("ETag"));
    Answer again = stage.ask(FakeRequest.get("/ui/").with("If-None-Match", "\"x\", " + tag));
    assertEquals(304, again.status());
    assertEquals(0, again.body().length);
    assertEquals(tag, again.headers().get("ETag"));
  }

  @Test
  void aLibraryIsCompressedAndKeptForever() throws IOException {
    String path = "/ui/webjars/uplot/1.6.30/dist/uPlot.esm.js";
    Answer plain = get(path);
    Answer small = stage.ask(FakeRequest.get(path).with("Accept-Encoding", "br, gzip;q=0.5"));
    assertEquals("text/javascript; charset=utf-8", plain.headers().get("Content-Type"));
    assertEquals("public, max-age=31536000, immutable", plain.headers().get("Cache-Control"));
    assertEquals("gzip", small.headers().get("Content-Encoding"));
    assertTrue(small.body().length < plain.body().length / 2);
    byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(small.body())).readAllBytes();
    assertEquals(plain.body().length, unpacked.length);
  }

  @Test
  void whoRefusesGzipGetsPlainBytes() {
    Answer answer =
        stage.ask(
            FakeRequest.get("/ui/webjars/uplot/1.6.30/dist/uPlot.esm.js")
                .with("Accept-Encoding", "gzip;q=0"));
    assertFalse(answer.headers().containsKey("Content-Encoding"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/nothing.js",
        "/ui/..%2f..%2fapi/Json.class",
        "/ui/../../api/Json.class",
        "/ui/./index.html",
        "/ui//index.html",
        "/ui/.git/config",
        "/ui/Dashboard.class",
        "/ui/webjars/uplot/1.6.30/package.json",
        "/ui/webjars/../../dev/berth/dashboard/Dashboard.class",
        "/ui/webjars",
        "/ui/a\u0000.js",
        "/ui/css",
      })
  void whatIsNoFileOfThePagesIsNotFound(String path) {
    assertEquals(404, get(path).status());
  }

  @Test
  void filesAreOnlyRead() {
    assertThrows(ApiException.class, () -> stage.ask(FakeRequest.of("POST", "/ui/")));
    assertEquals(200, stage.ask(FakeRequest.of("HEAD", "/ui/")).status());
  }
}
