package dev.berth.agent.pod;

import dev.berth.agent.container.Bind;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Identity;
import dev.berth.agent.container.Input;
import dev.berth.agent.container.Security;
import dev.berth.agent.container.User;
import dev.berth.agent.image.Accounts;
import dev.berth.agent.image.Image;
import dev.berth.agent.image.ImageConfig;
import dev.berth.agent.network.Sandbox;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// From a pod's container and its image to what the compiler takes.
final class SpecBuilder {
  private static final Identity UNKNOWN =
      new Identity(
          User.ROOT,
          List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
          "/");

  private final PodContext context;
  private final PodHost host;
  private final PodSpec pod;
  private final Sandbox sandbox;

  SpecBuilder(PodContext context, Sandbox sandbox) {
    this.context = context;
    this.host = context.host;
    this.pod = context.spec;
    this.sandbox = sandbox;
  }

  ContainerSpec build(ContainerWish wish, Image image, int attempt, String cgroup) {
    ImageConfig config = image.config();
    Privileges privileges = privileges(pod, wish.tree());
    Accounts.Account account =
        new Accounts(host.containers().machine().sys(), image.layers())
            .resolve(privileges.account(config.user()));
    Environment environment =
        new Environment(
            context.self(),
            this::data,
            ServiceVariables.of(host.references().services(), pod.object()));
    List<String> variables = environment.of(wish.tree(), config.environment(), account.home());
    String directory =
        wish.workingDirectory().isEmpty() ? config.workingDirectory() : wish.workingDirectory();
    Path log =
        PodHost.logFile(
            host.dataDir(),
            pod.key().namespace(),
            pod.key().name(),
            pod.uid(),
            wish.name(),
            attempt);
    Input input = input(wish.tree());
    return new ContainerSpec(
        PodHost.id(pod.uid(), wish.name(), attempt),
        host.podDir(pod.uid()).resolve(wish.name()).resolve(Integer.toString(attempt)),
        cgroup,
        image.layers(),
        command(wish, config, variables),
        input == Input.TERMINAL ? withTerminal(variables) : variables,
        directory,
        privileges.user(account, wish.tree()),
        pod.hostname(),
        Optional.of(sandbox.dir()),
        binds(wish, attempt, known(variables)),
        wish.limits(),
        privileges.of(host.security()),
        log,
        ContainerSpec.DEFAULT_OPEN_FILES,
        privileges.readOnlyRoot(),
        List.of(),
        input);
  }

  /// What a container reads: `tty` makes a terminal of its input and output, whether or not
  /// somebody may type there.
  static Input input(JsonNode container) {
    return container.path("tty").asBoolean(false)
        ? Input.TERMINAL
        : container.path("stdin").asBoolean(false) ? Input.PIPE : Input.NONE;
  }

  private static List<String> withTerminal(List<String> variables) {
    return variables.stream().anyMatch(v -> v.startsWith("TERM="))
        ? variables
        : Stream.concat(variables.stream(), Stream.of("TERM=xterm")).toList();
  }

  /// `command` replaces the entrypoint and with it the image's own arguments; `args` replace only
  /// those.
  private static List<String> command(
      ContainerWish wish, ImageConfig config, List<String> variables) {
    List<String> all =
        new ArrayList<>(wish.command().isEmpty() ? config.entrypoint() : wish.command());
    all.addAll(
        !wish.args().isEmpty()
            ? wish.args()
            : wish.command().isEmpty() ? config.command() : List.of());
    Map<String, String> known = known(variables);
    boolean ours = !wish.command().isEmpty() || !wish.args().isEmpty();
    return ours ? all.stream().map(a -> Environment.expand(a, known)).toList() : all;
  }

  private static Map<String, String> known(List<String> variables) {
    Map<String, String> known = new HashMap<>();
    variables.forEach(
        v -> known.put(v.substring(0, v.indexOf('=')), v.substring(v.indexOf('=') + 1)));
    return known;
  }

  private Optional<Map<String, String>> data(String kind, String name) {
    return host.references()
        .find(kind, pod.key().namespace(), name)
        .map(object -> Environment.texts(kind, object));
  }

  /// What lies inside another's path comes after it. Our own files first: a container that mounts
  /// something of its own there sees that.
  private List<Bind> binds(ContainerWish wish, int attempt, Map<String, String> variables) {
    List<Bind> binds = new ArrayList<>();
    binds.add(file("resolv.conf"));
    binds.add(file("hosts"));
    binds.add(file("hostname"));
    binds.addAll(
        TerminationMessage.of(host, pod.uid(), wish.name(), attempt)
            .bind(host.containers().machine().sys(), wish));
    binds.addAll(
        context.volumes.binds(
            pod.object(), wish.tree(), text -> Environment.expand(text, variables)));
    binds.sort(Comparator.comparingInt(b -> Path.of(b.target()).getNameCount()));
    return binds;
  }

  /// Read-only: they lie in the host's memory, where no limit of the pod counts.
  private Bind file(String name) {
    return new Bind(sandbox.dir().resolve(name), "/etc/" + name, false, true);
  }

  /// Who runs a probe's command in a container that an earlier agent started: the container's own
  /// user with its variables and directory, as they were remembered.
  static ContainerSpec forExec(PodHost host, PodSpec pod, String name, Container c) {
    Identity identity = host.containers().identity(c).orElse(UNKNOWN);
    return new ContainerSpec(
        c.id(),
        c.dir(),
        c.cgroup(),
        List.of(c.dir()),
        List.of(name),
        identity.environment(),
        identity.workingDirectory(),
        identity.user(),
        pod.hostname(),
        Optional.empty(),
        List.of(),
        dev.berth.agent.cgroup.Limits.none(),
        security(host, pod, name),
        c.dir(),
        ContainerSpec.DEFAULT_OPEN_FILES);
  }

  private static Privileges privileges(PodSpec pod, JsonNode container) {
    return Privileges.read(container, pod.object().path("spec").path("securityContext"));
  }

  private static Security security(PodHost host, PodSpec pod, String name) {
    return pod.containers().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .map(c -> privileges(pod, c.tree()).of(host.security()))
        .orElseGet(host::security);
  }
}
