package io.trencadis.cli.bench;

import io.trencadis.base.Clock;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/// Fills TPC-H's tables, in pieces that several connections take in turn, a COPY each.
final class TpchLoader {
  private static final long TELL_NANOS = 3_000_000_000L;
  private static final int PIECE = 50_000;

  private final DataSource connections;
  private final TpchScale scale;
  private final TpchRows rows;
  private final Clock clock;
  private final PrintWriter out;
  private long sent;
  private long told;

  TpchLoader(DataSource connections, TpchScale scale, long seed, Clock clock, PrintWriter out) {
    this.connections = connections;
    this.scale = scale;
    this.rows = new TpchRows(scale, seed);
    this.clock = clock;
    this.out = out;
    told = clock.nanoTime();
  }

  private interface Filling {
    void fill(CopyRows to) throws SQLException;
  }

  private interface Row {
    void add(CopyRows to, int number) throws SQLException;
  }

  private record Piece(String table, Filling filling) {}

  /// Makes the tables anew and fills them.
  ///
  /// @param workers how many pieces are loaded at a time
  void load(int workers) throws SQLException, InterruptedException {
    execute(TpchSchema.DROP);
    execute(TpchSchema.TABLES);
    ConcurrentLinkedQueue<Piece> pieces = new ConcurrentLinkedQueue<>();
    pieces.add(new Piece("region", rows::regions));
    pieces.add(new Piece("nation", rows::nations));
    cut(pieces, "supplier", scale.suppliers(), PIECE, rows::supplier);
    cut(pieces, "part", scale.parts(), PIECE, rows::part);
    cut(pieces, "partsupp", scale.parts(), PIECE / 4, rows::suppliersOfPart);
    cut(pieces, "customer", scale.customers(), PIECE, rows::customer);
    cut(pieces, "orders", scale.orders(), PIECE, (to, i) -> rows.order(to, null, i));
    cut(pieces, "lineitem", scale.orders(), PIECE / 4, (to, i) -> rows.order(null, to, i));
    List<Future<?>> done = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
      for (int i = 0; i < workers; i++) {
        done.add(
            threads.submit(
                () -> {
                  copy(pieces);
                  return null;
                }));
      }
      for (Future<?> worker : done) {
        worker.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException sql ? sql : new SQLException(e.getCause());
    }
    say("Loaded " + sent + " rows; now indexes, foreign keys and statistics.");
    execute(TpchSchema.KEYS);
  }

  private static void cut(
      ConcurrentLinkedQueue<Piece> pieces, String table, int count, int size, Row row) {
    for (int first = 1; first <= count; first += size) {
      int begin = first;
      int end = Math.min(count + 1, first + size);
      pieces.add(
          new Piece(
              table,
              to -> {
                for (int i = begin; i < end; i++) {
                  row.add(to, i);
                }
              }));
    }
  }

  private void copy(ConcurrentLinkedQueue<Piece> pieces) throws SQLException {
    try (Connection connection = connections.getConnection()) {
      for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
        try (CopyRows to =
            new CopyRows(connection, TpchSchema.NAME + "." + piece.table(), this::sent)) {
          piece.filling().fill(to);
          to.finish();
        }
      }
    }
  }

  private void execute(List<String> statements) throws SQLException {
    try (Connection connection = connections.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
        tell(sql.lines().findFirst().orElse(""));
      }
    }
  }

  private synchronized void sent(long more) {
    sent += more;
    tell(sent + " rows so far.");
  }

  private synchronized void tell(String where) {
    if (clock.nanoTime() - told >= TELL_NANOS) {
      told = clock.nanoTime();
      say("Loading: " + where);
    }
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
