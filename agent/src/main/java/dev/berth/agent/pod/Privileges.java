package dev.berth.agent.pod;

import dev.berth.agent.container.Capability;
import dev.berth.agent.container.Security;
import dev.berth.agent.container.User;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.image.Accounts.Account;
import dev.berth.api.Json;
import dev.berth.api.Reason;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A container's `securityContext`: as whom it runs, and which of the rights that we would give it
/// stay. It can only take away, or take back what it took away. Pure.
record Privileges(
    OptionalInt user,
    OptionalInt group,
    boolean nonRoot,
    boolean readOnlyRoot,
    Set<Capability> capabilities,
    List<Integer> groups) {
  private static final String ALL = "ALL";

  /// Without a securityContext of the pod.
  static Privileges read(JsonNode container) {
    return read(container, Json.object());
  }

  /// What the container does not say itself, its pod says for all.
  ///
  /// @param pod the pod's `securityContext`
  static Privileges read(JsonNode container, JsonNode pod) {
    JsonNode own = container.path("securityContext");
    return new Privileges(
        number(either(own, pod, "runAsUser")),
        number(either(own, pod, "runAsGroup")),
        either(own, pod, "runAsNonRoot").asBoolean(false),
        own.path("readOnlyRootFilesystem").asBoolean(false),
        capabilities(own.path("capabilities")),
        groups(pod));
  }

  private static JsonNode either(JsonNode own, JsonNode pod, String field) {
    return own.has(field) ? own.path(field) : pod.path(field);
  }

  /// The pod's further groups, that of its volumes among them.
  private static List<Integer> groups(JsonNode pod) {
    return Stream.concat(
            pod.path("supplementalGroups").valueStream(), Stream.of(pod.path("fsGroup")))
        .filter(JsonNode::isNumber)
        .map(JsonNode::asInt)
        .distinct()
        .toList();
  }

  private static OptionalInt number(JsonNode value) {
    return value.isNumber() ? OptionalInt.of(value.asInt()) : OptionalInt.empty();
  }

  private static Set<Capability> capabilities(JsonNode wished) {
    Set<String> dropped = names(wished.path("drop"));
    Set<String> added = names(wished.path("add"));
    Set<Capability> kept = EnumSet.noneOf(Capability.class);
    for (Capability c : Capability.DEFAULT) {
      boolean drop = dropped.contains(ALL) || dropped.contains(c.name());
      if (!drop || added.contains(c.name()) || added.contains(ALL)) {
        kept.add(c);
      }
    }
    return Set.copyOf(kept);
  }

  private static Set<String> names(JsonNode list) {
    return list.valueStream()
        .map(n -> n.asString("").toUpperCase(Locale.ROOT))
        .map(n -> n.startsWith("CAP_") ? n.substring(4) : n)
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }

  /// Which account of the image to look up: the wished user, or the image's own.
  String account(String ofImage) {
    return user.isPresent() ? Integer.toString(user.getAsInt()) : ofImage;
  }

  User user(Account account, JsonNode container) {
    if (nonRoot && account.uid() == 0) {
      throw new ReferenceException(
          new Diagnosis(
              Reason.START_FAILED,
              "container "
                  + Json.text(container, "name")
                  + " must not run as root (securityContext.runAsNonRoot), and the image runs as"
                  + " root"));
    }
    List<Integer> all =
        Stream.concat(account.groups().stream(), groups.stream()).distinct().toList();
    return new User(account.uid(), group.orElse(account.gid()), all);
  }

  Security of(Security standard) {
    return new Security(capabilities, standard.filter(), standard.masked(), standard.readOnly());
  }
}
