package io.trencadis.cli.bench;

import io.trencadis.base.Clock;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/// Fills the tables as clause 4.3.3 says, a warehouse at a time on each connection, and a
/// transaction a table and warehouse. What the rows are hangs on the seed alone.
final class TpccLoader {
  private static final long TELL_NANOS = 3_000_000_000L;

  private final DataSource pool;
  private final TpccScale scale;
  private final TpccConstants constants;
  private final long seed;
  private final Clock clock;
  private final PrintWriter out;
  private final String since;
  private long rows;
  private long told;

  TpccLoader(
      DataSource pool,
      TpccScale scale,
      TpccConstants constants,
      long seed,
      Clock clock,
      PrintWriter out) {
    this.pool = pool;
    this.scale = scale;
    this.constants = constants;
    this.seed = seed;
    this.clock = clock;
    this.out = out;
    since =
        LocalDateTime.ofEpochSecond(clock.currentMillis() / 1000, 0, ZoneOffset.UTC)
            .toString()
            .replace('T', ' ');
    told = clock.nanoTime();
  }

  /// Makes the tables anew and fills them.
  ///
  /// @param workers how many warehouses are loaded at a time
  void load(int workers) throws SQLException, InterruptedException {
    execute(TpccSchema.DROP);
    execute(TpccSchema.TABLES);
    items();
    AtomicInteger next = new AtomicInteger(1);
    List<Future<?>> done = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
      for (int i = 0; i < workers; i++) {
        done.add(
            threads.submit(
                () -> {
                  int warehouse;
                  while ((warehouse = next.getAndIncrement()) <= scale.warehouses()) {
                    warehouse(warehouse);
                  }
                  return null;
                }));
      }
      for (Future<?> worker : done) {
        worker.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException sql ? sql : new SQLException(e.getCause());
    }
    say("Loaded " + rows + " rows; now indexes and foreign keys.");
    execute(TpccSchema.KEYS);
  }

  private void execute(List<String> statements) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      // VACUUM refuses to be part of a transaction.
      connection.setAutoCommit(true);
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private TpccRandom random(int warehouse) {
    return new TpccRandom(constants, new SplittableRandom(seed * 1_000_003 + warehouse));
  }

  private interface Filling {
    void fill(CopyRows rows) throws SQLException;
  }

  private void copy(Connection connection, String table, Filling filling) throws SQLException {
    try (CopyRows copy = new CopyRows(connection, TpccSchema.NAME + "." + table, this::sent)) {
      filling.fill(copy);
      copy.finish();
    }
    connection.commit();
  }

  private synchronized void sent(long more) {
    rows += more;
    if (clock.nanoTime() - told >= TELL_NANOS) {
      told = clock.nanoTime();
      say("Loading: " + rows + " rows so far.");
    }
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  private void items() throws SQLException {
    TpccRandom random = random(0);
    try (Connection connection = pool.getConnection()) {
      copy(
          connection,
          "item",
          to -> {
            for (int item = 1; item <= scale.items(); item++) {
              to.add(
                  item,
                  random.uniform(1, 10_000),
                  random.letters(14, 24),
                  random.money(100, 10_000),
                  random.data());
            }
          });
    }
  }

  private void warehouse(int warehouse) throws SQLException {
    TpccRandom random = random(warehouse);
    BigDecimal ytd = BigDecimal.valueOf(10L * scale.customers());
    int[][] lines = new int[TpccScale.DISTRICTS + 1][scale.customers() + 1];
    try (Connection connection = pool.getConnection()) {
      copy(
          connection,
          "warehouse",
          to ->
              to.add(
                  warehouse,
                  random.letters(6, 10),
                  random.letters(10, 20),
                  random.letters(10, 20),
                  random.letters(10, 20),
                  random.letters(2, 2),
                  random.zip(),
                  random.rate(2000),
                  ytd.multiply(BigDecimal.TEN)));
      copy(connection, "stock", to -> stock(to, random, warehouse));
      copy(connection, "district", to -> districts(to, random, warehouse, ytd));
      copy(connection, "customer", to -> customers(to, random, warehouse));
      copy(connection, "history", to -> history(to, random, warehouse));
      copy(connection, "orders", to -> orders(to, random, warehouse, lines));
      copy(connection, "order_line", to -> orderLines(to, random, warehouse, lines));
      copy(connection, "new_order", to -> newOrders(to, warehouse));
    }
  }

  private void stock(CopyRows to, TpccRandom random, int warehouse) throws SQLException {
    Object[] row = new Object[17];
    for (int item = 1; item <= scale.items(); item++) {
      row[0] = item;
      row[1] = warehouse;
      row[2] = random.uniform(10, 100);
      for (int district = 1; district <= TpccScale.DISTRICTS; district++) {
        row[2 + district] = random.letters(24, 24);
      }
      row[13] = 0;
      row[14] = 0;
      row[15] = 0;
      row[16] = random.data();
      to.add(row);
    }
  }

  private void districts(CopyRows to, TpccRandom random, int warehouse, BigDecimal ytd)
      throws SQLException {
    for (int district = 1; district <= TpccScale.DISTRICTS; district++) {
      to.add(
          district,
          warehouse,
          random.letters(6, 10),
          random.letters(10, 20),
          random.letters(10, 20),
          random.letters(10, 20),
          random.letters(2, 2),
          random.zip(),
          random.rate(2000),
          ytd,
          scale.customers() + 1);
    }
  }

  private void customers(CopyRows to, TpccRandom random, int warehouse) throws SQLException {
    for (int district = 1; district <= TpccScale.DISTRICTS; district++) {
      for (int customer = 1; customer <= scale.customers(); customer++) {
        to.add(
            customer,
            district,
            warehouse,
            random.letters(8, 16),
            "OE",
            customer <= scale.names()
                ? TpccRandom.lastName(customer - 1)
                : random.lastNameToLoad(scale.names()),
            random.letters(10, 20),
            random.letters(10, 20),
            random.letters(10, 20),
            random.letters(2, 2),
            random.zip(),
            random.digits(16, 16),
            since,
            random.uniform(1, 10) == 1 ? "BC" : "GC",
            "50000.00",
            random.rate(5000),
            "-10.00",
            "10.00",
            1,
            0,
            random.letters(300, 500));
      }
    }
  }

  private void history(CopyRows to, TpccRandom random, int warehouse) throws SQLException {
    for (int district = 1; district <= TpccScale.DISTRICTS; district++) {
      for (int customer = 1; customer <= scale.customers(); customer++) {
        to.add(
            customer,
            district,
            warehouse,
            district,
            warehouse,
            since,
            "10.00",
            random.letters(12, 24));
      }
    }
  }

  private void orders(CopyRows to, TpccRandom random, int warehouse, int[][] lines)
      throws SQLException {
    for (int district = 1; district <= TpccScale.DISTRICTS; district++) {
      int[] customers = random.permutation(scale.customers());
      for (int order = 1; order <= scale.customers(); order++) {
        lines[district][order] = random.uniform(5, 15);
        to.add(
            order,
            district,
            warehouse,
            customers[order - 1],
            since,
            order <= scale.delivered() ? random.uniform(1, 10) : null,
            lines[district][order],
            1);
      }
    }
  }

  private void orderLines(CopyRows to, TpccRandom random, int warehouse, int[][] lines)
      throws SQLException {
    for (int district = 1; district <= TpccScale.DISTRICTS; district++) {
      for (int order = 1; order <= scale.customers(); order++) {
        boolean delivered = order <= scale.delivered();
        for (int line = 1; line <= lines[district][order]; line++) {
          to.add(
              order,
              district,
              warehouse,
              line,
              random.uniform(1, scale.items()),
              warehouse,
              delivered ? since : null,
              5,
              delivered ? "0.00" : random.money(1, 999_999),
              random.letters(24, 24));
        }
      }
    }
  }

  private void newOrders(CopyRows to, int warehouse) throws SQLException {
    for (int district = 1; district <= TpccScale.DISTRICTS; district++) {
      for (int order = scale.delivered() + 1; order <= scale.customers(); order++) {
        to.add(order, district, warehouse);
      }
    }
  }
}
