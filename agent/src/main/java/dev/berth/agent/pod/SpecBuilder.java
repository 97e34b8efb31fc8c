package dev.berth.agent.pod;

import dev.berth.agent.container.Bind;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Identity;
import dev.berth.agent.container.Security;
import dev.berth.agent.container.User;
import dev.berth.agent.image.Accounts;
import dev.berth.agent.image.Image;
import dev.berth.agent.image.ImageConfig;
import dev.berth.agent.network.Sandbox;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// From a pod's container and its image to what the compiler takes.
final class SpecBuilder {
  private static final Identity UNKNOWN =
      new Identity(
          User.ROOT,
          List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
          "/");

  private final PodHost host;
  private final PodSpec pod;
  private final Sandbox sandbox;

  SpecBuilder(PodHost host, PodSpec pod, Sandbox sandbox) {
    this.host = host;
    this.pod = pod;
    this.sandbox = sandbox;
  }

  ContainerSpec build(ContainerWish wish, Image image, int attempt, String cgroup) {
    ImageConfig config = image.config();
    Privileges privileges = Privileges.read(wish.tree());
    Accounts.Account account =
        new Accounts(host.containers().machine().sys(), image.layers())
            .resolve(privileges.account(config.user()));
    Environment environment =
        new Environment(
            pod.object(),
            sandbox.address(),
            host.address(),
            (kind, name) -> host.objects().data(kind, pod.key().namespace(), name));
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
    return new ContainerSpec(
        id(wish.name(), attempt),
        host.podDir(pod.uid()).resolve(wish.name()).resolve(Integer.toString(attempt)),
        cgroup,
        image.layers(),
        command(wish, config, variables),
        variables,
        directory,
        privileges.user(account, wish.tree()),
        pod.hostname(),
        Optional.of(sandbox.dir()),
        binds(),
        wish.limits(),
        privileges.of(host.security()),
        log,
        ContainerSpec.DEFAULT_OPEN_FILES,
        privileges.readOnlyRoot(),
        List.of());
  }

  /// Unique on the node, and readable where keepers are listed.
  private String id(String container, int attempt) {
    return pod.uid() + "-" + container + "-" + attempt;
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
    java.util.Map<String, String> known = new java.util.HashMap<>();
    variables.forEach(
        v -> known.put(v.substring(0, v.indexOf('=')), v.substring(v.indexOf('=') + 1)));
    boolean ours = !wish.command().isEmpty() || !wish.args().isEmpty();
    return ours ? all.stream().map(a -> Environment.expand(a, known)).toList() : all;
  }

  private List<Bind> binds() {
    return List.of(file("resolv.conf"), file("hosts"), file("hostname"));
  }

  private Bind file(String name) {
    return new Bind(sandbox.dir().resolve(name), "/etc/" + name, false, false);
  }

  /// Who runs a probe's command in a container that an earlier agent started: the container's own
  /// user with its variables and directory, as they were remembered.
  ContainerSpec forExec(String name, Container c) {
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
        Optional.of(sandbox.dir()),
        List.of(),
        dev.berth.agent.cgroup.Limits.none(),
        security(name),
        c.dir(),
        ContainerSpec.DEFAULT_OPEN_FILES);
  }

  private Security security(String name) {
    return pod.containers().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .map(c -> Privileges.read(c.tree()).of(host.security()))
        .orElseGet(host::security);
  }
}
