package io.trencadis.wire;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.session.ResponseSink;
import io.trencadis.sql.session.ResultColumn;
import io.trencadis.sql.session.RowFormat;
import io.trencadis.sql.session.SqlSession;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import io.trencadis.txn.WouldBlockException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// A session whose statements are words: `rows n`, `wide n`, `echo` (returns `$1`), `sleep millis`,
/// `error`, `fatal`, `bug`, `overflow`, `warn`, `begin`, `commit`, `set name value`, `copyin`,
/// `copyout n`, `lock` (blocks where it may, after a row) and `slow` (never runs without blocking).
/// Counts when two threads are inside at once.
final class FakeSession implements SqlSession {
  private final FakeEngine engine;
  private final AtomicReference<Thread> inside = new AtomicReference<>();
  private final Map<String, String> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();
  private volatile CountDownLatch sleeping;
  private volatile SqlException cancelled;
  private TransactionStatus status = TransactionStatus.IDLE;
  private boolean mayBlock = true;

  private static final class Portal {
    String sql;
    byte[][] parameters;
    RowFormat format;
    int sent;
  }

  FakeSession(FakeEngine engine) {
    this.engine = engine;
  }

  private <T> T alone(Supplier<T> body) {
    Thread me = Thread.currentThread();
    Thread other = inside.compareAndExchange(null, me);
    if (other != null) {
      engine.overlaps.incrementAndGet();
    }
    if (me.isVirtual() != mayBlock) {
      engine.overlaps.incrementAndGet();
    }
    (me.isVirtual() ? engine.onThread : engine.onLoop).incrementAndGet();
    try {
      return body.get();
    } finally {
      inside.set(null);
    }
  }

  private void alone(Runnable body) {
    alone(
        () -> {
          body.run();
          return null;
        });
  }

  @Override
  public void awaitFollowed() {
    engine.following.run();
  }

  private static List<ResultColumn> columns(String sql) {
    return switch (sql.split(" ")[0]) {
      case "rows" ->
          List.of(
              new ResultColumn("i", Types.INT4, -1, 0, 0),
              new ResultColumn("t", Types.TEXT, -1, 0, 0));
      case "wide", "echo", "lock" -> List.of(new ResultColumn("t", Types.TEXT, -1, 0, 0));
      default -> null;
    };
  }

  @Override
  public void query(String sql, ResponseSink sink) {
    alone(
        () -> {
          if (sql.isBlank()) {
            sink.emptyQuery();
            return;
          }
          for (String one : sql.split(";")) {
            Portal portal = new Portal();
            portal.sql = one.strip();
            portal.parameters = new byte[0][];
            List<ResultColumn> columns = columns(portal.sql);
            if (columns != null) {
              portal.format = new RowFormat(columns, new short[0], TypeContext.DEFAULTS);
              sink.rowDescription(portal.format);
            }
            run(portal, 0, sink);
          }
        });
  }

  private void run(Portal portal, int maxRows, ResponseSink sink) {
    String[] words = portal.sql.split(" ");
    switch (words[0]) {
      case "rows", "wide" -> {
        int total = Integer.parseInt(words[1]);
        String wide = "x".repeat(1000);
        int batch = 0;
        while (portal.sent < total) {
          if (maxRows > 0 && batch++ == maxRows) {
            sink.suspended();
            return;
          }
          check();
          portal.sent++;
          sink.row(
              portal.format,
              words[0].equals("wide")
                  ? new Object[] {wide}
                  : new Object[] {portal.sent, "row " + portal.sent});
        }
        sink.complete("SELECT " + total);
      }
      case "echo" -> {
        String value = portal.parameters.length == 0 ? "nothing" : text(portal.parameters[0]);
        sink.row(portal.format, new Object[] {value});
        sink.complete("SELECT 1");
      }
      case "lock" -> {
        sink.row(portal.format, new Object[] {"locked"});
        if (!mayBlock) {
          throw WouldBlockException.INSTANCE;
        }
        sink.complete("SELECT 1");
      }
      case "sleep" -> sleep(Long.parseLong(words[1]), sink);
      case "error" ->
          throw new SqlException(SqlState.SYNTAX_ERROR, "syntax error at or near \"error\"")
              .detail("some detail")
              .hint("some hint")
              .at(portal.sql.indexOf("here"));
      case "fatal" ->
          throw new SqlException(SqlState.DATABASE_DROPPED, "database is gone").asFatal();
      case "bug" -> throw new IllegalStateException("secret data");
      case "overflow" -> overflow(1);
      case "warn" -> {
        sink.notice(new Notice("WARNING", SqlState.WARNING, "look out", "detail", "hint"));
        sink.complete("WARN");
      }
      case "begin" -> {
        status = TransactionStatus.IN_TRANSACTION;
        sink.complete("BEGIN");
      }
      case "commit" -> {
        status = TransactionStatus.IDLE;
        sink.complete("COMMIT");
      }
      case "set" -> {
        sink.parameterStatus(words[1], words[2]);
        sink.complete("SET");
      }
      case "copyin" -> {
        ResponseSink.CopySource source = sink.copyIn(false, 2);
        int bytes = 0;
        for (byte[] piece = source.next(); piece != null; piece = source.next()) {
          bytes += piece.length;
        }
        sink.complete("COPY " + bytes);
      }
      case "copyout" -> {
        int rows = Integer.parseInt(words[1]);
        sink.copyOut(false, 1);
        for (int i = 0; i < rows; i++) {
          byte[] row = ("row " + i + "\n").getBytes(StandardCharsets.UTF_8);
          sink.copyData(row, 0, row.length);
        }
        sink.copyDone();
        sink.complete("COPY " + rows);
      }
      default -> sink.complete(words[0].toUpperCase(java.util.Locale.ROOT));
    }
  }

  private static String text(byte[] value) {
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  private static int overflow(int depth) {
    return depth < 0 ? 0 : overflow(depth + 1) + 1;
  }

  private void check() {
    SqlException reason = cancelled;
    if (reason != null) {
      cancelled = null;
      throw reason;
    }
  }

  private void sleep(long millis, ResponseSink sink) {
    CountDownLatch latch = new CountDownLatch(1);
    sleeping = latch;
    try {
      if (latch.await(millis, TimeUnit.MILLISECONDS)) {
        check();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      sleeping = null;
    }
    sink.complete("SLEEP");
  }

  @Override
  public void parse(String name, String sql, int[] parameterTypes, ResponseSink sink) {
    alone(
        () -> {
          if (sql.startsWith("badparse")) {
            throw new SqlException(SqlState.SYNTAX_ERROR, "syntax error").at(sql.indexOf("here"));
          }
          statements.put(name, sql);
        });
  }

  @Override
  public void bind(
      String portal,
      String statement,
      short[] parameterFormats,
      byte[][] parameters,
      short[] resultFormats,
      ResponseSink sink) {
    alone(
        () -> {
          Portal made = new Portal();
          made.sql = statement(statement);
          made.parameters = parameters;
          List<ResultColumn> columns = columns(made.sql);
          made.format =
              columns == null ? null : new RowFormat(columns, resultFormats, TypeContext.DEFAULTS);
          portals.put(portal, made);
        });
  }

  private String statement(String name) {
    String sql = statements.get(name);
    if (sql == null) {
      throw new SqlException(
          SqlState.INVALID_SQL_STATEMENT_NAME,
          "prepared statement \"" + name + "\" does not exist");
    }
    return sql;
  }

  @Override
  public StatementDescription describeStatement(String name) {
    return alone(
        () -> {
          String sql = statement(name);
          return new StatementDescription(
              sql.startsWith("echo") ? new int[] {25} : new int[0], columns(sql));
        });
  }

  @Override
  public RowFormat describePortal(String name) {
    return alone(() -> portals.get(name).format);
  }

  @Override
  public void execute(String portal, int maxRows, ResponseSink sink) {
    alone(() -> run(portals.get(portal), maxRows, sink));
  }

  @Override
  public void closeStatement(String name) {
    alone(
        () -> {
          statements.remove(name);
        });
  }

  @Override
  public void closePortal(String name) {
    alone(
        () -> {
          portals.remove(name);
        });
  }

  @Override
  public void sync(ResponseSink sink) {
    alone(() -> {});
  }

  @Override
  public void failed() {
    if (status == TransactionStatus.IN_TRANSACTION) {
      status = TransactionStatus.FAILED;
    }
  }

  @Override
  public TransactionStatus status() {
    return status;
  }

  @Override
  public long idleTimeoutMillis() {
    return 0;
  }

  @Override
  public boolean runsWithoutBlocking(Request request, String text) {
    String sql =
        switch (request) {
          case QUERY, PARSE -> text;
          case BIND -> statements.getOrDefault(text, "");
          case EXECUTE -> portals.containsKey(text) ? portals.get(text).sql : "";
          case SYNC -> "";
        };
    return request == Request.PARSE
        || !(sql.contains("sleep")
            || sql.contains("copyin")
            || sql.contains("slow")
            || sql.contains("wide"));
  }

  @Override
  public void mayBlock(boolean allowed) {
    mayBlock = allowed;
  }

  @Override
  public void cancel(SqlException reason) {
    CountDownLatch latch = sleeping;
    if (latch != null || reason.fatal()) {
      cancelled = reason;
    }
    if (latch != null) {
      latch.countDown();
    }
  }

  @Override
  public Map<String, String> reportedSettings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("server_version", "15.0");
    settings.put("client_encoding", "UTF8");
    settings.put("DateStyle", "ISO, MDY");
    settings.put("integer_datetimes", "on");
    settings.put("standard_conforming_strings", "on");
    settings.put("TimeZone", "UTC");
    return settings;
  }

  @Override
  public void close() {
    engine.closed.incrementAndGet();
  }
}
