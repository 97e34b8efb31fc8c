package dev.berth.agent.diagnosis;

/// The reasons that this agent gives; users and the API see them as they are.
public final class Reason {
  public static final String COMMAND_NOT_FOUND = "CommandNotFound";
  public static final String NOT_EXECUTABLE = "NotExecutable";
  public static final String WRONG_ARCHITECTURE = "WrongArchitecture";
  public static final String INTERPRETER_MISSING = "InterpreterMissing";
  public static final String EXITED_AT_ONCE = "ExitedAtOnce";
  public static final String EXITED_EARLY = "ExitedEarly";
  public static final String KILLED_BY_SIGNAL = "KilledBySignal";
  public static final String OUT_OF_MEMORY = "OutOfMemory";
  public static final String HANGS_BEFORE_LISTENING = "HangsBeforeListening";
  public static final String PORT_NOT_LISTENING = "PortNotListening";
  public static final String LISTENS_ON_LOOPBACK = "ListensOnLoopback";
  public static final String LISTENS_ON_IPV6_ONLY = "ListensOnIPv6Only";
  public static final String NO_PERMISSION = "NoPermission";
  public static final String READ_ONLY_ROOT = "ReadOnlyRoot";
  public static final String TOO_MANY_PROCESSES = "TooManyProcesses";
  public static final String TOO_MANY_FILES = "TooManyFiles";
  public static final String DISK_FULL = "DiskFull";
  public static final String START_FAILED = "StartFailed";

  public static final String PROTOCOL_MISMATCH = "ProtocolMismatch";
  public static final String MODEL_NAME_MISMATCH = "ModelNameMismatch";
  public static final String NEVER_READY = "NeverReady";
  public static final String INVALID_ANSWER = "InvalidAnswer";
  public static final String PROBE_TIMEOUT = "ProbeTimeout";

  public static final String IMAGE_NOT_FOUND = "ImageNotFound";
  public static final String REGISTRY_UNREACHABLE = "RegistryUnreachable";
  public static final String LOGIN_NEEDED = "LoginNeeded";
  public static final String WRONG_PLATFORM = "WrongPlatform";
  public static final String DIGEST_MISMATCH = "DigestMismatch";
  public static final String NO_SPACE = "NoSpace";
  public static final String INVALID_IMAGE_NAME = "InvalidImageName";

  public static final String SECRET_NOT_FOUND = "SecretNotFound";
  public static final String SECRET_KEY_NOT_FOUND = "SecretKeyNotFound";
  public static final String CONFIG_MAP_NOT_FOUND = "ConfigMapNotFound";
  public static final String CONFIG_MAP_KEY_NOT_FOUND = "ConfigMapKeyNotFound";

  private Reason() {}
}
