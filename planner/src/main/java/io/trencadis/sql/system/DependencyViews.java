package io.trencadis.sql.system;

import io.trencadis.base.SqlException;
import io.trencadis.sql.analyze.Mentions;
import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.Colocation;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexMatch;
import io.trencadis.sql.catalog.RowTypes;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.parser.SqlParser;
import java.util.Set;
import java.util.function.Supplier;

/// `pg_depend` and `pg_rewrite`: what belongs to what. Not every dependency that PostgreSQL notes
/// is here, only those that clients look at, and `pg_dump` orders by: of defaults, constraints,
/// indexes and owned sequences on their table, of views on what they read, of defaults on
/// sequences, of columns and domains on types.
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
    ExtensionViews.members(rows, reading);
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
    for (TypeDescriptor type : reading.types()) {
      dependency(rows, Oids.PG_TYPE, type.oid(), Oids.PG_NAMESPACE, type.schemaOid(), 0, 'n');
      dependency(rows, Oids.PG_TYPE, type.arrayOid(), Oids.PG_TYPE, type.oid(), 0, 'i');
      int relation = RowTypes.relationOf(type.oid());
      if (type.isComposite()) {
        dependency(rows, Oids.PG_CLASS, relation, Oids.PG_TYPE, type.oid(), 0, 'i');
      }
      for (int i = 0; i < type.fields().size(); i++) {
        if (type.fields().get(i).typeOid() >= Catalog.FIRST_NORMAL_OID) {
          rows.add()
              .set("classid", Oids.PG_CLASS)
              .set("objid", relation)
              .set("objsubid", i + 1)
              .set("refclassid", Oids.PG_TYPE)
              .set("refobjid", type.fields().get(i).typeOid())
              .set("deptype", 'n');
        }
      }
      if (type.isDomain() && type.baseOid() >= Catalog.FIRST_NORMAL_OID) {
        dependency(rows, Oids.PG_TYPE, type.oid(), Oids.PG_TYPE, type.baseOid(), 0, 'n');
      }
      for (TypeDescriptor.DomainCheck check : type.checks()) {
        dependency(rows, Oids.PG_CONSTRAINT, check.oid(), Oids.PG_TYPE, type.oid(), 0, 'a');
      }
    }
    for (TableDescriptor table : reading.relations()) {
      for (Column column : table.liveColumns()) {
        if (column.typeOid() >= Catalog.FIRST_NORMAL_OID) {
          rows.add()
              .set("classid", Oids.PG_CLASS)
              .set("objid", table.oid())
              .set("objsubid", column.number())
              .set("refclassid", Oids.PG_TYPE)
              .set("refobjid", column.typeOid())
              .set("deptype", 'n');
        }
      }
      dependency(rows, Oids.PG_CLASS, table.oid(), Oids.PG_NAMESPACE, table.schemaOid(), 0, 'n');
      dependency(rows, Oids.PG_TYPE, Oids.rowType(table.oid()), Oids.PG_CLASS, table.oid(), 0, 'i');
      if (table.isView()) {
        for (Descriptor read : mentioned(reading, () -> SqlParser.parseQuery(table.viewText()))) {
          dependency(
              rows, Oids.PG_REWRITE, Oids.rule(table.oid()), Oids.PG_CLASS, read.oid(), 0, 'n');
        }
        dependency(
            rows, Oids.PG_REWRITE, Oids.rule(table.oid()), Oids.PG_CLASS, table.oid(), 0, 'i');
        continue;
      }
      if (table.parentOid() != 0) {
        dependency(rows, Oids.PG_CLASS, table.oid(), Oids.PG_CLASS, table.parentOid(), 0, 'a');
      }
      TableDescriptor with = Colocation.shown(reading.catalog(), table);
      if (with != null) {
        // So that pg_dump writes that one first.
        dependency(rows, Oids.PG_CLASS, table.oid(), Oids.PG_CLASS, with.oid(), 0, 'n');
      }
      for (int parent : table.inherits()) {
        dependency(rows, Oids.PG_CLASS, table.oid(), Oids.PG_CLASS, parent, 0, 'n');
      }
      for (Column column : table.liveColumns()) {
        if (column.defaultText() != null) {
          int oid = Oids.columnDefault(table.oid(), column.number());
          dependency(rows, Oids.PG_ATTRDEF, oid, Oids.PG_CLASS, table.oid(), column.number(), 'a');
          String text = column.defaultText();
          for (Descriptor used : mentioned(reading, () -> SqlParser.parseExpression(text))) {
            dependency(rows, Oids.PG_ATTRDEF, oid, Oids.PG_CLASS, used.oid(), 0, 'n');
          }
        }
      }
      for (CheckConstraint check : table.checks()) {
        for (int column : check.columns()) {
          dependency(
              rows, Oids.PG_CONSTRAINT, check.oid(), Oids.PG_CLASS, table.oid(), column, 'a');
        }
      }
      for (IndexDescriptor index : table.indexes()) {
        index(rows, reading, table, index);
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

  /// The relations that a definition names; none if it can no longer be read.
  private static Set<Descriptor> mentioned(Reading reading, Supplier<Object> definition) {
    try {
      return Mentions.relations(reading.access().names(), definition.get());
    } catch (SqlException e) {
      return Set.of();
    }
  }

  private static void index(
      Rows rows, Reading reading, TableDescriptor table, IndexDescriptor index) {
    int kind = index.constraint() ? Oids.PG_CONSTRAINT : Oids.PG_CLASS;
    int oid = index.constraint() ? index.constraintOid() : index.oid();
    for (int column : AttributeViews.columnsOf(index)) {
      dependency(rows, kind, oid, Oids.PG_CLASS, table.oid(), column, 'a');
    }
    if (index.constraint()) {
      dependency(
          rows, Oids.PG_CLASS, index.oid(), Oids.PG_CONSTRAINT, index.constraintOid(), 0, 'i');
    }
    TableDescriptor parent = reading.catalog().table(table.parentOid());
    IndexDescriptor above = parent == null ? null : IndexMatch.parentOf(parent, table, index);
    if (above != null) {
      dependency(rows, Oids.PG_CLASS, index.oid(), Oids.PG_CLASS, above.oid(), 0, 'P');
      dependency(rows, Oids.PG_CLASS, index.oid(), Oids.PG_CLASS, table.oid(), 0, 'S');
      if (index.constraint()) {
        dependency(rows, kind, oid, Oids.PG_CONSTRAINT, above.constraintOid(), 0, 'P');
        dependency(rows, kind, oid, Oids.PG_CLASS, table.oid(), 0, 'S');
      }
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
