package dev.berth.gitops.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/// All clones: one for each (URL, credential, limit), shared by every repository that asks for it,
/// and two connections at a time to one server. Credential and limit are part of the name, so that
/// nobody reads with another's rights what was fetched before, or what is too large by its own
/// limit.
public final class Clones implements AutoCloseable {
  private static final int PER_SERVER = 2;
  private static final int RENEWAL = 50;
  private static final String SUFFIX = ".git";

  private final Path folder;
  private final Path home;
  private final Optional<Path> files;
  private final int renewal;
  private final Map<String, Clone> clones = new HashMap<>();
  private final Map<String, Semaphore> servers = new ConcurrentHashMap<>();

  /// @param folder where clones are kept; made where it is missing, readable by its owner only
  /// @param files below which folder `file://` is allowed
  public Clones(Path folder, Optional<Path> files) throws IOException {
    this(folder, files, RENEWAL);
  }

  Clones(Path folder, Optional<Path> files, int renewal) throws IOException {
    this.renewal = renewal;
    HostIsolation.install();
    this.folder = folder;
    this.home = folder.resolve("home");
    this.files = files;
    Files.createDirectories(
        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /// Asks the remote what the reference holds now, and fetches it where it is not here. Two who ask
  /// for the same at the same time share one connection.
  public Revision find(SourceRequest request) throws SourceException, InterruptedException {
    GitUrl url = GitUrl.parse(request.url(), files);
    Remote remote = new Remote(url, request.credentials(), request.patience(), home);
    Semaphore permits =
        servers.computeIfAbsent(url.server(), server -> new Semaphore(PER_SERVER, true));
    Clone clone = enter(request);
    try {
      return clone.find(request, remote, permits);
    } finally {
      clone.leave();
    }
  }

  /// A commit that is here; empty where it has to be found first.
  public Optional<CommitFiles> open(SourceRequest request, String commit) throws SourceException {
    Clone clone = enter(request);
    try {
      return clone.open(commit);
    } finally {
      clone.leave();
    }
  }

  private synchronized Clone enter(SourceRequest request) {
    return clones
        .computeIfAbsent(
            request.cloneKey(), key -> new Clone(folder.resolve(key + SUFFIX), renewal))
        .enter();
  }

  /// Deletes every clone but these, also those that a process before this one has left. What is in
  /// use stays until the next time.
  public synchronized void keep(Set<String> cloneKeys) throws IOException {
    for (String key : onDisk()) {
      Clone clone = clones.get(key);
      if (!cloneKeys.contains(key) && (clone == null || clone.isIdle())) {
        clones.remove(key);
        Optional.ofNullable(clone).ifPresent(Clone::close);
        Clone.delete(folder.resolve(key + SUFFIX));
      }
    }
  }

  private List<String> onDisk() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .toList();
    }
  }

  @Override
  public synchronized void close() {
    clones.values().forEach(Clone::close);
    clones.clear();
  }
}
