package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.DeleteOptions;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.controller.storage.InMemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a program in a pod needs to find the API, in the whole controller and in virtual time.
class InClusterAccessTest extends WithControlPlane {
  private static final ObjectKey SERVICE = new ObjectKey("default", "kubernetes");

  InClusterAccessTest() {
    super(1, new InMemoryStore(), Duration.ofSeconds(10));
  }

  private void create(String json) {
    var object = Json.parseObject(json);
    ResourceType type = Kinds.byKind(GroupVersionKind.of(object)).orElseThrow();
    resources.create(type, "default", object, WriteOptions.DEFAULT);
  }

  private int pods() {
    return resources.list(Kinds.POD, ListQuery.all("default")).items().size();
  }

  @Test
  void theServiceIsThereFromTheStartAndComesBack() {
    for (ResourceType type : List.of(Kinds.SERVICE, Kinds.ENDPOINT_SLICE, Kinds.ENDPOINTS)) {
      assertTrue(resources.find(type, SERVICE).isPresent(), type.plural());
      resources.delete(type, SERVICE, DeleteOptions.DEFAULT);
      settle();
      assertTrue(resources.find(type, SERVICE).isPresent(), type.plural());
    }
    assertEquals(
        "10.96.0.1", Json.text(resources.get(Kinds.SERVICE, SERVICE).tree(), "spec", "clusterIP"));
  }

  /// `kubectl apply -f DIRECTORY` creates a Deployment before its ServiceAccount.
  @Test
  void podsComeWhenTheirAccountComes() {
    String spec =
        "\"spec\":{\"serviceAccountName\":\"late\",\"restartPolicy\":\"%s\",\"containers\":"
            + "[{\"name\":\"c\",\"image\":\"i:1\"}]}";
    create(
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},
         "spec":{"selector":{"matchLabels":{"app":"web"}},
                 "template":{"metadata":{"labels":{"app":"web"}},%s}}}
        """
            .formatted(spec.formatted("Always")));
    create(
        """
        {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"once"},
         "spec":{"template":{%s}}}
        """
            .formatted(spec.formatted("Never")));
    time.advance(Duration.ofMinutes(5));
    assertEquals(0, pods());
    create("{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"late\"}}");
    settle();
    assertEquals(2, pods());
  }

  private static Optional<String> advertised(String bound) {
    ControllerConfig some = ControllerConfig.defaults(Path.of("unused"));
    return HostNames.advertised(
        new ControllerConfig(
            some.dataDir(), bound, 0, some.podCidr(), some.serviceCidr(), List.of()));
  }

  @Test
  void aServerThatListensToItsOwnHostOnlyAdvertisesNothing() {
    assertEquals(Optional.empty(), advertised("127.0.0.1"));
    assertEquals(Optional.of("192.0.2.9"), advertised("192.0.2.9"));
    assertTrue(advertised("0.0.0.0").filter(address -> address.startsWith("127.")).isEmpty());
  }
}
