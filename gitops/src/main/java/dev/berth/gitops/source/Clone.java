package dev.berth.gitops.source;

import dev.berth.gitops.source.RefChoice.Chosen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevTag;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/// One bare shallow clone. It grows with each fetch and is made anew after some, when nobody reads:
/// a shallow clone is cheap, and nothing packs it. Whoever asks while another is asking takes the
/// other's answer, if that began later than the question. What is there can be read all the while:
/// nobody who reads waits for the network.
final class Clone implements AutoCloseable {
  private static final String TIP = "refs/berth/tip";

  private final Path folder;
  private final int renewal;

  /// Held while the remote is asked, for as long as that takes.
  private final ReentrantLock asking = new ReentrantLock(true);

  /// Held for moments, around `repository`; inside `asking` where both are.
  private final ReentrantLock guard = new ReentrantLock();

  private @Nullable LimitedRepository repository;
  private int fetches;
  private int readers;
  private final AtomicInteger users = new AtomicInteger();
  private final AtomicLong asked = new AtomicLong();
  private long answered;
  private Map<String, Ref> listed = Map.of();

  /// @param renewal after how many fetches it is made anew
  Clone(Path folder, int renewal) {
    this.folder = folder;
    this.renewal = renewal;
  }

  /// Until [#leave] it is not deleted.
  Clone enter() {
    users.incrementAndGet();
    return this;
  }

  void leave() {
    users.decrementAndGet();
  }

  /// Whether nobody is at it. Whoever wants to rely on that lets nobody [#enter].
  boolean isIdle() {
    guard.lock();
    try {
      return readers == 0 && users.get() == 0;
    } finally {
      guard.unlock();
    }
  }

  Revision find(SourceRequest request, Remote remote, Semaphore permits)
      throws SourceException, InterruptedException {
    long turn = asked.get();
    asking.lockInterruptibly();
    try {
      // Two turns later somebody has begun to ask after we came: that answer is ours too.
      Map<String, Ref> refs = answered >= turn + 2 ? listed : list(remote, permits);
      Chosen chosen = RefChoice.choose(request.ref(), refs);
      if (!has(chosen.id().name())) {
        fetch(chosen, request, remote, permits);
      }
      return revision(chosen);
    } finally {
      asking.unlock();
    }
  }

  private Map<String, Ref> list(Remote remote, Semaphore permits)
      throws SourceException, InterruptedException {
    long turn = asked.incrementAndGet();
    permits.acquire();
    try {
      listed = remote.list();
      answered = turn;
    } finally {
      permits.release();
    }
    return listed;
  }

  private void fetch(Chosen chosen, SourceRequest request, Remote remote, Semaphore permits)
      throws SourceException, InterruptedException {
    permits.acquire();
    try {
      fetches++;
      renewWhenUnread();
      LimitedRepository local = repository();
      local.limit(request.maxSizeBytes());
      // By its id and not by its name: what was chosen is what is fetched, whatever moves
      // meanwhile.
      remote.fetch(local, chosen.id().name(), TIP);
    } catch (SourceException e) {
      removeLeftovers();
      throw e;
    } finally {
      permits.release();
    }
  }

  private void renewWhenUnread() {
    guard.lock();
    try {
      if (fetches > renewal && readers == 0) {
        delete();
        fetches = 1;
      }
    } finally {
      guard.unlock();
    }
  }

  /// A fetch that was refused leaves its unfinished pack behind.
  private void removeLeftovers() {
    try (Stream<Path> files = Files.list(folder.resolve("objects"))) {
      files
          .filter(file -> file.getFileName().toString().startsWith("incoming_"))
          .forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      // nothing was begun
    }
  }

  private boolean has(String id) {
    guard.lock();
    try {
      return repository().getObjectDatabase().has(ObjectId.fromString(id));
    } catch (SourceException e) {
      return false;
    } finally {
      guard.unlock();
    }
  }

  /// The files of a commit, where it is here.
  Optional<CommitFiles> open(String commit) throws SourceException {
    guard.lock();
    try {
      if (!has(commit)) {
        return Optional.empty();
      }
      CommitFiles files = CommitFiles.open(repository(), ObjectId.fromString(commit), this::isRead);
      readers++;
      return Optional.of(files);
    } finally {
      guard.unlock();
    }
  }

  private void isRead() {
    guard.lock();
    try {
      readers--;
    } finally {
      guard.unlock();
    }
  }

  private Revision revision(Chosen chosen) throws SourceException {
    try (RevWalk walk = new RevWalk(repository())) {
      RevObject found = walk.parseAny(chosen.id());
      Optional<String> tag =
          found instanceof RevTag ? Optional.of(found.getName()) : Optional.empty();
      if (!(walk.peel(found) instanceof RevCommit commit)) {
        throw new SourceException(
            SourceException.REF_NOT_FOUND, chosen.name() + " is no commit: name a branch or a tag");
      }
      walk.parseBody(commit);
      PersonIdent author = commit.getAuthorIdent();
      return new Revision(
          chosen.name(),
          commit.getName(),
          tag,
          author == null ? "" : author.getName(),
          commit.getShortMessage(),
          java.time.Instant.ofEpochSecond(commit.getCommitTime()));
    } catch (IOException e) {
      throw new SourceException(
          SourceException.FETCH_FAILED, "the clone cannot be read: " + e.getMessage(), e);
    }
  }

  private LimitedRepository repository() throws SourceException {
    guard.lock();
    try {
      LimitedRepository open = repository;
      if (open == null) {
        open = new LimitedRepository(folder.toFile());
        if (!Files.exists(folder.resolve(Constants.HEAD))) {
          open.create(true);
        }
        repository = open;
      }
      return open;
    } catch (IOException e) {
      throw new SourceException(
          SourceException.FETCH_FAILED, "cannot write to " + folder + ": " + e.getMessage(), e);
    } finally {
      guard.unlock();
    }
  }

  /// Closes and removes it; the next use begins with an empty one.
  void delete() {
    guard.lock();
    try {
      close();
      delete(folder);
    } finally {
      guard.unlock();
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      // it was not there
    }
  }

  @Override
  public void close() {
    guard.lock();
    try {
      LimitedRepository open = repository;
      repository = null;
      if (open != null) {
        open.close();
      }
    } finally {
      guard.unlock();
    }
  }
}
