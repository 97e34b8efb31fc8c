package dev.berth.api.why;

import dev.berth.api.Json;
import dev.berth.api.Nearest;
import dev.berth.api.Reason;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What to do about each reason that a pod can have. One case per reason and no default: a new
/// reason does not compile without its fix.
final class PodRemedies {
  private static final Pattern NO_KEY = Pattern.compile("has no key (\\S+?)(;|$)");
  private static final String SERVE_ALL = "0.0.0.0";

  private final PodPlace pod;
  private final String message;
  private final Optional<Ended> ended;
  private final ImageRemedies images;
  private final EndpointRemedies endpoint;

  PodRemedies(PodPlace pod, String message, Optional<Ended> ended) {
    this.pod = pod;
    this.message = message;
    this.ended = ended;
    this.images = new ImageRemedies(pod, message);
    this.endpoint = new EndpointRemedies(pod, message);
  }

  Remedy of(Reason reason) {
    return switch (reason) {
      case HOST_CONFLICT, NAME_TAKEN, REFUSED, CONTEXT_MISSING, AMBIGUOUS_PORT ->
          Remedy.of("correct the manifest and run berth apply -f on it again");

      case IMAGE_NOT_FOUND -> images.notFound();
      case REGISTRY_UNREACHABLE -> images.unreachable();
      case LOGIN_NEEDED -> images.locked();
      case WRONG_PLATFORM -> images.foreign();
      case DIGEST_MISMATCH -> images.forged();
      case NO_SPACE -> Space.of(message, pod.node()).free("; the pull is tried again by itself");
      case INVALID_IMAGE_NAME ->
          Remedy.of("write " + pod.field("image") + " as [HOST/]NAME[:TAG][@sha256:DIGEST]");
      case IMAGE_PULL_FAILED -> images.failed();

      case BUILD_FAILED, BUILD_MISSING ->
          Remedy.of("correct the Dockerfile and run berth apply -f again");
      case NO_NODE -> Remedy.of("start an agent: sudo berth agent, or berth up", "berth get nodes");

      case SECRET_NOT_FOUND -> reference("Secret", "create it");
      case SECRET_KEY_NOT_FOUND -> key("Secret");
      case CONFIG_MAP_NOT_FOUND -> reference("ConfigMap", "create it");
      case CONFIG_MAP_KEY_NOT_FOUND -> key("ConfigMap");

      case UNSCHEDULABLE -> unschedulable();
      case NODE_NOT_FOUND ->
          Remedy.of(
              "correct " + pod.podField("nodeName") + ", or remove it so that a node is chosen",
              "berth get nodes");

      case NODE_LOST ->
          Remedy.of(
              "start the agent of node "
                  + pod.node()
                  + " again (sudo berth up, or berth agent), or check its network",
              "berth describe node " + pod.node());
      case DISK_PRESSURE, MEMORY_PRESSURE, PID_PRESSURE, KERNEL_FEATURE_MISSING, PORT_TAKEN ->
          Remedy.of("put node " + pod.node() + " right first", "berth why node/" + pod.node());
      case EVICTED ->
          Remedy.of(
              "free what node "
                  + pod.node()
                  + " is short of, or set a lower limit in "
                  + pod.field("resources.limits"),
              "berth describe node " + pod.node());

      case COMMAND_NOT_FOUND -> commandNotFound();
      case NOT_EXECUTABLE ->
          Remedy.of(
              "make it executable in the Dockerfile: COPY --chmod=755, or RUN chmod +x FILE;"
                  + " or name its interpreter in "
                  + pod.field("command"));
      case WRONG_ARCHITECTURE ->
          Remedy.of("build the program for this host's architecture, or use an image that has it");
      case INTERPRETER_MISSING -> interpreter();
      case EXITED_AT_ONCE ->
          Remedy.of(
              "keep the server in the foreground: correct "
                  + pod.field("command")
                  + " (no &, no daemon mode)",
              pod.earlierLogs());
      case EXITED_EARLY -> exited();
      case KILLED_BY_SIGNAL -> killed();
      case OUT_OF_MEMORY -> raised("memory", "let the program use less");
      case NO_PERMISSION ->
          Remedy.of(
              "give the file to the container's user in the Dockerfile (COPY --chown, RUN chown),"
                  + " or set "
                  + pod.securityField("runAsUser"),
              pod.earlierLogs());
      case READ_ONLY_ROOT ->
          Remedy.of(
              "set "
                  + pod.securityField("readOnlyRootFilesystem")
                  + ": false, or let the program write to /dev/shm",
              pod.earlierLogs());
      case TOO_MANY_PROCESSES ->
          Remedy.of(
              "let the program start fewer processes and threads (OMP_NUM_THREADS, workers) in "
                  + pod.field("env")
                  + " or "
                  + pod.field("args"),
              pod.earlierLogs());
      case TOO_MANY_FILES ->
          Remedy.of(
              "let the program close its files and connections, or use fewer workers in "
                  + pod.field("args"),
              pod.earlierLogs());
      case DISK_FULL ->
          message.contains("its limit")
              ? raised("ephemeral-storage", "let the container write less")
              : Space.of(message, pod.node()).free(", or let the container write less");
      case START_FAILED -> start();

      case HANGS_BEFORE_LISTENING ->
          Remedy.of(
              "see in its log what it waits for; if it only needs longer, raise "
                  + pod.startupField(),
              pod.logs());
      case PORT_NOT_LISTENING -> endpoint.port();
      case LISTENS_ON_LOOPBACK, LISTENS_ON_IPV6_ONLY ->
          Remedy.of(
              "let the server listen on "
                  + SERVE_ALL
                  + ": by an argument (often --host "
                  + SERVE_ALL
                  + ") in "
                  + pod.field("args")
                  + ", or by the variable that sets its address, in "
                  + pod.field("env")
                  + " or with ENV in the Dockerfile");

      case PROTOCOL_MISMATCH -> endpoint.protocol();
      case MODEL_NAME_MISMATCH -> endpoint.modelName();
      case NEVER_READY ->
          Remedy.of(
              "see in its log why the model does not get ready; if it only needs longer, raise "
                  + pod.startupField(),
              pod.logs());
      case INVALID_ANSWER ->
          Remedy.of(
              "correct the server's answer, or set spec.endpoint.protocol to what it speaks",
              pod.logs());
      case PROBE_TIMEOUT ->
          Remedy.of(
              "let the server answer its probe faster (more "
                  + pod.field("resources.limits.cpu")
                  + ", a cheaper "
                  + healthPath()
                  + ")",
              pod.logs());

      case NO_READY_REPLICA, SELECTOR_MATCHES_NOTHING ->
          Remedy.of("put the model right first; the endpoint serves as soon as a replica is ready");
    };
  }

  /// The pod's `command` wins over the image's ENTRYPOINT, its `args` only over CMD.
  private Remedy commandNotFound() {
    String command = pod.field("command");
    boolean own = !Json.at(pod.container(), "command").isEmpty();
    boolean args = !Json.at(pod.container(), "args").isEmpty();
    return Remedy.of(
        own
            ? "name a program that is in the image in "
                + command
                + ", where it comes from, or remove that so that the image's ENTRYPOINT runs"
            : "correct "
                + (args
                    ? "ENTRYPOINT in the Dockerfile or " + pod.field("args")
                    : "ENTRYPOINT or CMD in the Dockerfile")
                + ", where it comes from, or name a program that is in the image in "
                + command);
  }

  private Remedy start() {
    return message.contains("runAsNonRoot")
        ? Remedy.of(
            "set "
                + pod.securityField("runAsUser")
                + " to a user other than 0, or USER in the Dockerfile",
            pod.describe())
        : Remedy.of(
            "correct what the message names, in the image or in " + pod.field("command"),
            pod.describe());
  }

  private Remedy interpreter() {
    return Remedy.of(
        message.contains("carriage return")
            ? "save the script with Unix line ends (RUN sed -i 's/\\r$//' FILE in the Dockerfile)"
            : message.contains("loader")
                ? "use a base image with the C library that the program was built for (glibc or musl), or"
                    + " link it statically"
                : "install the interpreter in the Dockerfile, or correct the first line of the"
                    + " script");
  }

  private Remedy reference(String kind, String todo) {
    return Remedy.of(
        todo + ", or correct the reference in " + pod.field("env"),
        "berth get " + kind.toLowerCase(java.util.Locale.ROOT) + "s");
  }

  private Remedy key(String kind) {
    Matcher wrong = NO_KEY.matcher(message);
    String todo =
        wrong.find()
            ? Nearest.of(wrong.group(1), Offered.in(message))
                .map(near -> "write the key " + near + " instead of " + wrong.group(1))
                .orElse("add the key to it")
            : "add the key to it";
    return reference(kind, todo);
  }

  private Remedy unschedulable() {
    if (message.startsWith("0/0") || message.contains("no node has registered")) {
      return Remedy.of("start an agent: sudo berth up, or berth agent", "berth get nodes");
    }
    if (message.contains("does not exist")) {
      return Remedy.of(
          "correct " + pod.podField("nodeName") + ", or remove it so that a node is chosen",
          "berth get nodes");
    }
    if (message.contains("Pressure")) {
      return Remedy.of("free what the node is short of, or add a node", "berth why node");
    }
    if (message.contains("selector") || message.contains("label")) {
      return Remedy.of(
          "correct " + pod.podField("nodeSelector") + ", or label a node with what it asks for",
          "berth get nodes --show-labels");
    }
    if (message.contains("taint")) {
      return Remedy.of(
          "remove the taint from a node, or tolerate it in " + pod.podField("tolerations"),
          "berth describe node");
    }
    return Remedy.of(
        "ask for less in " + Shortage.of(message, pod.container()).field(pod) + ", or add a node",
        "berth describe node");
  }

  private Remedy exited() {
    return Remedy.of(
        ended
            .flatMap(e -> LogHints.of(e.logTail(), pod))
            .or(() -> ended.map(e -> byCode(e.code())))
            .orElseGet(() -> byCode(1)),
        pod.earlierLogs());
  }

  private String byCode(int code) {
    return switch (code) {
      case 126 ->
          "make the program executable in the image, or name its interpreter in "
              + pod.field("command");
      case 127 -> "name a program that is in the image in " + pod.field("command");
      default -> "correct what the end of its log names, in the image or in " + pod.field("env");
    };
  }

  private Remedy killed() {
    String signal = ended.flatMap(Ended::signal).orElse("");
    return switch (signal) {
      case "SIGSEGV", "SIGBUS", "SIGILL", "SIGABRT", "SIGFPE" ->
          Remedy.of(
              "the program crashed: run it by hand in the image, and use libraries that are built for"
                  + " this processor",
              pod.earlierLogs());
      case "SIGSYS" ->
          Remedy.of(
              "the program made a system call that containers may not make: use another version of it",
              pod.earlierLogs());
      default ->
          Remedy.of(
              "find out who sent "
                  + (signal.isEmpty() ? "the signal" : signal)
                  + "; if it was for memory, raise "
                  + pod.field("resources.limits.memory"),
              pod.earlierLogs());
    };
  }

  private Remedy raised(String limit, String otherwise) {
    return Remedy.of(
        "set "
            + pod.field("resources.limits." + limit)
            + pod.limit(limit).map(PodRemedies::doubled).orElse(" higher")
            + ", or "
            + otherwise,
        pod.earlierLogs());
  }

  /// What the program would have used nobody knows: doubling finds it in few steps.
  private static String doubled(String limit) {
    Matcher parts = Pattern.compile("(\\d{1,15})(\\D*)").matcher(limit);
    return parts.matches()
        ? ": "
            + 2 * Long.parseLong(parts.group(1))
            + parts.group(2)
            + " (now "
            + limit
            + "), and double it again if that is not enough"
        : " higher (now " + limit + ")";
  }

  private String healthPath() {
    JsonNode path = Json.at(pod.container(), "readinessProbe", "httpGet", "path");
    return path.isString() ? path.stringValue() : "check";
  }
}
