package dev.berth.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ApiClientTest {
  private FakeApi api;
  private ApiClient client;
  private final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();

  ApiClientTest() throws IOException {
    api = new FakeApi(0);
    client = api.client();
  }

  @BeforeEach
  void oneObject() {
    api.put("a", 5, "1");
  }

  @AfterEach
  void close() {
    client.close();
    api.close();
  }

  private Watch watch() {
    return client.watch(Kinds.CONFIG_MAP, "ns", WatchOptions.from("5"), events::add);
  }

  @Test
  void answersAreTreesAndErrorsAreTheServersOwn() {
    assertEquals(
        "1", Json.text(client.get(Kinds.CONFIG_MAP, new ObjectKey("ns", "a")), "data", "v"));
    assertTrue(client.find(Kinds.CONFIG_MAP, new ObjectKey("ns", "b")).isEmpty());
    ApiException e =
        assertThrows(
            ApiException.class, () -> client.get(Kinds.CONFIG_MAP, new ObjectKey("ns", "b")));
    assertEquals("configmaps \"b\" not found", e.getMessage());
  }

  @Test
  void listItemsKnowTheirKind() {
    ListResult result = client.list(Kinds.CONFIG_MAP, "ns", ListOptions.ALL);
    assertEquals("5", result.resourceVersion());
    assertEquals("ConfigMap", Json.text(result.items().getFirst(), "kind"));
  }

  @Test
  void selectorsAreEncoded() {
    ListOptions options =
        ListOptions.selecting(
            LabelSelector.parse("a in (x,y),!b"), FieldSelector.parse("metadata.name!=c d"));
    client.list(Kinds.CONFIG_MAP, null, options);
    assertEquals(
        List.of(
            "GET /api/v1/configmaps?labelSelector=a+in+%28x%2Cy%29%2C%21b&fieldSelector=metadata.name%21%3Dc+d"),
        api.requests);
  }

  @Test
  void unreachableServerIsServiceUnavailableWithItsAddress() {
    api.close();
    ApiException e =
        assertThrows(
            ApiException.class, () -> client.get(Kinds.CONFIG_MAP, new ObjectKey("ns", "a")));
    assertInstanceOf(ApiError.ServiceUnavailable.class, e.error());
    assertTrue(e.error().message().startsWith("cannot reach http://127.0.0.1:" + api.port()));
  }

  @Test
  void watchDeliversEventsAndEndsCleanly() throws InterruptedException {
    try (Watch watch = watch()) {
      api.send("ADDED", FakeApi.object("a", 6, "2"));
      api.send("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"7\"}}");
      api.stream.add(FakeApi.HANG_UP);
      assertEquals(Optional.empty(), watch.awaitEnd());
    }
    assertEquals(
        List.of(WatchEvent.Type.ADDED, WatchEvent.Type.BOOKMARK),
        events.stream().map(WatchEvent::type).toList());
  }

  @Test
  void errorEventEndsTheWatch() throws InterruptedException {
    try (Watch watch = watch()) {
      api.send("ERROR", FakeApi.status(410, "Expired", "too old"));
      assertEquals(Optional.of(new ApiError.Expired("too old")), watch.awaitEnd());
    }
    api.stream.add(FakeApi.HANG_UP);
  }

  @Test
  void truncatedEventIsATransportError() throws InterruptedException {
    try (Watch watch = watch()) {
      api.stream.add("{\"type\":\"ADDED\",\"obj");
      api.stream.add(FakeApi.HANG_UP);
      assertInstanceOf(ApiError.ServiceUnavailable.class, watch.awaitEnd().orElseThrow());
    }
  }

  @Test
  void refusedWatchIsThrown() {
    api.refusals.add(FakeApi.status(410, "Expired", "too old"));
    assertInstanceOf(ApiError.Expired.class, assertThrows(ApiException.class, this::watch).error());
  }

  @Test
  void closedWatchEndsAtOnceAndDeliversNothingMore() throws InterruptedException {
    Watch watch = watch();
    api.send("ADDED", FakeApi.object("a", 6, "2"));
    events.poll(20, TimeUnit.SECONDS);
    watch.close();
    assertEquals(Optional.empty(), watch.awaitEnd());
    api.send("ADDED", FakeApi.object("b", 7, "2"));
    api.stream.add(FakeApi.HANG_UP);
    assertTrue(events.isEmpty());
  }

  @Test
  void answerThatIsNoJsonIsAnError() throws IOException {
    try (FakeApi other = new FakeApi(0);
        ApiClient impatient = other.client()) {
      other.refusals.add("{\"code\":502}");
      ApiException e =
          assertThrows(
              ApiException.class,
              () -> impatient.watch(Kinds.CONFIG_MAP, "ns", WatchOptions.from("1"), events::add));
      assertInstanceOf(ApiError.ServiceUnavailable.class, e.error());
    }
  }
}
