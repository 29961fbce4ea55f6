package io.trencadis.cli.bench;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongConsumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Rows on their way into a table through COPY in its text format. Values are written as they are:
/// those of the benchmarks contain nothing that would need escaping. Confined to one thread.
final class CopyRows implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final CopyIn copy;
  private final LongConsumer progress;
  private final StringBuilder text = new StringBuilder(CHUNK + 2048);
  private long rows;
  private long told;

  /// @param table with its schema
  /// @param progress told how many rows more were sent
  CopyRows(Connection connection, String table, LongConsumer progress) throws SQLException {
    copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + table + " FROM STDIN");
    this.progress = progress;
  }

  /// Adds a row; null is NULL.
  void add(Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        text.append('\t');
      }
      text.append(values[i] == null ? "\\N" : values[i].toString());
    }
    text.append('\n');
    rows++;
    if (text.length() >= CHUNK) {
      send();
    }
  }

  /// Ends the copy, so that its rows are in the transaction.
  void finish() throws SQLException {
    send();
    long taken = copy.endCopy();
    if (taken != rows) {
      throw new SQLException("sent " + rows + " rows, of which the server took " + taken, "58000");
    }
  }

  private void send() throws SQLException {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    text.setLength(0);
    progress.accept(rows - told);
    told = rows;
  }

  /// Calls it off, unless it was finished.
  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }
}
