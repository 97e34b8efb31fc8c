package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.Nearest;
import dev.berth.api.SafeSysctls;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What a container's securityContext may ask for. Rights can only be taken away: the largest set
/// of capabilities is the one that a root container has without being asked.
final class SecurityRules {
  private static final Set<String> USUAL =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");
  private static final Set<String> OTHERS =
      Set.of(
          "AUDIT_CONTROL",
          "AUDIT_READ",
          "BLOCK_SUSPEND",
          "BPF",
          "CHECKPOINT_RESTORE",
          "DAC_READ_SEARCH",
          "IPC_LOCK",
          "IPC_OWNER",
          "LEASE",
          "LINUX_IMMUTABLE",
          "MAC_ADMIN",
          "MAC_OVERRIDE",
          "NET_ADMIN",
          "NET_BROADCAST",
          "NET_RAW",
          "PERFMON",
          "SYSLOG",
          "SYS_ADMIN",
          "SYS_BOOT",
          "SYS_MODULE",
          "SYS_NICE",
          "SYS_PACCT",
          "SYS_PTRACE",
          "SYS_RAWIO",
          "SYS_RESOURCE",
          "SYS_TIME",
          "SYS_TTY_CONFIG",
          "WAKE_ALARM");

  private SecurityRules() {}

  static void check(JsonNode context, String path, List<FieldError> errors) {
    user(context, path, errors);
    JsonNode add = Json.at(context, "capabilities", "add");
    for (int i = 0; i < add.size(); i++) {
      added(add.path(i).asString(""), path + ".capabilities.add[" + i + "]", errors);
    }
    JsonNode drop = Json.at(context, "capabilities", "drop");
    for (int i = 0; i < drop.size(); i++) {
      dropped(drop.path(i).asString(""), path + ".capabilities.drop[" + i + "]", errors);
    }
  }

  /// What holds for all containers of a pod that do not say otherwise.
  static void pod(JsonNode context, String path, List<FieldError> errors) {
    user(context, path, errors);
    id(context.path("fsGroup"), path + ".fsGroup", errors);
    JsonNode groups = context.path("supplementalGroups");
    for (int i = 0; i < groups.size(); i++) {
      id(groups.path(i), path + ".supplementalGroups[" + i + "]", errors);
    }
    JsonNode sysctls = context.path("sysctls");
    for (int i = 0; i < sysctls.size(); i++) {
      String name = SafeSysctls.dotted(Json.text(sysctls.path(i), "name"));
      if (!SafeSysctls.NAMES.contains(name)) {
        errors.add(
            FieldError.forbidden(
                path + ".sysctls[" + i + "].name",
                name
                    + " is not one that a pod may set here: remove it; there are "
                    + String.join(", ", new TreeSet<>(SafeSysctls.NAMES))));
      }
    }
  }

  private static void user(JsonNode context, String path, List<FieldError> errors) {
    id(context.path("runAsUser"), path + ".runAsUser", errors);
    id(context.path("runAsGroup"), path + ".runAsGroup", errors);
    boolean root =
        context.path("runAsUser").isIntegralNumber() && context.path("runAsUser").asLong(-1) == 0;
    if (root && context.path("runAsNonRoot").asBoolean(false)) {
      errors.add(
          FieldError.invalid(
              path + ".runAsUser", 0, "is root, and runAsNonRoot is true: set another user"));
    }
  }

  private static void id(JsonNode id, String path, List<FieldError> errors) {
    if (id.isIntegralNumber() && (!id.canConvertToInt() || id.intValue() < 0)) {
      errors.add(
          FieldError.invalid(
              path, id.numberValue(), "must be between 0 and 2147483647, inclusive"));
    }
  }

  /// `CAP_CHOWN` and `chown` mean CHOWN.
  private static String plain(String name) {
    String upper = name.toUpperCase(java.util.Locale.ROOT);
    return upper.startsWith("CAP_") ? upper.substring(4) : upper;
  }

  private static void added(String name, String path, List<FieldError> errors) {
    String plain = plain(name);
    if (USUAL.contains(plain)) {
      return;
    }
    if (plain.equals("ALL") || OTHERS.contains(plain)) {
      errors.add(
          FieldError.forbidden(
              path,
              name
                  + " is more than a container may have here: remove it; there are "
                  + String.join(", ", new TreeSet<>(USUAL))));
    } else {
      errors.add(unknown(name, path, USUAL));
    }
  }

  private static void dropped(String name, String path, List<FieldError> errors) {
    String plain = plain(name);
    if (!plain.equals("ALL") && !USUAL.contains(plain) && !OTHERS.contains(plain)) {
      errors.add(unknown(name, path, USUAL));
    }
  }

  private static FieldError unknown(String name, String path, Set<String> names) {
    String nearest =
        Nearest.of(plain(name), names).map(n -> "; did you mean \"" + n + "\"?").orElse("");
    return FieldError.invalid(path, name, "is not a capability of Linux" + nearest);
  }
}
