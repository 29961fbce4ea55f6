package io.trencadis.sql.system;

import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;

/// `pg_depend` and `pg_rewrite`: what belongs to what. Not every dependency that PostgreSQL notes
/// is here, only those that clients look at: of defaults, constraints, indexes and owned sequences
/// on their table.
final class DependencyViews {
  private DependencyViews() {}

  static void register(Registration to) {
    to.current("pg_depend", DependencyViews::dependencies);
    to.current("pg_rewrite", DependencyViews::rules);
  }

  private static void dependency(
      Rows rows, int kind, int oid, int onKind, int on, int column, char type) {
    rows.add()
        .set("classid", kind)
        .set("objid", oid)
        .set("refclassid", onKind)
        .set("refobjid", on)
        .set("refobjsubid", column)
        .set("deptype", type);
  }

  private static void dependencies(Rows rows, Reading reading) {
    for (SequenceDescriptor sequence : reading.sequences()) {
      dependency(
          rows, Oids.PG_CLASS, sequence.oid(), Oids.PG_NAMESPACE, sequence.schemaOid(), 0, 'n');
      if (sequence.ownerTableOid() != 0) {
        dependency(
            rows,
            Oids.PG_CLASS,
            sequence.oid(),
            Oids.PG_CLASS,
            sequence.ownerTableOid(),
            sequence.ownerColumn(),
            sequence.identity() ? 'i' : 'a');
      }
    }
    for (TableDescriptor table : reading.relations()) {
      dependency(rows, Oids.PG_CLASS, table.oid(), Oids.PG_NAMESPACE, table.schemaOid(), 0, 'n');
      dependency(rows, Oids.PG_TYPE, Oids.rowType(table.oid()), Oids.PG_CLASS, table.oid(), 0, 'i');
      if (table.isView()) {
        dependency(
            rows, Oids.PG_REWRITE, Oids.rule(table.oid()), Oids.PG_CLASS, table.oid(), 0, 'i');
        continue;
      }
      if (table.parentOid() != 0) {
        dependency(rows, Oids.PG_CLASS, table.oid(), Oids.PG_CLASS, table.parentOid(), 0, 'a');
      }
      for (Column column : table.liveColumns()) {
        if (column.defaultText() != null) {
          int oid = Oids.columnDefault(table.oid(), column.number());
          dependency(rows, Oids.PG_ATTRDEF, oid, Oids.PG_CLASS, table.oid(), column.number(), 'a');
        }
      }
      for (CheckConstraint check : table.checks()) {
        for (int column : check.columns()) {
          dependency(
              rows, Oids.PG_CONSTRAINT, check.oid(), Oids.PG_CLASS, table.oid(), column, 'a');
        }
      }
      for (IndexDescriptor index : table.indexes()) {
        index(rows, table, index);
      }
      for (ForeignKey key : table.foreignKeys()) {
        for (int column : key.columns()) {
          dependency(rows, Oids.PG_CONSTRAINT, key.oid(), Oids.PG_CLASS, table.oid(), column, 'a');
        }
        for (int column : key.referenced()) {
          dependency(
              rows, Oids.PG_CONSTRAINT, key.oid(), Oids.PG_CLASS, key.tableOid(), column, 'n');
        }
        dependency(rows, Oids.PG_CONSTRAINT, key.oid(), Oids.PG_CLASS, key.indexOid(), 0, 'n');
      }
    }
  }

  private static void index(Rows rows, TableDescriptor table, IndexDescriptor index) {
    int kind = index.constraint() ? Oids.PG_CONSTRAINT : Oids.PG_CLASS;
    int oid = index.constraint() ? index.constraintOid() : index.oid();
    for (int column : AttributeViews.columnsOf(index)) {
      dependency(rows, kind, oid, Oids.PG_CLASS, table.oid(), column, 'a');
    }
    if (index.constraint()) {
      dependency(
          rows, Oids.PG_CLASS, index.oid(), Oids.PG_CONSTRAINT, index.constraintOid(), 0, 'i');
    }
  }

  private static void rules(Rows rows, Reading reading) {
    for (TableDescriptor view : reading.views()) {
      rows.add()
          .set("oid", Oids.rule(view.oid()))
          .set("rulename", "_RETURN")
          .set("ev_class", view.oid())
          .set("ev_type", '1')
          .set("ev_enabled", 'O')
          .set("is_instead", true);
    }
  }
}
