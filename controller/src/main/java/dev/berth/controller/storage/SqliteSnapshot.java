package dev.berth.controller.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/// Copies a store's file while its writer goes on: a second, reading connection sees one commit and
/// everything before it, whatever is committed meanwhile.
final class SqliteSnapshot {
  private SqliteSnapshot() {}

  static Snapshot write(Path store, Path target) {
    SQLiteConfig reading = new SQLiteConfig();
    reading.setReadOnly(true);
    try (Connection db =
            DriverManager.getConnection("jdbc:sqlite:" + store, reading.toProperties());
        PreparedStatement sql = db.prepareStatement("vacuum into ?")) {
      sql.setString(1, target.toString());
      sql.execute();
      return describe(target);
    } catch (SQLException e) {
      boolean full = e.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code;
      throw new StoreException(
          "cannot copy the store to " + target + ": " + e.getMessage(), full, e);
    }
  }

  private static Snapshot describe(Path file) throws SQLException {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = db.createStatement();
        ResultSet row =
            sql.executeQuery("select (select max(rev) from ev), (select count(*) from kv)")) {
      return new Snapshot(row.getLong(1), row.getLong(2));
    }
  }
}
