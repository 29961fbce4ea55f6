package io.trencadis.sql.session;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.NodeStore;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.functions.SystemViews;
import io.trencadis.sql.session.settings.SettingsRegistry;
import io.trencadis.sql.system.CatalogAnswers;
import io.trencadis.sql.system.SystemCatalog;
import io.trencadis.sql.types.PgType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Runs SQL against an engine in this process and gives its answers as text, one line a row.
final class SqlScript implements ResponseSink {
  private static final SystemViews NO_VIEWS =
      new SystemViews() {
        @Override
        public SystemView find(String schema, String name) {
          return null;
        }

        @Override
        public SystemView byOid(int oid) {
          return null;
        }

        @Override
        public Collection<SystemView> all() {
          return List.of();
        }
      };

  private static final CatalogFunctions NO_FUNCTIONS =
      new CatalogFunctions() {
        @Override
        public Object call(String prosrc, Object[] args, CatalogAccess access) {
          throw SqlException.notSupported("function " + prosrc);
        }

        @Override
        public long lookupReg(PgType regType, String text, CatalogAccess access) {
          var found = access.names().findRelation(io.trencadis.sql.ast.QualifiedName.of(text, -1));
          return found == null ? -1 : found.oid();
        }

        @Override
        public String regName(PgType regType, long oid, CatalogAccess access) {
          return null;
        }
      };

  private final SqlSession session;
  private final List<String> lines = new ArrayList<>();
  private boolean described;

  static LocalSqlEngine engine() {
    return engine(NodeStore.inMemory(4));
  }

  /// A server on a store that may have been used before.
  static LocalSqlEngine engine(NodeStore store) {
    Outside outside = Outside.real();
    return new LocalSqlEngine(
        new Node(outside, store),
        outside,
        new SettingsRegistry(Map.of("TimeZone", "UTC")),
        NO_VIEWS,
        NO_FUNCTIONS,
        password -> password,
        null);
  }

  /// A server with its system relations and their functions.
  static LocalSqlEngine wholeEngine() {
    Outside outside = Outside.real();
    SystemCatalog views = new SystemCatalog();
    return new LocalSqlEngine(
        new Node(outside, NodeStore.inMemory(4)),
        outside,
        new SettingsRegistry(Map.of("TimeZone", "UTC")),
        views,
        new CatalogAnswers(views),
        password -> password,
        null);
  }

  SqlScript(LocalSqlEngine engine) {
    this(engine, 1);
  }

  SqlScript(LocalSqlEngine engine, int processId) {
    session = engine.open(Map.of("user", "postgres"), processId, null);
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
      lines.add("ERROR " + e.state().code() + ": " + e.getMessage());
    }
    return List.copyOf(lines);
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
            && (tag.startsWith("SELECT") || tag.startsWith("SHOW") || tag.startsWith("FETCH"));
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
  }

  @Override
  public void parameterStatus(String name, String value) {}

  @Override
  public void notification(int processId, String channel, String payload) {}

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
