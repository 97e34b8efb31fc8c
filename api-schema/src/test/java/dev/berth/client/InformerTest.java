package dev.berth.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiError;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class InformerTest {
  private FakeApi api;
  private final ApiClient client;
  private final Informer informer;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  InformerTest() throws IOException {
    api = new FakeApi(0);
    api.put("a", 2, "1");
    client = api.client();
    informer =
        Informer.of(
            client,
            Kinds.CONFIG_MAP,
            "ns",
            LabelSelector.EVERYTHING,
            FieldSelector.EVERYTHING,
            new Ear());
  }

  /// Writes down what it hears; a value of "boom" makes it fail.
  private final class Ear implements Informer.Handler {
    @Override
    public void added(ObjectNode object) {
      hear("+", object);
    }

    @Override
    public void updated(ObjectNode old, ObjectNode object) {
      hear("~", object);
    }

    @Override
    public void deleted(ObjectNode last) {
      hear("-", last);
    }

    private void hear(String what, ObjectNode object) {
      heard.add(what + Json.name(object) + Json.text(object, "data", "v"));
      if (Json.text(object, "data", "v").equals("boom")) {
        throw new IllegalStateException("boom");
      }
    }
  }

  @AfterEach
  void close() {
    informer.close();
    client.close();
    api.close();
  }

  private void hears(String... expected) throws InterruptedException {
    for (String one : expected) {
      assertEquals(one, heard.poll(30, TimeUnit.SECONDS));
    }
  }

  private long watches() {
    return api.requests.stream().filter(request -> request.contains("watch=true")).count();
  }

  private String lastWatch() {
    return api.requests.stream()
        .filter(r -> r.contains("watch=true"))
        .reduce("", (_, last) -> last);
  }

  @Test
  void listsThenFollowsChanges() throws InterruptedException {
    assertTrue(informer.awaitSynced(Duration.ofSeconds(30)));
    api.send("ADDED", FakeApi.object("b", 3, "1"));
    api.send("MODIFIED", FakeApi.object("b", 4, "2"));
    api.send("DELETED", FakeApi.object("a", 5, "1"));
    hears("+a1", "+b1", "~b2", "-a1");
    assertEquals(1, informer.list().size());
    assertEquals("2", Json.text(informer.get(new ObjectKey("ns", "b")).orElseThrow(), "data", "v"));
  }

  @Test
  void goesOnWhereTheStreamEnded() throws InterruptedException {
    hears("+a1");
    api.send("ADDED", FakeApi.object("b", 3, "1"));
    api.send("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"9\"}}");
    api.stream.add(FakeApi.HANG_UP);
    api.send("MODIFIED", FakeApi.object("b", 10, "2"));
    hears("+b1", "~b2");
    assertEquals(2, watches());
    assertTrue(lastWatch().contains("resourceVersion=9"), lastWatch());
  }

  @Test
  void relistsAfterGoneAndTellsOnlyTheDifferences() throws InterruptedException {
    hears("+a1");
    api.put("keep", 3, "1");
    api.send("ADDED", FakeApi.object("keep", 3, "1"));
    hears("+keep1");
    api.drop("a", 20);
    api.put("new", 21, "1");
    api.send("ERROR", FakeApi.status(410, "Expired", "too old"));
    api.stream.add(FakeApi.HANG_UP);
    hears("+new1", "-a1");
    api.send("MODIFIED", FakeApi.object("keep", 22, "2"));
    hears("~keep2");
  }

  @Test
  void refusedWatchWithGoneRelists() throws InterruptedException {
    hears("+a1");
    api.put("b", 30, "1");
    api.refusals.add(FakeApi.status(410, "Expired", "too old"));
    api.stream.add(FakeApi.HANG_UP);
    hears("+b1");
  }

  /// A store that was restored from a backup begins again at an older revision.
  @Test
  void refusedWatchWithARevisionOfTheFutureRelists() throws InterruptedException {
    hears("+a1");
    api.put("b", 30, "1");
    api.refusals.add(Json.string(ApiError.Timeout.resourceVersionTooLarge(30, 2).toStatus()));
    api.stream.add(FakeApi.HANG_UP);
    hears("+b1");
  }

  @Test
  void truncatedStreamLosesNothing() throws InterruptedException {
    hears("+a1");
    api.stream.add("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"na");
    api.stream.add(FakeApi.HANG_UP);
    api.send("ADDED", FakeApi.object("b", 3, "1"));
    hears("+b1");
    assertTrue(lastWatch().contains("resourceVersion=2"), lastWatch());
  }

  @Test
  void handlerThatThrowsStopsNothing() throws InterruptedException {
    hears("+a1");
    api.send("ADDED", FakeApi.object("b", 3, "boom"));
    api.send("ADDED", FakeApi.object("c", 4, "1"));
    hears("+bboom", "+c1");
  }

  @Test
  void serverThatComesBackIsFoundAgain() throws InterruptedException, IOException {
    hears("+a1");
    int port = api.port();
    api.close();
    api = new FakeApi(port);
    api.put("a", 2, "1");
    api.send("ADDED", FakeApi.object("b", 3, "1"));
    hears("+b1");
  }

  @Test
  void closedInformerHearsNothing() throws InterruptedException {
    hears("+a1");
    informer.close();
    api.send("ADDED", FakeApi.object("b", 3, "1"));
    api.stream.add(FakeApi.HANG_UP);
    assertEquals(null, heard.poll(300, TimeUnit.MILLISECONDS));
  }
}
