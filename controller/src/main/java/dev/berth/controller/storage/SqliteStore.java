package dev.berth.controller.storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The durable store: memory answers reads, a SQLite log remembers writes.
///
/// Callers put mutations into a mailbox and wait. The writer thread takes all that are there,
/// decides them in order, writes the accepted ones in one transaction (one fsync for all: group
/// commit), makes them visible and only then answers. A failed transaction happened to nobody: its
/// revisions are given out again. After a failure that is not "disk full" the state of the file is
/// unknown, so the store stops acknowledging for good; a restart recovers from the log.
public final class SqliteStore extends CoreStore {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);
  private static final int LARGEST_BATCH = 1_000;
  private static final long RESTORED_GAP = 1_000_000;

  private final SqliteLog log;
  private final Predicate<String> persistent;
  private final BlockingQueue<Pending> mailbox = new LinkedBlockingQueue<>();
  private final Thread writer;
  private volatile boolean closed;
  private volatile @Nullable StoreException broken;

  private static final Pending WAKE_UP =
      new Pending(new Mutation.Delete("", -1, _ -> new byte[0]), new CompletableFuture<>());

  private record Pending(Mutation mutation, CompletableFuture<Outcome> answer) {}

  private SqliteStore(MvccCore core, SqliteLog log, Predicate<String> persistent) {
    super(core);
    this.log = log;
    this.persistent = persistent;
    this.writer = Thread.ofPlatform().name("store-writer").start(this::write);
  }

  /// The same with every value as it is.
  public static SqliteStore open(Path directory, Path libraries, Predicate<String> persistent) {
    return open(directory, libraries, persistent, Sealing.NONE);
  }

  /// A full disk puts it off to the next start: what lies open can be read all the same.
  private static void seal(SqliteLog log) {
    try {
      log.reseal();
    } catch (StoreException e) {
      if (!e.full()) {
        throw e;
      }
      LOG.atWarn().setCause(e).log("Secrets could not be sealed anew; tried again at a start");
    }
  }

  /// Opens or creates the store in `directory`.
  ///
  /// @param sealing how values are kept; those that are not yet so, are then
  /// @param libraries where SQLite's native code is unpacked, once
  /// @param persistent which keys survive a restart
  /// @throws StoreException when the files are damaged: acknowledged writes would be missing
  public static SqliteStore open(
      Path directory, Path libraries, Predicate<String> persistent, Sealing sealing) {
    SqliteLog log = SqliteLog.open(directory, libraries, sealing);
    MvccCore core = new MvccCore(HISTORY, HISTORY_BYTES);
    try {
      core.load(log.load(), log.newestRevision());
      seal(log);
    } catch (StoreException e) {
      // What is damaged stays as it was found: an orderly close would write to it.
      log.abandon();
      throw e;
    }
    return new SqliteStore(core, log, persistent);
  }

  /// Writes a copy of everything that is durable to a new file, while writes go on.
  ///
  /// @throws StoreException when the copy cannot be written; the store itself is untouched
  public Snapshot snapshot(Path target) {
    return SqliteSnapshot.write(log.file(), target);
  }

  /// Checks a store that no one has opened, from the first row to the last, and leaves a gap of
  /// revisions behind the newest: whoever saw revisions that are not in this copy must not take
  /// later ones for a continuation.
  ///
  /// @param sealing opens its values; [Sealing#NONE] leaves them as they are
  /// @throws StoreException when it is damaged
  public static void checkRestored(Path directory, Path libraries, Sealing sealing) {
    try (SqliteLog log = SqliteLog.open(directory, libraries, sealing)) {
      log.load();
      log.skip(RESTORED_GAP);
    }
  }

  @Override
  public Outcome commit(Mutation mutation) {
    Pending pending = new Pending(mutation, new CompletableFuture<>());
    mailbox.add(pending);
    if (closed && mailbox.remove(pending)) {
      throw new StoreException("cannot write " + mutation.key() + ": the store is closed");
    }
    try {
      return pending.answer().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreException refused ? refused : e;
    }
  }

  private void write() {
    while (!closed || !mailbox.isEmpty()) {
      List<Pending> batch = take();
      if (!batch.isEmpty()) {
        commit(batch);
      }
      if (broken == null && (mailbox.isEmpty() || log.isLogTooLong())) {
        tidy();
      }
    }
  }

  private List<Pending> take() {
    List<Pending> batch = new ArrayList<>();
    try {
      batch.add(mailbox.take());
      mailbox.drainTo(batch, LARGEST_BATCH - 1);
      batch.remove(WAKE_UP);
    } catch (InterruptedException e) {
      closed = true;
    }
    return batch;
  }

  private void commit(List<Pending> pending) {
    try {
      requireSound();
      MvccCore.Batch batch = core.begin();
      List<Outcome> outcomes = pending.stream().map(p -> batch.decide(p.mutation())).toList();
      log.append(
          batch.changes().stream().filter(c -> persistent.test(c.key())).toList(),
          batch.revision());
      core.apply(batch);
      for (int i = 0; i < outcomes.size(); i++) {
        pending.get(i).answer().complete(outcomes.get(i));
      }
    } catch (StoreException e) {
      refuse(pending, e);
    } catch (RuntimeException e) {
      refuse(pending, new StoreException("cannot write to the store: " + e.getMessage(), false, e));
    }
  }

  private void requireSound() {
    if (broken != null) {
      throw broken;
    }
  }

  private void refuse(List<Pending> pending, StoreException e) {
    if (!e.full() && broken == null) {
      broken = e;
      LOG.atError()
          .setCause(e)
          .log("the store stops acknowledging writes; restart to recover from its log");
    }
    pending.forEach(p -> p.answer().completeExceptionally(e));
  }

  /// A full disk only puts housekeeping off; what else fails here fails the store like a write.
  private void tidy() {
    try {
      log.tidy();
    } catch (StoreException e) {
      refuse(List.of(), e);
    }
  }

  /// Why nothing is written any more; empty while all is well, or while only space is missing.
  public Optional<String> problem() {
    return Optional.ofNullable(broken).map(e -> String.valueOf(e.getMessage()));
  }

  @Override
  public void close() {
    closed = true;
    mailbox.add(WAKE_UP);
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (broken == null) {
      log.close();
    } else {
      log.abandon();
    }
  }
}
