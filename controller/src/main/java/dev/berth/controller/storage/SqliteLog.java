package dev.berth.controller.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The append-only log of revisions in one SQLite file.
///
/// `ev(rev, prev, k, v, crc)` holds one row per persisted revision; a null `v` is a deletion.
/// `prev` is the revision of the row before it and is covered by the CRC32C together with the rest:
/// a row that vanished from the middle breaks the chain of the next one. (Revisions themselves may
/// skip numbers, because unpersisted writes use some.) `kv(k, rev)` points at the live row of each
/// key and vouches for the rows below `floor`, where compaction has removed superseded ones.
///
/// `meta` holds: `floor`, the last row that the last compaction saw; `ceiling`, a revision that no
/// write of this or an earlier run has passed, raised in blocks before it is needed, so that a
/// restart never gives a revision twice although the newest writes may have been unpersisted;
/// `check`, the CRC32C of the two; `sealed`, 1 once nothing that should be sealed ([Sealing]) lies
/// open anywhere in the file.
///
/// Only the store's writer thread calls in here after [#load].
final class SqliteLog implements AutoCloseable {
  private static final long CEILING_BLOCK = 10_000;
  private static final long COMPACT_AFTER = 5_000;
  private static final long CHECKPOINT_AFTER = 32L << 20;
  private static final int FEW_PAGES = 64;
  private static final String CHECK = "check";
  private static final String SEALED = "sealed";

  private final Path file;
  private final Connection db;
  private final FileChannel lockFile;
  private @Nullable Statements prepared;
  private long last;
  private long floor;
  private long ceiling;
  private long superseded;
  private final Sealing sealing;

  /// Revisions of rows that are not sealed as they should be, as [#load] has found them.
  private final List<Long> stale = new ArrayList<>();

  private boolean allSealed;

  /// The driver gives up a statement that has failed once, so all are prepared anew after a
  /// failure.
  private record Statements(
      PreparedStatement insert,
      PreparedStatement point,
      PreparedStatement unpoint,
      PreparedStatement setMeta) {
    static Statements of(Connection db) throws SQLException {
      return new Statements(
          db.prepareStatement("insert into ev(rev, prev, k, v, crc) values(?,?,?,?,?)"),
          db.prepareStatement("insert or replace into kv(k, rev) values(?,?)"),
          db.prepareStatement("delete from kv where k = ?"),
          db.prepareStatement("insert or replace into meta(k, v) values(?,?)"));
    }

    List<PreparedStatement> all() {
      return List.of(insert, point, unpoint, setMeta);
    }
  }

  private SqliteLog(Path file, Connection db, FileChannel lockFile, Sealing sealing) {
    this.sealing = sealing;
    this.file = file;
    this.db = db;
    this.lockFile = lockFile;
  }

  private Statements statements() throws SQLException {
    Statements found = prepared;
    if (found == null) {
      found = Statements.of(db);
      prepared = found;
    }
    return found;
  }

  static SqliteLog open(Path directory, Path libraries, Sealing sealing) {
    Path file = directory.resolve("berth.db");
    try {
      Files.createDirectories(directory);
      unpackLibrary(libraries);
      FileChannel lockFile = lock(directory.resolve("berth.db.lock"));
      try {
        removeUnfinishedCopies(directory);
        WalInspection.requireUndamaged(file);
        return new SqliteLog(file, connect(file), lockFile, sealing);
      } catch (SQLException | RuntimeException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StoreException("cannot open the store " + file + ": " + e.getMessage(), false, e);
    } catch (SQLException e) {
      throw new StoreException(
          "cannot open the store "
              + file
              + ": "
              + e.getMessage()
              + "; check the disk, and if that is well "
              + Advice.restore(file),
          false,
          e);
    }
  }

  /// Snapshots for backups that a kill left behind.
  private static void removeUnfinishedCopies(Path directory) throws IOException {
    try (DirectoryStream<Path> copies = Files.newDirectoryStream(directory, "backup-*.db*")) {
      for (Path copy : copies) {
        Files.delete(copy);
      }
    }
  }

  private static Connection connect(Path file) throws SQLException {
    Connection db = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement sql = db.createStatement()) {
      sql.execute("pragma page_size = 8192");
      sql.execute("pragma journal_mode = wal");
      sql.execute("pragma synchronous = full");
      // By hand instead: SQLite keeps to itself what goes wrong in a checkpoint of its own accord.
      sql.execute("pragma wal_autocheckpoint = 0");
      sql.execute("pragma journal_size_limit = 0");
      sql.execute("pragma temp_store = memory");
      sql.execute(
          "create table if not exists ev(rev integer primary key, prev integer not null, k text not"
              + " null, v blob, crc integer not null)");
      sql.execute(
          "create table if not exists kv(k text primary key, rev integer not null) without rowid");
      sql.execute(
          "create table if not exists meta(k text primary key, v integer not null) without rowid");
    }
    return db;
  }

  /// One process per store: two writers would each give out the same revisions.
  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // The same process holds it: the same refusal.
    }
    channel.close();
    throw new IOException(
        "another controller uses it (it holds " + path + "); stop that one first");
  }

  /// SQLite's native code is unpacked once and found again at the next start; the driver alone
  /// would leave a fresh copy in the temporary directory after every kill.
  private static void unpackLibrary(Path libraries) throws IOException {
    String version = org.sqlite.SQLiteJDBCLoader.getVersion();
    String folder = org.sqlite.util.OSInfo.getNativeLibFolderPathForCurrentOS();
    Path home = libraries.resolve("sqlite-" + version);
    Path library = home.resolve("libsqlitejdbc.so");
    try (InputStream packed =
        SqliteLog.class.getResourceAsStream("/org/sqlite/native/" + folder + "/libsqlitejdbc.so")) {
      if (packed == null) {
        return;
      }
      Files.createDirectories(home);
      if (!Files.exists(library)) {
        Path fresh = Files.createTempFile(home, "unpack", ".so");
        Files.copy(packed, fresh, StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    System.setProperty("org.sqlite.lib.path", home.toString());
    System.setProperty("org.sqlite.lib.name", library.getFileName().toString());
  }

  /// Reads and checks everything; called once, before the first append.
  Collection<Versioned> load() {
    try (Statement sql = db.createStatement()) {
      long floor = meta("floor");
      ceiling = meta("ceiling");
      requireCheck(floor);
      last = floor;
      Map<String, Versioned> live = new HashMap<>();
      try (ResultSet rows = sql.executeQuery("select rev, prev, k, v, crc from ev order by rev")) {
        while (rows.next()) {
          read(rows, floor, live);
        }
      }
      requirePointersAgree(live);
      allSealed = !sealing.equals(Sealing.NONE) && (last == 0 || meta(SEALED) == 1);
      return live.values();
    } catch (SQLException e) {
      throw damaged(String.valueOf(e.getMessage()));
    }
  }

  /// A store of an earlier version has no check yet.
  private void requireCheck(long floor) throws SQLException {
    long check = meta(CHECK);
    if (check != 0 && check != crc(floor, ceiling)) {
      throw damaged("the table meta does not match its checksum");
    }
    this.floor = floor;
  }

  private void read(ResultSet row, long floor, Map<String, Versioned> live) throws SQLException {
    long rev = row.getLong(1);
    long prev = row.getLong(2);
    String key = row.getString(3);
    if (key == null) {
      throw damaged("revision " + rev + " has no key");
    }
    byte @Nullable [] value = row.getBytes(4);
    if (row.getLong(5) != crc(rev, prev, key, value)) {
      throw damaged("revision " + rev + " (" + key + ") does not match its checksum");
    }
    if (rev > floor) {
      if (prev != last) {
        throw damaged(
            "revision " + rev + " follows " + prev + ", but the row before it is " + last);
      }
      last = rev;
    }
    if (value != null && !sealing.isCurrent(key, value)) {
      stale.add(rev);
    }
    Versioned old =
        value == null
            ? live.remove(key)
            : live.put(key, new Versioned(key, sealing.open(key, value), rev));
    superseded += (old == null ? 0 : 1) + (value == null ? 1 : 0);
  }

  private void requirePointersAgree(Map<String, Versioned> live) throws SQLException {
    int pointers = 0;
    try (Statement sql = db.createStatement();
        ResultSet rows = sql.executeQuery("select k, rev from kv")) {
      while (rows.next()) {
        pointers++;
        Versioned value = live.get(rows.getString(1));
        if (value == null || value.revision() != rows.getLong(2)) {
          throw damaged(
              "the row of "
                  + rows.getString(1)
                  + " at revision "
                  + rows.getLong(2)
                  + " is missing");
        }
      }
    }
    if (pointers != live.size()) {
      throw damaged(live.size() + " live keys, but " + pointers + " pointers to them");
    }
  }

  private StoreException damaged(String found) {
    return new StoreException(
        "the store "
            + file
            + " is damaged: "
            + found
            + "; acknowledged writes would be missing, so it is not opened; "
            + Advice.restore(file)
            + ", or move "
            + file.getParent()
            + " away to start empty");
  }

  Path file() {
    return file;
  }

  /// Gives out no revision below the newest one plus `gap`.
  void skip(long gap) {
    append(List.of(), newestRevision() + gap);
  }

  /// The revision to continue from: never below one that an earlier run gave out.
  long newestRevision() {
    return Math.max(last, ceiling);
  }

  void append(List<Change> changes, long newest) {
    if (changes.isEmpty() && newest < ceiling) {
      return;
    }
    long lastBefore = last;
    long ceilingBefore = ceiling;
    // Before the transaction: what cannot be sealed has then not happened.
    List<Optional<byte[]>> stored = changes.stream().map(this::stored).toList();
    try {
      execute("begin immediate");
      for (int i = 0; i < stored.size(); i++) {
        append(changes.get(i), stored.get(i).orElse(null));
      }
      if (newest >= ceiling) {
        ceiling = newest + CEILING_BLOCK;
        setMarks();
      }
      execute("commit");
    } catch (SQLException e) {
      last = lastBefore;
      ceiling = ceilingBefore;
      rollBack(e);
      throw refused(e);
    }
  }

  private Optional<byte[]> stored(Change change) {
    return Optional.ofNullable(change.live())
        .map(value -> sealing.seal(value.key(), value.bytes()));
  }

  private void append(Change change, byte @Nullable [] bytes) throws SQLException {
    Versioned value = change.live();
    PreparedStatement insert = statements().insert();
    insert.setLong(1, change.revision());
    insert.setLong(2, last);
    insert.setString(3, change.key());
    insert.setBytes(4, bytes);
    insert.setLong(5, crc(change.revision(), last, change.key(), bytes));
    insert.executeUpdate();
    if (value == null) {
      PreparedStatement unpoint = statements().unpoint();
      unpoint.setString(1, change.key());
      unpoint.executeUpdate();
    } else {
      PreparedStatement point = statements().point();
      point.setString(1, change.key());
      point.setLong(2, change.revision());
      point.executeUpdate();
    }
    superseded += (change.before() == null ? 0 : 1) + (value == null ? 1 : 0);
    last = change.revision();
  }

  /// Seals what [#load] has found open, or under an older key, where it lies: no revision changes.
  /// What a file had open before is then made anew, because its free pages hold copies.
  ///
  /// @throws StoreException also when the disk is full: all is then as it was
  void reseal() {
    if (sealing.equals(Sealing.NONE) || (allSealed && stale.isEmpty())) {
      return;
    }
    try {
      execute("pragma secure_delete = on");
      execute("begin immediate");
      for (long rev : stale) {
        reseal(rev);
      }
      execute("commit");
      if (!allSealed) {
        closeStatements();
        execute("vacuum");
        setMeta(SEALED, 1);
        allSealed = true;
      }
      checkpoint();
      execute("pragma secure_delete = off");
      stale.clear();
    } catch (SQLException e) {
      rollBack(e);
      throw refused(e);
    }
  }

  private void reseal(long rev) throws SQLException {
    try (PreparedStatement find = db.prepareStatement("select prev, k, v from ev where rev = ?");
        PreparedStatement put = db.prepareStatement("update ev set v = ?, crc = ? where rev = ?")) {
      find.setLong(1, rev);
      try (ResultSet row = find.executeQuery()) {
        long prev = row.getLong(1);
        String key = row.getString(2);
        byte[] value = sealing.seal(key, sealing.open(key, row.getBytes(3)));
        put.setBytes(1, value);
        put.setLong(2, crc(rev, prev, key, value));
        put.setLong(3, rev);
      }
      put.executeUpdate();
    }
  }

  /// SQLite may have rolled back already, as it does when the disk is full: then there is nothing
  /// to roll back. The driver's own transactions cannot tell the two apart, so they are not used.
  private void rollBack(SQLException cause) {
    try {
      closeStatements();
      execute("rollback");
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private void closeStatements() throws SQLException {
    Statements found = prepared;
    prepared = null;
    if (found != null) {
      for (PreparedStatement statement : found.all()) {
        statement.close();
      }
    }
  }

  private void execute(String command) throws SQLException {
    try (Statement sql = db.createStatement()) {
      sql.execute(command);
    }
  }

  /// A full disk is no damage: nothing of the transaction was kept, and it can be tried again. The
  /// log's index cannot grow either then, which SQLite reports with a word of its own.
  private StoreException refused(SQLException e) {
    boolean full =
        e.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code
            || (e instanceof SQLiteException sqlite
                && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);
    return full
        ? new StoreException(
            "no space is left for the store: "
                + free()
                + " bytes are free in "
                + file.getParent()
                + "; free some space on that disk: writes are then taken again",
            true,
            e)
        : new StoreException(
            "cannot write to the store "
                + file
                + ": "
                + e.getMessage()
                + "; nothing more is written until a restart recovers from its log: check the disk"
                + " and restart Berth",
            false,
            e);
  }

  private String free() {
    try {
      return Long.toString(Files.getFileStore(file.getParent()).getUsableSpace());
    } catch (IOException e) {
      return "unknown";
    }
  }

  /// Housekeeping, called when nobody waits: superseded rows go once they are many, and a long log
  /// is moved into the database.
  void tidy() {
    try {
      if (superseded >= COMPACT_AFTER) {
        compact();
      } else if (walSize() > CHECKPOINT_AFTER) {
        checkpoint();
      }
    } catch (SQLException e) {
      rollBack(e);
      throw refused(e);
    }
  }

  /// A store under constant writes is never idle: its log must end nevertheless.
  boolean isLogTooLong() {
    return walSize() > 4 * CHECKPOINT_AFTER;
  }

  private long walSize() {
    return file.resolveSibling(file.getFileName() + "-wal").toFile().length();
  }

  private void compact() throws SQLException {
    long before = floor;
    try {
      execute("begin immediate");
      execute("delete from ev where rev not in (select rev from kv)");
      floor = last;
      setMarks();
      execute("commit");
    } catch (SQLException e) {
      floor = before;
      throw e;
    }
    superseded = 0;
    shrink();
    checkpoint();
  }

  /// Freed pages are used again, so the file is made anew only when most of it is empty.
  private void shrink() throws SQLException {
    long pages = pragma("page_count");
    if (pages > FEW_PAGES && pragma("freelist_count") > pages / 3) {
      closeStatements();
      execute("vacuum");
    }
  }

  private void checkpoint() throws SQLException {
    execute("pragma wal_checkpoint(truncate)");
  }

  private long pragma(String name) throws SQLException {
    try (Statement sql = db.createStatement();
        ResultSet row = sql.executeQuery("pragma " + name)) {
      return row.getLong(1);
    }
  }

  /// Leaves the connection open until the process ends: closing it would move the log into the
  /// database and fsync both, and after a failed fsync another one proves nothing.
  void abandon() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new StoreException("cannot close the lock of the store " + file, false, e);
    }
  }

  private long meta(String key) throws SQLException {
    try (PreparedStatement sql = db.prepareStatement("select v from meta where k = ?")) {
      sql.setString(1, key);
      try (ResultSet row = sql.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private void setMarks() throws SQLException {
    setMeta("floor", floor);
    setMeta("ceiling", ceiling);
    setMeta(CHECK, crc(floor, ceiling));
    if (allSealed) {
      setMeta(SEALED, 1);
    }
  }

  /// Never zero, which stands for none.
  private static long crc(long floor, long ceiling) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(16).putLong(floor).putLong(ceiling).flip());
    return crc.getValue() | 1L << 32;
  }

  private void setMeta(String key, long value) throws SQLException {
    PreparedStatement setMeta = statements().setMeta();
    setMeta.setString(1, key);
    setMeta.setLong(2, value);
    setMeta.executeUpdate();
  }

  private static long crc(long rev, long prev, String key, byte @Nullable [] value) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(16).putLong(rev).putLong(prev).flip());
    crc.update(key.getBytes(StandardCharsets.UTF_8));
    crc.update(value == null ? 0 : 1);
    if (value != null) {
      crc.update(value);
    }
    return crc.getValue();
  }

  @Override
  public void close() {
    List<Exception> problems = new ArrayList<>();
    try {
      db.close();
    } catch (SQLException e) {
      problems.add(e);
    }
    try {
      lockFile.close();
    } catch (IOException e) {
      problems.add(e);
    }
    if (!problems.isEmpty()) {
      throw new StoreException("cannot close the store " + file, false, problems.getFirst());
    }
  }
}
