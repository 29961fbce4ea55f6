package io.trencadis.sql.system;

import io.trencadis.sql.functions.*;
import io.trencadis.sql.types.*;
import java.util.*;

public final class SystemCatalog implements SystemViews {
  private final Map<String, SystemView> views = new HashMap<>();
  public SystemCatalog() {
    for (SystemRelation r : PgCatalog.systemRelations()) {
      List<SystemView.ViewColumn> cols = new ArrayList<>();
      boolean ok = true;
      for (var c : r.columns()) { PgType t = Types.byOid(c.type()); if (t == null) ok = false; else cols.add(new SystemView.ViewColumn(c.name(), t.baseType(), c.notNull())); }
      if (ok) views.put(r.schema() + "." + r.name(), new Empty(r, cols));
    }
  }
  private record Empty(SystemRelation r, List<SystemView.ViewColumn> columns) implements SystemView {
    public String schema() { return r.schema(); }
    public String name() { return r.name(); }
    public int oid() { return r.oid(); }
    public char kind() { return r.kind(); }
    public Iterable<Object[]> rows(EvalContext cx) { return List.of(); }
  }
  public SystemView find(String schema, String name) { return views.get(schema + "." + name); }
  public SystemView byOid(int oid) { return null; }
  public Collection<SystemView> all() { return views.values(); }
}
