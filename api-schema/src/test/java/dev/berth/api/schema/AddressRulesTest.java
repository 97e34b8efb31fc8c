package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Addresses that users write: they become lines of files and rules.
class AddressRulesTest {
  private static ObjectNode pod(String field, String yaml) {
    ObjectNode pod = Samples.pod();
    Json.ensure(pod, "spec").set(field, Samples.yaml("{v: " + yaml + "}").path("v"));
    return pod;
  }

  private static List<String> aliasErrors(String ip) {
    ObjectNode pod = pod("hostAliases", "[{hostnames: [a.example]}]");
    ((ObjectNode) Json.at(pod, "spec", "hostAliases").path(0)).put("ip", ip);
    return fields(Schemas.of(Kinds.POD).validate(pod));
  }

  private static List<String> fields(List<FieldError> errors) {
    return errors.stream().map(FieldError::field).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.1", "::1", "2001:db8::ffff", "2001:DB8:0:0:0:0:0:1", "::ffff:10.0.0.1"})
  void anAliasMayBeOfEitherFamily(String ip) {
    assertEquals(List.of(), aliasErrors(ip));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::1\n10.96.0.1\tshop.example",
        "::1 evil.example",
        ":",
        "1:2",
        "2001:db8::1::2",
        "fe80::1%lo",
        "[::1]",
        "10.0.0.1:80",
        "localhost",
        ""
      })
  void anAliasThatIsNoAddressIsRefused(String ip) {
    assertEquals(List.of("spec.hostAliases[0].ip"), aliasErrors(ip));
  }

  @Test
  void endpointsAreHeldToTheSame() {
    ObjectNode endpoints =
        Samples.yaml(
            """
            apiVersion: v1
            kind: Endpoints
            metadata: {name: web, namespace: shop}
            subsets:
            - addresses: [{ip: "2001:db8::1"}, {ip: "no:address"}]
              ports: [{port: 80, protocol: TCP}]
            """);
    assertEquals(
        List.of("subsets[0].addresses[1].ip"),
        fields(Schemas.of(Kinds.ENDPOINTS).validate(endpoints)));
  }

  @Test
  void aKernelParameterIsTheSameWithDotsAndWithSlashes() {
    String twice =
        "{sysctls: [{name: net.ipv4.tcp_syncookies, value: \"1\"},"
            + " {name: net/ipv4/tcp_syncookies, value: \"0\"}]}";
    assertEquals(
        List.of("spec.securityContext.sysctls[1].name"),
        fields(Schemas.of(Kinds.POD).validate(pod("securityContext", twice))));
  }
}
