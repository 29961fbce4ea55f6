package io.trencadis.sql.session;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.NodeStore;
import io.trencadis.sql.session.settings.SettingsRegistry;
import io.trencadis.sql.system.CatalogAnswers;
import io.trencadis.sql.system.SystemCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs SQL against an engine in this process and gives its answers as text, one line a row.
final class SqlScript implements ResponseSink {
  private final SqlSession session;
  private final List<String> lines = new ArrayList<>();
  private final Shown shown;
  private boolean described;

  /// What is shown of errors beside code and text.
  enum Shown {
    TEXT,
    /// Details, hints and constraints as well.
    DETAILS,
    /// And where in the statement they are.
    POSITIONS
  }

  static LocalSqlEngine engine() {
    return engine(NodeStore.inMemory(4));
  }

  /// A server on a store that may have been used before.
  static LocalSqlEngine engine(NodeStore store) {
    return engine(store, Outside.real(), 0);
  }

  /// @param settings the server's values
  static LocalSqlEngine engine(NodeStore store, Map<String, String> settings) {
    SystemCatalog catalog = new SystemCatalog();
    return new LocalSqlEngine(
        new Node(Outside.real(), store),
        Outside.real(),
        new SettingsRegistry(settings),
        catalog,
        new CatalogAnswers(catalog),
        password -> password,
        null);
  }

  /// @param historyMillis how long the past can be read
  static LocalSqlEngine engine(NodeStore store, Outside outside, long historyMillis) {
    SystemCatalog catalog = new SystemCatalog();
    return new LocalSqlEngine(
        new Node(outside, store, historyMillis),
        outside,
        new SettingsRegistry(Map.of("TimeZone", "UTC")),
        catalog,
        new CatalogAnswers(catalog),
        password -> password,
        null);
  }

  SqlScript(LocalSqlEngine engine) {
    this(engine, Shown.TEXT, 1);
  }

  SqlScript(LocalSqlEngine engine, int processId) {
    this(engine, Shown.TEXT, processId);
  }

  SqlScript(LocalSqlEngine engine, Shown shown) {
    this(engine, shown, 1);
  }

  private SqlScript(LocalSqlEngine engine, Shown shown, int processId) {
    this(engine, shown, Map.of("user", "postgres"), processId);
  }

  /// @param startup what the client says of itself
  SqlScript(LocalSqlEngine engine, Shown shown, Map<String, String> startup, int processId) {
    this.shown = shown;
    session = engine.open(startup, processId, Endpoints.NONE);
  }

  /// Over a session that was opened elsewhere.
  SqlScript(SqlSession session) {
    this.session = session;
    this.shown = Shown.TEXT;
  }

  SqlSession session() {
    return session;
  }

  /// The answers of a simple query as `psql -At` prints them: rows as `a|b`; tags of what gives no
  /// rows; errors as `ERROR 42601: text`.
  List<String> run(String sql) {
    lines.clear();
    try {
      session.query(sql, this);
    } catch (SqlException e) {
      described = false;
      lines.add("ERROR " + e.code() + ": " + e.getMessage());
      if (shown != Shown.TEXT) {
        addDetails(e);
      }
      if (shown == Shown.POSITIONS && e.position() > 0) {
        lines.add("POSITION: " + e.position());
      }
    }
    return List.copyOf(lines);
  }

  /// What the session has answered since this was asked last, or since the last simple query began.
  List<String> answered() {
    List<String> all = List.copyOf(lines);
    lines.clear();
    return all;
  }

  /// The notifications that the session may be sent now.
  List<String> deliver() {
    lines.clear();
    session.deliverNotifications(this);
    return List.copyOf(lines);
  }

  private void addDetails(SqlException e) {
    addField("DETAIL", e.fields().get(SqlException.Field.DETAIL));
    addField("HINT", e.fields().get(SqlException.Field.HINT));
    addField("CONSTRAINT NAME", e.fields().get(SqlException.Field.CONSTRAINT_NAME));
  }

  private void addField(String name, String text) {
    if (text != null) {
      lines.addAll(List.of((name + ": " + text).split("\n")));
    }
  }

  @Override
  public void rowDescription(RowFormat format) {
    described = true;
  }

  @Override
  public void row(RowFormat format, Object[] values) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      cells.add(
          values[i] == null ? "" : format.type(i).codec().format(values[i], format.context()));
    }
    lines.add(String.join("|", cells));
  }

  @Override
  public void complete(String tag) {
    boolean rowsSayItAll =
        described
            && (tag.startsWith("SELECT")
                || tag.startsWith("SHOW")
                || tag.startsWith("FETCH")
                || tag.equals("CALL")
                || tag.equals("EXPLAIN"));
    if (!rowsSayItAll) {
      lines.add(tag);
    }
    described = false;
  }

  @Override
  public void emptyQuery() {
    lines.add("(empty)");
  }

  @Override
  public void suspended() {
    lines.add("(suspended)");
  }

  @Override
  public void notice(Notice notice) {
    lines.add(notice.severity() + ": " + notice.message());
    if (shown != Shown.TEXT) {
      addField("DETAIL", notice.detail());
      addField("HINT", notice.hint());
    }
  }

  @Override
  public void parameterStatus(String name, String value) {}

  @Override
  public void notification(int processId, String channel, String payload) {
    lines.add(processId + " " + channel + " " + payload);
  }

  @Override
  public CopySource copyIn(boolean binary, int columns) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void copyOut(boolean binary, int columns) {}

  @Override
  public void copyData(byte[] bytes, int offset, int length) {
    lines.add(
        new String(bytes, offset, length, java.nio.charset.StandardCharsets.UTF_8).stripTrailing());
  }

  @Override
  public void copyDone() {}
}
