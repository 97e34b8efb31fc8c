package dev.berth.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.DeleteOptions;
import dev.berth.client.ListOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Files change under the command as under an editor.
@ExtendWith(Live.class)
@SuppressWarnings("NullAway.Init") // one server for all
class DevTest {
  private static final String NS = "dev-test";
  private static LiveApi api;
  @TempDir Path temp;

  @BeforeAll
  static void start(LiveApi live) {
    api = live;
    api.namespace(NS);
  }

  private void configMap(String file, String name, String value) throws IOException {
    Files.writeString(
        temp.resolve(file),
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: %s}
        data: {value: "%s"}
        """
            .formatted(name, value));
  }

  private static String value(String name) {
    return api.client
        .find(Kinds.CONFIG_MAP, new ObjectKey(NS, name))
        .map(map -> Json.text(map, "data", "value"))
        .orElse("");
  }

  private LiveApi.Going dev(String... more) {
    List<String> words = new java.util.ArrayList<>(List.of("dev", "-n", NS));
    words.addAll(List.of(more));
    words.addAll(List.of("-f", temp.toString()));
    return api.start(words.toArray(String[]::new));
  }

  private static void until(String what, LiveApi.Going going, String text) {
    LiveApi.until(what, () -> going.err().contains(text));
  }

  @Test
  void whatChangesIsAppliedAndWhatIsBrokenIsNot() throws IOException {
    configMap("a.yaml", "first", "1");
    try (LiveApi.Going dev = dev()) {
      LiveApi.until("it is there", () -> value("first").equals("1"));
      configMap("a.yaml", "first", "2");
      LiveApi.until("it is changed", () -> value("first").equals("2"));

      Files.writeString(temp.resolve("a.yaml"), "kind: [broken\n");
      until("the mistake is shown", dev, "a.yaml:");
      until("and what it means", dev, "what runs goes on running");
      assertEquals("2", value("first"));
      configMap("a.yaml", "first", "3");
      LiveApi.until("it is mended", () -> value("first").equals("3"));

      configMap("b.yaml", "second", "1");
      LiveApi.until("another is there", () -> value("second").equals("1"));
      Files.delete(temp.resolve("b.yaml"));
      LiveApi.until("and gone with its file", () -> value("second").isEmpty());
    }
    LiveApi.until("the end cleans up", () -> value("first").isEmpty());
  }

  @Test
  void whatWasThereBeforeStays() throws IOException {
    configMap("a.yaml", "kept", "1");
    assertEquals(0, api.berth("apply", "-n", NS, "-f", temp.toString()).code());
    configMap("a.yaml", "kept", "2");
    LiveApi.Going dev = dev();
    LiveApi.until("it is applied", () -> value("kept").equals("2"));
    dev.close();
    LiveApi.until("it has ended", dev::hasEnded);
    assertEquals("2", value("kept"));
    assertTrue(dev.err().contains("nothing was deleted"), dev.err());
  }

  @Test
  void whatSomebodyElseMadeInItsPlaceStays() throws IOException {
    configMap("a.yaml", "theirs", "1");
    LiveApi.Going dev = dev();
    LiveApi.until("it is there", () -> value("theirs").equals("1"));
    ObjectKey key = new ObjectKey(NS, "theirs");
    api.client.delete(Kinds.CONFIG_MAP, key, DeleteOptions.DEFAULT);
    ObjectNode anew =
        Json.parseObject(
            """
            {"apiVersion": "v1", "kind": "ConfigMap", "data": {"value": "9"},
             "metadata": {"name": "theirs", "namespace": "%s"}}
            """
                .formatted(NS));
    api.client.create(Kinds.CONFIG_MAP, anew);
    dev.close();
    LiveApi.until("it has ended", dev::hasEnded);
    assertEquals("9", value("theirs"));
    assertTrue(dev.err().contains("configmap/theirs left: it is another one"), dev.err());
  }

  @Test
  void filesThatAreEmptyForAWhileDeleteNothing() throws IOException {
    configMap("a.yaml", "one", "1");
    configMap("b.yaml", "two", "1");
    try (LiveApi.Going dev = dev()) {
      LiveApi.until("both are there", () -> !value("one").isEmpty() && !value("two").isEmpty());
      Files.writeString(temp.resolve("b.yaml"), "");
      until("one is empty", dev, "no manifest in b.yaml");
      Files.writeString(temp.resolve("a.yaml"), "");
      until("all are", dev, "no manifest in " + temp);
      assertEquals("1", value("one"));
      configMap("a.yaml", "one", "2");
      LiveApi.until("it goes on", () -> value("one").equals("2"));
      assertEquals("1", value("two"));
    }
    LiveApi.until("the end cleans up", () -> value("one").isEmpty() && value("two").isEmpty());
  }

  @Test
  void whatMayHoldDataGoesOnlyAtTheEnd() throws IOException {
    configMap("a.yaml", "beside", "1");
    configMap("b.yaml", "precious", "1");
    Path file = temp.resolve("b.yaml");
    Files.writeString(
        file,
        Files.readString(file).replace("ConfigMap", "Secret").replace("\ndata:", "\nstringData:"));
    ObjectKey key = new ObjectKey(NS, "precious");
    try (LiveApi.Going dev = dev()) {
      LiveApi.until("it is there", () -> api.client.find(Kinds.SECRET, key).isPresent());
      LiveApi.until("all is", () -> !value("beside").isEmpty());
      Files.delete(file);
      until("what it means", dev, "secret/precious left: no manifest names it any more");
      assertTrue(api.client.find(Kinds.SECRET, key).isPresent());
    }
    LiveApi.until("the end cleans up", () -> api.client.find(Kinds.SECRET, key).isEmpty());
  }

  @Test
  void aFileOfTheContextIsBuiltFromAnew() throws IOException {
    Path context = Files.createDirectories(temp.resolve("model/deep"));
    Files.writeString(temp.resolve("model/Dockerfile"), "FROM scratch\nCOPY . /\n");
    Files.writeString(context.resolve("data.txt"), "1");
    Files.writeString(
        temp.resolve("modelapp.yaml"),
        """
        apiVersion: berth.dev/v1alpha1
        kind: ModelApp
        metadata: {name: built}
        spec:
          model: {build: {context: model}}
          endpoint: {protocol: http}
        """);
    try (LiveApi.Going _ = dev()) {
      LiveApi.until("the first build", () -> builds() == 1);
      Files.writeString(context.resolve("data.txt"), "2");
      LiveApi.until("the second build", () -> builds() == 2);
    }
    LiveApi.until(
        "the end cleans up",
        () ->
            builds() == 0
                && api.client.find(Kinds.MODEL_APP, new ObjectKey(NS, "built")).isEmpty());
  }

  private static int builds() {
    return api.client.list(Kinds.IMAGE_BUILD, NS, ListOptions.ALL).items().size();
  }
}
