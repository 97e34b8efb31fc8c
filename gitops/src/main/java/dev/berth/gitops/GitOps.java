package dev.berth.gitops;

import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.gitops.GitRef;
import dev.berth.api.gitops.GitRepository;
import dev.berth.gitops.hook.HookAnswer;
import dev.berth.gitops.hook.HookMessage;
import dev.berth.gitops.port.Cluster;
import dev.berth.gitops.port.ContextStore;
import dev.berth.gitops.port.Secrets;
import dev.berth.gitops.source.Clones;
import dev.berth.gitops.source.SourceException;
import dev.berth.gitops.source.SourceWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The engine behind `GitRepository`. Whoever runs it calls [#reconcile] when an object of that
/// kind or anything it applied changes, when `wake` is called, and when the time of the last answer
/// is up; one thread per repository at a time. Nothing that is needed after a restart is kept here
/// but the clones on disk.
public final class GitOps implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GitOps.class);
  private static final Duration SWEEP = Duration.ofHours(1);

  /// Where things are.
  ///
  /// @param folder where clones are kept
  /// @param allowFileGit below which folder `file://` repositories may be
  public record Config(Path folder, Optional<Path> allowFileGit) {}

  /// What the engine asks of its surroundings.
  ///
  /// @param wake is to call [#reconcile] soon; from any thread
  public record Ports(
      Cluster cluster,
      Secrets secrets,
      ContextStore contexts,
      InstantSource clock,
      RandomGenerator random,
      Consumer<ObjectKey> wake) {}

  private final Ports ports;
  private final Clones clones;
  private final ExecutorService fetching =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("git-fetch-", 0).factory());
  private final Map<ObjectKey, Repository> repositories = new ConcurrentHashMap<>();
  private volatile Instant nextSweep = Instant.MIN;

  /// @throws IOException where the folder cannot be made
  public GitOps(Config config, Ports ports) throws IOException {
    this.ports = ports;
    this.clones = new Clones(config.folder(), config.allowFileGit());
  }

  /// One look at a repository. Never waits for the network; `wake` is called when an answer is
  /// here.
  ///
  /// @param tree the object as it is stored
  public Outcome reconcile(ObjectNode tree) {
    if (!ports.clock().instant().isBefore(nextSweep)) {
      sweep();
    }
    return repository(ObjectKey.of(tree)).reconcile(tree);
  }

  private Repository repository(ObjectKey key) {
    return repositories.computeIfAbsent(
        key,
        fresh ->
            new Repository(
                ports,
                clones,
                new SourceWatch(
                    clones,
                    fetching,
                    ports.clock(),
                    ports.random(),
                    () -> ports.wake().accept(fresh))));
  }

  /// Asks the remote at the next look, whatever the interval says.
  public void check(ObjectKey key) {
    repository(key).checkSoon();
    ports.wake().accept(key);
  }

  /// A Git host says that something was pushed. Verified against the Secret of `spec.webhook`; the
  /// remote is asked where the message concerns this repository.
  ///
  /// @param headers by lower case name
  public HookAnswer hook(ObjectKey key, Map<String, String> headers, byte[] body) {
    if (body.length > HookMessage.MAX_BYTES) {
      return new HookAnswer(413, "more than 1 MiB\n", false);
    }
    Optional<GitRepository> repository =
        ports.cluster().get(Kinds.GIT_REPOSITORY, key).map(GitRepository::read);
    Optional<byte[]> secret =
        repository
            .flatMap(found -> found.spec().webhookSecret())
            .flatMap(name -> ports.secrets().read(new ObjectKey(key.namespace(), name)))
            .map(values -> values.getOrDefault("token", new byte[0]));
    HookAnswer answer =
        HookAnswer.to(
            new HookMessage(headers, body),
            secret,
            repository.map(found -> found.spec().ref()).orElseGet(GitRef.DefaultBranch::new));
    if (answer.checks()) {
      check(key);
    }
    return answer;
  }

  /// The repository is gone; its clone goes where no other uses it.
  public void forget(ObjectKey key) {
    if (repositories.remove(key) != null) {
      sweep();
    }
  }

  /// Deletes the clones that no repository asks for any more: those of deleted ones, of URLs and
  /// credentials of before, of a process before this one. Now and then it is done anyhow.
  public void sweep() {
    nextSweep = ports.clock().instant().plus(SWEEP);
    Set<String> wanted = new HashSet<>();
    for (ObjectNode tree : ports.cluster().list(Kinds.GIT_REPOSITORY)) {
      try {
        wanted.add(Sources.request(GitRepository.read(tree), ports.secrets()).cloneKey());
      } catch (SourceException e) {
        // Without its Secret it can read nothing, here neither.
      }
    }
    try {
      clones.keep(wanted);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("found", e.getMessage()).log("clones cannot be removed");
    }
  }

  @Override
  public void close() {
    fetching.shutdownNow();
    clones.close();
  }
}
