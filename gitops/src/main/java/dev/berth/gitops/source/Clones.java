package dev.berth.gitops.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// All clones: one for each (URL, credential), shared by every repository that asks for it, and two
/// connections at a time to one server. A credential is part of the name, so that nobody reads with
/// another's rights what was fetched before.
public final class Clones implements AutoCloseable {
  private static final int PER_SERVER = 2;

  private final Path folder;
  private final Path home;
  private final Optional<Path> files;
  private final Map<String, Clone> clones = new ConcurrentHashMap<>();
  private final Map<String, Semaphore> servers = new ConcurrentHashMap<>();

  /// @param folder where clones are kept; made where it is missing, readable by its owner only
  /// @param files below which folder `file://` is allowed
  public Clones(Path folder, Optional<Path> files) throws IOException {
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
    return clone(request).find(request, remote, permits);
  }

  /// A commit that is here; empty where it has to be found first.
  public Optional<CommitFiles> open(SourceRequest request, String commit) throws SourceException {
    Clone clone = clone(request);
    return clone.has(commit) ? Optional.of(clone.open(commit)) : Optional.empty();
  }

  private Clone clone(SourceRequest request) {
    return clones.computeIfAbsent(
        request.cloneKey(), key -> new Clone(folder.resolve(key + ".git")));
  }

  /// Deletes every clone but these.
  public void keep(Collection<String> cloneKeys) {
    for (String key : Set.copyOf(clones.keySet())) {
      if (!cloneKeys.contains(key)) {
        Optional.ofNullable(clones.remove(key)).ifPresent(Clone::delete);
      }
    }
  }

  @Override
  public void close() {
    clones.values().forEach(Clone::close);
    clones.clear();
  }
}
