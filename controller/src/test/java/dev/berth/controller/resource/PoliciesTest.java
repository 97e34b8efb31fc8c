package dev.berth.controller.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.admission.FieldValidation;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Quotas, limits and priorities at the write itself.
class PoliciesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ONE = "{\"containers\": [{\"name\": \"a\", \"image\": \"i:1\"}]}";

  private final Resources resources =
      new Resources(
          new InMemoryStore(), () -> NOW, () -> "u", new Random(1), Cidr.parse("10.96.0.0/16"));

  @BeforeEach
  void begin() {
    SystemNamespaces.ensure(resources);
  }

  private ObjectNode create(ResourceType type, String name, String fields) {
    String json = "{\"metadata\": {\"name\": \"" + name + "\"}, " + fields + "}";
    String namespace = type.namespaced() ? "default" : "";
    return resources.create(type, namespace, Json.parseObject(json), WriteOptions.DEFAULT).object();
  }

  private ObjectNode pod(String name, String spec) {
    return create(Kinds.POD, name, "\"spec\": " + spec);
  }

  private void quota(String hard) {
    create(Kinds.RESOURCE_QUOTA, "q", "\"spec\": {\"hard\": {" + hard + "}}");
  }

  private static String refusal(Runnable write) {
    ApiException e = assertThrows(ApiException.class, write::run);
    assertEquals(403, e.error().code(), e::getMessage);
    return e.error().message();
  }

  @Test
  void whatIsTooMuchIsRefused() {
    quota("\"pods\": \"1\"");
    pod("a", ONE);
    assertEquals(
        "pods \"b\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited:"
            + " pods=1",
        refusal(() -> pod("b", ONE)));
    resources.delete(
        Kinds.POD, new ObjectKey("default", "a"), DeleteOptions.ofUid("u").withGrace(0));
    pod("b", ONE);
  }

  @Test
  void oneThatIsOnlyTriedUsesNothing() {
    quota("\"configmaps\": \"1\"");
    WriteOptions dry =
        new WriteOptions(true, FieldValidation.WARN, List.of(), Optional.empty(), Gate.OPEN);
    ObjectNode map = Json.object();
    Json.meta(map).put("name", "tried");
    resources.create(Kinds.CONFIG_MAP, "default", map, dry);
    create(Kinds.CONFIG_MAP, "a", "\"data\": {}");
    assertEquals(
        "configmaps \"b\" is forbidden: exceeded quota: q, requested: configmaps=1, used:"
            + " configmaps=1, limited: configmaps=1",
        refusal(() -> create(Kinds.CONFIG_MAP, "b", "\"data\": {}")));
  }

  @Test
  void aServiceMayNotGrowBeyondIt() {
    quota("\"services.nodeports\": \"0\"");
    ObjectNode service =
        Json.deepCopy(create(Kinds.SERVICE, "s", "\"spec\": {\"ports\": [{\"port\": 80}]}"));
    Json.ensure(service, "spec").put("type", "NodePort");
    assertEquals(
        "services \"s\" is forbidden: exceeded quota: q, requested: services.nodeports=1, used:"
            + " services.nodeports=0, limited: services.nodeports=0",
        refusal(
            () ->
                resources.update(
                    Kinds.SERVICE,
                    ObjectKey.of(service),
                    service,
                    Subresource.NONE,
                    WriteOptions.DEFAULT)));
  }

  @Test
  void manyAtOnceNeverGetMoreThanThereIs() throws InterruptedException, ExecutionException {
    quota("\"pods\": \"5\"");
    List<Callable<Integer>> writes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String name = "p" + i;
      writes.add(() -> tried(name));
    }
    int stored = 0;
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (Future<Integer> write : threads.invokeAll(writes)) {
        stored += write.get();
      }
    }
    assertEquals(5, stored);
  }

  private int tried(String name) {
    try {
      pod(name, ONE);
      return 1;
    } catch (ApiException e) {
      assertEquals(ApiError.Forbidden.class, e.error().getClass(), e::getMessage);
      return 0;
    }
  }

  @Test
  void limitsFillInAndRefuse() {
    create(
        Kinds.LIMIT_RANGE,
        "l",
        """
        "spec": {"limits": [{"type": "Container", "max": {"memory": "1Gi"},
          "default": {"memory": "512Mi"}, "defaultRequest": {"memory": "256Mi"}}]}
        """);
    ObjectNode pod = pod("a", ONE);
    assertEquals(
        Json.parse("{\"limits\": {\"memory\": \"512Mi\"}, \"requests\": {\"memory\": \"256Mi\"}}"),
        Json.at(pod, "spec", "containers").path(0).path("resources"));
    assertEquals("Burstable", Json.text(pod, "status", "qosClass"));
    String large =
        ONE.replace("i:1\"", "i:1\", \"resources\": {\"limits\": {\"memory\": \"2Gi\"}}");
    assertEquals(
        "pods \"b\" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi",
        refusal(() -> pod("b", large)));
  }

  @Test
  void aRequestThatIsFilledInMayNotPassTheLimit() {
    create(
        Kinds.LIMIT_RANGE,
        "l",
        "\"spec\": {\"limits\": [{\"type\": \"Container\", \"default\": {\"cpu\": \"1\"}}]}");
    String tight = ONE.replace("i:1\"", "i:1\", \"resources\": {\"requests\": {\"cpu\": \"2\"}}");
    ApiException e = assertThrows(ApiException.class, () -> pod("a", tight));
    assertEquals(422, e.error().code(), e::getMessage);
  }

  @Test
  void thePriorityIsThatOfTheClass() {
    create(Kinds.PRIORITY_CLASS, "high", "\"value\": 1000");
    ObjectNode pod = pod("a", "{\"priorityClassName\": \"high\"," + ONE.substring(1));
    assertEquals(1000, Json.at(pod, "spec", "priority").asInt());
    assertEquals("PreemptLowerPriority", Json.text(pod, "spec", "preemptionPolicy"));
    assertEquals(
        "pods \"b\" is forbidden: no PriorityClass with name low was found",
        refusal(() -> pod("b", "{\"priorityClassName\": \"low\"," + ONE.substring(1))));
  }

  @Test
  void aPodWithoutAClassHasThatOfTheDefault() {
    assertEquals(true, Json.at(pod("a", ONE), "spec", "priority").isMissingNode());
    create(Kinds.PRIORITY_CLASS, "usual", "\"value\": 7, \"globalDefault\": true");
    ObjectNode pod = pod("b", ONE);
    assertEquals(7, Json.at(pod, "spec", "priority").asInt());
    assertEquals("usual", Json.text(pod, "spec", "priorityClassName"));
    assertEquals(
        "pods \"c\" is forbidden: the integer value of priority (9) must not be provided in pod"
            + " spec; priority admission controller computed 7 from the given PriorityClass name",
        refusal(() -> pod("c", "{\"priority\": 9," + ONE.substring(1))));
  }
}
