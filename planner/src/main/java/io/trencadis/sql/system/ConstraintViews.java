package io.trencadis.sql.system;

import io.trencadis.sql.catalog.CheckConstraint;
import io.trencadis.sql.catalog.ForeignKey;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexMatch;
import io.trencadis.sql.catalog.InheritedKeys;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.catalog.OperatorClasses;
import io.trencadis.sql.catalog.PartitionBound;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TriggerDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// `pg_constraint`, `pg_index` and how tables are partitioned.
final class ConstraintViews {
  private static final int DESCENDING = 1;
  private static final int NULLS_FIRST = 2;

  private ConstraintViews() {}

  static void register(Registration to) {
    to.current("pg_constraint", ConstraintViews::constraints);
    to.current("pg_index", ConstraintViews::indexes);
    to.current("pg_inherits", ConstraintViews::inheritance);
    to.current("pg_partitioned_table", ConstraintViews::partitioning);
  }

  private static void constraints(Rows rows, Reading reading) {
    for (TypeDescriptor domain : reading.types()) {
      for (TypeDescriptor.DomainCheck check : domain.checks()) {
        rows.add()
            .set("oid", check.oid())
            .set("conname", check.name())
            .set("connamespace", domain.schemaOid())
            .set("contype", 'c')
            .set("convalidated", check.validated())
            .set("contypid", domain.oid())
            .set("conislocal", true)
            .set("conbin", DefinitionText.deparser(reading, false).rule(domain, check.text()));
      }
    }
    for (TableDescriptor table : reading.tables()) {
      for (CheckConstraint check : table.checks()) {
        constraint(rows, table, check.oid(), check.name(), 'c')
            .set("conkey", check.columns())
            .set("conbin", DefinitionText.deparser(reading, false).condition(table, check.text()))
            .set("convalidated", !check.notValid())
            .set("connoinherit", check.noInherit())
            .set("coninhcount", check.inherited())
            .set("conislocal", !check.notLocal());
      }
      for (IndexDescriptor index : table.indexes()) {
        if (index.constraint()) {
          constraint(
                  rows,
                  table,
                  index.constraintOid(),
                  index.name(),
                  index.exclusion() ? 'x' : index.primary() ? 'p' : 'u')
              .set("condeferrable", index.deferrable())
              .set("condeferred", index.deferred())
              .set("conindid", index.oid())
              .set("connoinherit", true)
              .set("conkey", index.parts().stream().map(KeyPart::column).toList());
        }
      }
      for (TriggerDescriptor trigger : reading.catalog().triggersOf(table.oid())) {
        if (trigger.constraint()) {
          constraint(rows, table, trigger.constraintOid(), trigger.name(), 't')
              .set("condeferrable", trigger.deferrable())
              .set("condeferred", trigger.deferred())
              .set("connoinherit", true);
        }
      }
      for (ForeignKey key : table.foreignKeys()) {
        foreignKey(rows, reading, table, key).set("connoinherit", !table.isPartitioned());
      }
      for (InheritedKeys.Inherited each : InheritedKeys.of(reading.catalog(), table)) {
        foreignKey(rows, reading, table, each.key())
            .set("conparentid", each.parentOid())
            .set("conislocal", false)
            .set("coninhcount", 1);
      }
    }
  }

  private static Rows foreignKey(
      Rows rows, Reading reading, TableDescriptor table, ForeignKey key) {
    TableDescriptor parent = reading.catalog().table(key.tableOid());
    List<Integer> own = new ArrayList<>();
    List<Integer> both = new ArrayList<>();
    List<Integer> referenced = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      int child = table.columnNumbered(key.columns().get(i)).typeOid();
      int type = parent.columnNumbered(key.referenced().get(i)).typeOid();
      referenced.add(equality(type, type));
      both.add(equality(type, child));
      own.add(equality(child, child));
    }
    return constraint(rows, table, key.oid(), key.name(), 'f')
        .set("condeferrable", key.deferrable())
        .set("condeferred", key.deferred())
        .set("convalidated", key.validated())
        .set("conindid", key.indexOid())
        .set("confrelid", key.tableOid())
        .set("confupdtype", key.onUpdate())
        .set("confdeltype", key.onDelete())
        .set("confmatchtype", key.match())
        .set("conkey", key.columns())
        .set("confkey", key.referenced())
        .set("conpfeqop", both)
        .set("conppeqop", referenced)
        .set("conffeqop", own)
        .set("confdelsetcols", key.onDeleteColumns().isEmpty() ? null : key.onDeleteColumns());
  }

  /// The oid of the operator that compares a referenced column with a referencing one.
  private static int equality(int left, int right) {
    PgType type = Types.byOid(left);
    PgType other = Types.byOid(right);
    for (var operator : io.trencadis.sql.functions.PgCatalog.operators("=")) {
      if (operator.left() == type.oid() && operator.right() == other.oid()) {
        return operator.oid();
      }
    }
    return left == Types.VARCHAR.oid() ? equality(Types.TEXT.oid(), Types.TEXT.oid()) : 0;
  }

  private static Rows constraint(
      Rows rows, TableDescriptor table, int oid, String name, char kind) {
    return rows.add()
        .set("oid", oid)
        .set("conname", name)
        .set("connamespace", table.schemaOid())
        .set("contype", kind)
        .set("convalidated", true)
        .set("conrelid", table.oid())
        .set("confupdtype", ' ')
        .set("confdeltype", ' ')
        .set("confmatchtype", ' ')
        .set("conislocal", true);
  }

  private static void indexes(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.tables()) {
      for (IndexDescriptor index : table.indexes()) {
        List<Integer> collations = new ArrayList<>();
        List<Integer> classes = new ArrayList<>();
        List<Integer> options = new ArrayList<>();
        for (KeyPart part : index.parts()) {
          int type =
              part.expression() != null
                  ? part.expression().typeOid()
                  : table.columnNumbered(part.column()).typeOid();
          collations.add(
              part.expression() != null
                  ? AttributeViews.collation(part.expression())
                  : AttributeViews.collation(table.columnNumbered(part.column())));
          classes.add(OperatorClasses.of(index, part, type));
          options.add((part.descending() ? DESCENDING : 0) + (part.nullsFirst() ? NULLS_FIRST : 0));
        }
        rows.add()
            .set("indexrelid", index.oid())
            .set("indrelid", table.oid())
            .set("indnatts", index.parts().size() + index.included().size())
            .set("indnkeyatts", index.parts().size())
            .set("indisunique", index.unique())
            .set("indnullsnotdistinct", index.nullsNotDistinct())
            .set("indisprimary", index.primary())
            .set("indisexclusion", index.exclusion())
            .set("indimmediate", !index.deferrable())
            .set("indisvalid", index.valid())
            .set("indisready", index.ready())
            .set("indislive", true)
            .set("indkey", AttributeViews.columnsOf(index))
            .set("indcollation", collations)
            .set("indclass", classes)
            .set("indoption", options)
            .set("indpred", DefinitionText.predicate(reading, table, index))
            .set("indexprs", DefinitionText.expressions(reading, table, index));
      }
    }
  }

  private static int collation(int typeOid) {
    PgType type = Types.byOid(typeOid);
    return type == null ? 0 : type.collationOid();
  }

  private static void inheritance(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.tables()) {
      for (int i = 0; i < table.inherits().size(); i++) {
        rows.add()
            .set("inhrelid", table.oid())
            .set("inhparent", table.inherits().get(i))
            .set("inhseqno", i + 1);
      }
      if (table.parentOid() != 0) {
        rows.add()
            .set("inhrelid", table.oid())
            .set("inhparent", table.parentOid())
            .set("inhseqno", 1);
        TableDescriptor parent = reading.catalog().table(table.parentOid());
        for (IndexDescriptor index : table.indexes()) {
          IndexDescriptor above = IndexMatch.parentOf(parent, table, index);
          if (above != null) {
            rows.add()
                .set("inhrelid", index.oid())
                .set("inhparent", above.oid())
                .set("inhseqno", 1);
          }
        }
      }
    }
  }

  private static void partitioning(Rows rows, Reading reading) {
    for (TableDescriptor table : reading.tables()) {
      if (!table.isPartitioned()) {
        continue;
      }
      int fallback = 0;
      for (TableDescriptor partition : reading.catalog().partitionsOf(table.oid())) {
        fallback = partition.bound() instanceof PartitionBound.Default ? partition.oid() : fallback;
      }
      int method = table.partitioning().strategy() == 'h' ? OperatorClasses.HASH : Oids.BTREE;
      List<Integer> classes = new ArrayList<>();
      List<Integer> collations = new ArrayList<>();
      for (int i = 0; i < table.partitioning().columns().size(); i++) {
        int type = table.partitioning().typeOid(i, table);
        classes.add(OperatorClasses.forType(method, type));
        collations.add(collation(type));
      }
      rows.add()
          .set("partrelid", table.oid())
          .set("partstrat", table.partitioning().strategy())
          .set("partnatts", table.partitioning().columns().size())
          .set("partdefid", fallback)
          .set("partattrs", table.partitioning().columns())
          .set("partclass", classes)
          .set("partcollation", collations);
    }
  }
}
