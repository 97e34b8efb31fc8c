package dev.berth.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class WordsTest {

  @ParameterizedTest
  @CsvSource({
    "pods, Pod",
    "pod, Pod",
    "po, Pod",
    "Pod, Pod",
    "deploy.apps, Deployment",
    "deployments.v1.apps, Deployment",
    "mapp, ModelApp",
    "modelapps.berth.dev, ModelApp",
    "svc, Service",
    "ib, ImageBuild",
    "gitrepo, GitRepository",
    "pods.v1, Pod",
    "lease, Lease"
  })
  void kindsHaveManyNames(String word, String kind) {
    assertEquals(kind, Kinds.byName(word).orElseThrow().kind());
  }

  @Test
  void pathsFollowTheGroup() {
    assertEquals("/api/v1/namespaces/a/pods/b", Kinds.POD.objectPath("a", "b"));
    assertEquals("/api/v1/nodes/b", Kinds.NODE.objectPath("", "b"));
    assertEquals("/apis/apps/v1/deployments", Kinds.DEPLOYMENT.collectionPath(null));
    assertTrue(Kinds.byName("pods.apps").isEmpty());
  }

  @ParameterizedTest(name = "{0} in a=1,b=2: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1 | true", "a==1 | true", "a=2 | false", "a!=1 | false", "c!=1 | true",
            "a in (1,2) | true", "a notin (1,2) | false",
        "c notin (1) | true", "a | true", "c | false", "!c | true", "!a | false",
            "a=1,b=2,!c | true", "a = 1 , b in ( 2 , 3 ) | true",
        "a= | false", "x.y/z!=1 | true", "app in () | false"
      })
  void labelSelectorsMatch(String selector, boolean matches) {
    LabelSelector parsed = LabelSelector.parse(selector);
    assertEquals(matches, parsed.matches(Map.of("a", "1", "b", "2")));
    assertEquals(parsed, LabelSelector.parse(parsed.toString()), "text and back");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a=1,,b=2", "a in 1", "a in (1", "=1", "a=b=c", "-a=1", "a=-", "a b", "!", "(a)"})
  void wrongLabelSelectorsAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> LabelSelector.parse(text), text);
  }

  @Test
  void absentSelectorSelectsNothingAndEmptyEverything() {
    ObjectNode object =
        Json.parseObject(
            "{\"empty\":{},\"some\":{\"matchLabels\":{\"a\":\"1\"},\"matchExpressions\":[{\"key\":\"b\",\"operator\":\"Exists\"}]}}");
    assertFalse(LabelSelector.of(object.path("absent")).matches(Map.of()));
    assertTrue(LabelSelector.of(object.path("empty")).matches(Map.of()));
    assertTrue(LabelSelector.of(object.path("some")).matches(Map.of("a", "1", "b", "")));
    assertEquals("a=1,b", LabelSelector.of(object.path("some")).toString());
  }

  @Test
  void fieldSelectorsMatchAndRoundTrip() {
    ObjectNode pod =
        Json.parseObject("{\"spec\":{\"nodeName\":\"a\"},\"status\":{\"phase\":\"Running\"}}");
    assertTrue(FieldSelector.parse("spec.nodeName=a,status.phase!=Failed").matches(pod));
    assertTrue(FieldSelector.parse("spec.other=").matches(pod));
    assertFalse(FieldSelector.parse("spec.nodeName==b").matches(pod));
    FieldSelector odd = FieldSelector.equal("metadata.name", "a,b=c\\d");
    assertEquals(odd, FieldSelector.parse(odd.toString()));
    assertThrows(IllegalArgumentException.class, () -> FieldSelector.parse("spec.nodeName"));
  }

  @ParameterizedTest(name = "{0}: host {1}, repository {2}, tag {3}")
  @CsvSource({
    "debian, '', debian, ''", "debian:bookworm-slim, '', debian, bookworm-slim",
        "library/debian, '', library/debian, ''",
    "docker.io/library/debian:1, docker.io, library/debian, 1",
        "localhost:5000/a/b, localhost:5000, a/b, ''", "localhost/a, localhost, a, ''",
    "registry.local:443/x:y, registry.local:443, x, y",
        "default/digits-model:1, '', default/digits-model, 1", "a__b--c.d, '', a__b--c.d, ''"
  })
  void imageReferencesAreTakenApart(String text, String host, String repository, String tag) {
    ImageRef ref = ImageRef.parse(text);
    assertEquals(host, ref.host().orElse(""));
    assertEquals(repository, ref.repository());
    assertEquals(tag, ref.tag().orElse(""));
    assertEquals(text, ref.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":1",
        "a:",
        "UPPER",
        "a/UPPER",
        "a//b",
        "/a",
        "a/",
        "a@sha256:123",
        "a b",
        "a:tag with space",
        "../a",
        "a/../b",
        "-a",
        "a_",
        "http://a/b"
      })
  void wrongImageReferencesAreRefused(String text) {
    assertTrue(ImageRef.tryParse(text).isEmpty(), text);
  }

  @Test
  void pinnedReferenceAsksForItsDigest() {
    Digest digest = Digest.sha256(new byte[0]);
    ImageRef pinned = ImageRef.parse("a:1@" + digest);
    assertEquals("a:1@" + digest, pinned.toString());
    assertEquals(digest.toString(), pinned.reference());
  }

  @Test
  void streamOfOtherBytesFailsAtItsEnd() throws IOException {
    byte[] bytes = new byte[100_000];
    Digest digest = Digest.sha256(bytes);
    assertEquals(
        bytes.length, digest.verifying(new ByteArrayInputStream(bytes)).readAllBytes().length);
    bytes[99_999] = 1;
    assertThrows(
        IOException.class, () -> digest.verifying(new ByteArrayInputStream(bytes)).readAllBytes());
  }

  @Test
  void networksContainAndDivide() {
    Cidr pods = Cidr.parse("10.244.0.0/16");
    assertTrue(pods.contains("10.244.255.1"));
    assertFalse(pods.contains("10.245.0.1"));
    assertEquals("10.244.3.0/24", pods.subnet(24, 3).toString());
    assertEquals("10.244.3.1", pods.subnet(24, 3).nth(1));
    assertTrue(pods.overlaps(Cidr.parse("10.0.0.0/8")));
    assertFalse(pods.overlaps(Cidr.parse("10.96.0.0/16")));
    assertEquals("0.0.0.0/0", Cidr.parse("1.2.3.4/0").toString());
    assertEquals(OptionalLong.empty(), Cidr.address("1.2.3.256"));
    assertThrows(IllegalArgumentException.class, () -> Cidr.parse("10.0.0.0/33"));
    assertEquals("255.255.255.255", Cidr.parse("255.255.255.0/24").nth(255));
  }

  @Test
  void everyReasonSurvivesTheWire() {
    List<ApiError> errors =
        List.of(
            new ApiError.BadRequest("m"),
            new ApiError.Unauthorized("m"),
            new ApiError.Forbidden("m"),
            ApiError.notFound(Kinds.DEPLOYMENT, "x"),
            new ApiError.MethodNotAllowed("m"),
            new ApiError.NotAcceptable("m"),
            ApiError.alreadyExists(Kinds.POD, "x"),
            new ApiError.Conflict("m", List.of(new ApiError.Cause("a.b", "R", "m"))),
            new ApiError.Expired("m", Optional.of("token")),
            new ApiError.TooLarge("m"),
            new ApiError.UnsupportedMediaType("m"),
            ApiError.Invalid.of(
                "Pod", "x", List.of(new ApiError.Cause("spec.a", "FieldValueInvalid", "m"))),
            new ApiError.TooManyRequests("m", 7),
            new ApiError.InternalError("m"),
            new ApiError.ServiceUnavailable("m"),
            ApiError.Timeout.resourceVersionTooLarge(5, 3),
            new ApiError.InsufficientStorage("m"));
    for (ApiError error : errors) {
      assertEquals(error, ApiError.fromStatus(200, Json.parse(Json.bytes(error.toStatus()))));
      assertEquals(error.code(), ApiError.reasons().get(error.reason()));
    }
    assertEquals(ApiError.reasons().size(), errors.size());
  }

  @Test
  void conditionKeepsItsTransitionTimeWhileItsStatusStays() {
    ObjectNode object = Json.object();
    Instant first = Instant.parse("2026-01-01T00:00:00Z");
    Instant later = first.plusSeconds(60);
    assertTrue(Conditions.set(object, new Condition("Ready", "False", "A", "a", first, 1)));
    assertFalse(Conditions.set(object, new Condition("Ready", "False", "A", "a", later, 1)));
    assertTrue(Conditions.set(object, new Condition("Ready", "False", "B", "b", later, 2)));
    assertEquals(first, Conditions.find(object, "Ready").orElseThrow().lastTransitionTime());
    assertTrue(Conditions.set(object, new Condition("Ready", "True", "C", "c", later, 2)));
    assertEquals(later, Conditions.find(object, "Ready").orElseThrow().lastTransitionTime());
    ObjectNode parsed = Json.parseObject(Json.bytes(object));
    assertEquals(parsed, object, "a tree that was written equals one that was read");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "119, 119s",
    "120, 2m",
    "125, 2m5s",
    "600, 10m",
    "3600, 60m",
    "10800, 3h",
    "12000, 3h20m",
    "28800, 8h",
    "172800, 2d",
    "180000, 2d2h",
    "691200, 8d",
    "63072000, 2y",
    "-5, <invalid>"
  })
  void agesReadAsInKubectl(long seconds, String text) {
    assertEquals(text, Times.age(Duration.ofSeconds(seconds)));
  }

  @Test
  void jsonIsLimited() {
    assertThrows(RuntimeException.class, () -> Json.parse("[".repeat(200) + "]".repeat(200)));
    assertThrows(RuntimeException.class, () -> Json.parse("{\"a\":1,\"a\":2}"));
    assertThrows(RuntimeException.class, () -> Json.parse("{\"a\":1e999}"));
    assertThrows(RuntimeException.class, () -> Json.parse("{\"a\":NaN}"));
    assertThrows(RuntimeException.class, () -> Json.parse("{} {}"));
  }

  @Test
  void canonicalBytesDoNotDependOnTheOrderOfFields() {
    assertEquals(
        new String(
            Json.canonical(Json.parse("{\"b\":{\"y\":1,\"x\":2},\"a\":[]}")),
            java.nio.charset.StandardCharsets.UTF_8),
        "{\"a\":[],\"b\":{\"x\":2,\"y\":1}}");
  }

  @Test
  void microTimesHaveSixDigits() {
    assertEquals(
        "2026-01-01T00:00:00.000000Z", Times.formatMicro(Instant.parse("2026-01-01T00:00:00Z")));
    assertEquals(
        "2026-01-01T00:00:00.120000Z", Times.formatMicro(Instant.parse("2026-01-01T00:00:00.12Z")));
  }
}
