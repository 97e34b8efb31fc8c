package dev.berth.api;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Every reason that Berth gives, with the layer it belongs to. The agent, the controller and the
/// CLI use these words and no others.
public enum Reason {
  HOST_CONFLICT("HostConflict", Layer.SPEC),
  NAME_TAKEN("NameTaken", Layer.SPEC),
  REFUSED("Refused", Layer.SPEC),
  CONTEXT_MISSING("ContextMissing", Layer.SPEC),
  AMBIGUOUS_PORT("AmbiguousPort", Layer.SPEC),

  IMAGE_NOT_FOUND("ImageNotFound", Layer.IMAGE),
  REGISTRY_UNREACHABLE("RegistryUnreachable", Layer.IMAGE),
  LOGIN_NEEDED("LoginNeeded", Layer.IMAGE),
  WRONG_PLATFORM("WrongPlatform", Layer.IMAGE),
  DIGEST_MISMATCH("DigestMismatch", Layer.IMAGE),
  NO_SPACE("NoSpace", Layer.IMAGE),
  INVALID_IMAGE_NAME("InvalidImageName", Layer.IMAGE),
  IMAGE_PULL_FAILED("ImagePullFailed", Layer.IMAGE),

  BUILD_FAILED("BuildFailed", Layer.BUILD),
  BUILD_MISSING("BuildMissing", Layer.BUILD),
  NO_NODE("NoNode", Layer.BUILD),

  SECRET_NOT_FOUND("SecretNotFound", Layer.REFERENCE),
  SECRET_KEY_NOT_FOUND("SecretKeyNotFound", Layer.REFERENCE),
  CONFIG_MAP_NOT_FOUND("ConfigMapNotFound", Layer.REFERENCE),
  CONFIG_MAP_KEY_NOT_FOUND("ConfigMapKeyNotFound", Layer.REFERENCE),

  UNSCHEDULABLE("Unschedulable", Layer.PLACEMENT),
  NODE_NOT_FOUND("NodeNotFound", Layer.PLACEMENT),

  NODE_LOST("NodeLost", Layer.HOST),
  DISK_PRESSURE("DiskPressure", Layer.HOST),
  MEMORY_PRESSURE("MemoryPressure", Layer.HOST),
  PID_PRESSURE("PIDPressure", Layer.HOST),
  PORT_TAKEN("PortTaken", Layer.HOST),
  KERNEL_FEATURE_MISSING("KernelFeatureMissing", Layer.HOST),
  EVICTED("Evicted", Layer.HOST),

  COMMAND_NOT_FOUND("CommandNotFound", Layer.START),
  NOT_EXECUTABLE("NotExecutable", Layer.START),
  WRONG_ARCHITECTURE("WrongArchitecture", Layer.START),
  INTERPRETER_MISSING("InterpreterMissing", Layer.START),
  EXITED_AT_ONCE("ExitedAtOnce", Layer.START),
  EXITED_EARLY("ExitedEarly", Layer.START),
  KILLED_BY_SIGNAL("KilledBySignal", Layer.START),
  OUT_OF_MEMORY("OutOfMemory", Layer.START),
  NO_PERMISSION("NoPermission", Layer.START),
  READ_ONLY_ROOT("ReadOnlyRoot", Layer.START),
  TOO_MANY_PROCESSES("TooManyProcesses", Layer.START),
  TOO_MANY_FILES("TooManyFiles", Layer.START),
  DISK_FULL("DiskFull", Layer.START),
  START_FAILED("StartFailed", Layer.START),

  HANGS_BEFORE_LISTENING("HangsBeforeListening", Layer.LISTEN),
  PORT_NOT_LISTENING("PortNotListening", Layer.LISTEN),
  LISTENS_ON_LOOPBACK("ListensOnLoopback", Layer.LISTEN),
  LISTENS_ON_IPV6_ONLY("ListensOnIPv6Only", Layer.LISTEN),

  PROTOCOL_MISMATCH("ProtocolMismatch", Layer.PROTOCOL),
  MODEL_NAME_MISMATCH("ModelNameMismatch", Layer.PROTOCOL),
  NEVER_READY("NeverReady", Layer.PROTOCOL),
  INVALID_ANSWER("InvalidAnswer", Layer.PROTOCOL),
  PROBE_TIMEOUT("ProbeTimeout", Layer.PROTOCOL),

  NO_READY_REPLICA("NoReadyReplica", Layer.ENDPOINT),
  SELECTOR_MATCHES_NOTHING("SelectorMatchesNothing", Layer.ENDPOINT);

  private static final Map<String, Reason> BY_TEXT =
      Arrays.stream(values()).collect(Collectors.toMap(Reason::text, Function.identity()));

  private final String text;
  private final Layer layer;

  Reason(String text, Layer layer) {
    this.text = text;
    this.layer = layer;
  }

  /// As it stands in conditions and statuses.
  public String text() {
    return text;
  }

  public Layer layer() {
    return layer;
  }

  public static Optional<Reason> of(String text) {
    return Optional.ofNullable(BY_TEXT.get(text));
  }
}
