package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.session.CatalogAccess;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// One system relation: PostgreSQL's description of it, and what fills it.
final class CatalogView implements SystemView {
  private final SystemRelation relation;
  private final List<ViewColumn> columns;
  private final Shape shape;
  private final Consumer<Rows> fixed;
  private final BiConsumer<Rows, Reading> current;
  // Rows of built-in objects, made at the first reading. A race makes them twice.
  private volatile List<Object[]> fixedRows;
  // Dependencies take parsing every definition, and pg_dump asks for them once a function.
  private volatile Remembered remembered;

  private record Remembered(Catalog catalog, int databaseOid, List<Object[]> rows) {}

  CatalogView(SystemRelation relation, Consumer<Rows> fixed, BiConsumer<Rows, Reading> current) {
    this.relation = relation;
    this.fixed = fixed;
    this.current = current;
    List<ViewColumn> all = new ArrayList<>();
    for (SystemRelation.Column column : relation.columns()) {
      // Clients are never told of a domain, only of what it is over.
      all.add(
          new ViewColumn(column.name(), Types.byOid(column.type()).baseType(), column.notNull()));
    }
    columns = Collections.unmodifiableList(all);
    shape = new Shape(relation.name(), columns, hasTableOid() ? relation.oid() : 0);
  }

  @Override
  public String schema() {
    return relation.schema();
  }

  @Override
  public String name() {
    return relation.name();
  }

  @Override
  public int oid() {
    return relation.oid();
  }

  @Override
  public char kind() {
    return relation.kind();
  }

  @Override
  public boolean hasTableOid() {
    return relation.kind() == 'r';
  }

  @Override
  public List<ViewColumn> columns() {
    return columns;
  }

  @Override
  public Iterable<Object[]> rows(EvalContext cx) {
    List<Object[]> known = fixedRows;
    if (known == null) {
      Rows made = new Rows(shape);
      fixed.accept(made);
      known = Collections.unmodifiableList(made.list());
      fixedRows = known;
    }
    if (!(cx instanceof CatalogAccess access)) {
      return known;
    }
    Reading reading = new Reading(access);
    boolean costly = relation.name().equals("pg_depend");
    Remembered last = remembered;
    if (costly
        && last != null
        && last.catalog == reading.catalog()
        && last.databaseOid == reading.databaseOid()) {
      return last.rows;
    }
    Rows rows = new Rows(shape);
    current.accept(rows, reading);
    if (costly) {
      remembered =
          new Remembered(
              reading.catalog(), reading.databaseOid(), Collections.unmodifiableList(rows.list()));
    }
    if (rows.list().isEmpty()) {
      return known;
    }
    if (!known.isEmpty()) {
      List<Object[]> both = new ArrayList<>(known.size() + rows.list().size());
      both.addAll(known);
      both.addAll(rows.list());
      return both;
    }
    return rows.list();
  }
}
