package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.container.Capability;
import dev.berth.agent.container.User;
import dev.berth.agent.image.Accounts.Account;
import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PrivilegesTest {
  private static final Account ROOT = new Account(0, 0, List.of(), "/root");

  private static JsonNode container(String context) {
    String json = "{\"name\":\"app\",\"securityContext\":" + context + "}";
    return Json.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whoIsWishedForRuns() {
    JsonNode c = container("{\"runAsUser\":1000,\"runAsGroup\":2000}");
    Privileges p = Privileges.read(c);
    assertEquals("1000", p.account("root"));
    assertEquals(new User(1000, 2000, List.of()), p.user(new Account(1000, 0, List.of(), "/"), c));
  }

  @Test
  void anImageThatRunsAsRootIsRefusedWhereThatIsForbidden() {
    JsonNode c = container("{\"runAsNonRoot\":true}");
    assertTrue(
        assertThrows(ReferenceException.class, () -> Privileges.read(c).user(ROOT, c))
            .diagnosis()
            .message()
            .endsWith("the image runs as root"));
  }

  @Test
  void capabilitiesAreTakenAwayAndAreNeverMoreThanOurOwn() {
    assertEquals(Capability.DEFAULT, Privileges.read(container("{}")).capabilities());
    assertEquals(
        Set.of(Capability.CHOWN),
        Privileges.read(
                container(
                    "{\"capabilities\":{\"drop\":[\"all\"],\"add\":[\"CAP_CHOWN\",\"SYS_ADMIN\"]}}"))
            .capabilities());
  }
}
