package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.Colocation;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexMatch;
import io.trencadis.sql.catalog.InheritedKeys;
import io.trencadis.sql.catalog.OperatorClasses;
import io.trencadis.sql.catalog.RowTypes;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.SystemRelation;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.Identifiers;
import java.util.ArrayList;
import java.util.List;

/// `pg_class`: tables, views, indexes, sequences, and the system relations themselves.
final class RelationViews {
  private static final int PAGE = 8192;

  private RelationViews() {}

  static void register(Registration to) {
    to.current(
        "pg_class",
        (rows, reading) -> {
          systemRelations(rows, reading);
          for (TableDescriptor table : reading.relations()) {
            table(rows, reading, table);
            for (IndexDescriptor index : table.indexes()) {
              index(rows, reading, table, index);
            }
          }
          for (TypeDescriptor type : reading.types()) {
            if (type.isComposite()) {
              common(
                      rows,
                      RowTypes.relationOf(type.oid()),
                      type.name(),
                      type.schemaOid(),
                      type.ownerOid())
                  .set("reltype", type.oid())
                  .set("relkind", 'c')
                  .set("relnatts", type.fields().size())
                  .set("relreplident", 'n');
            }
          }
          for (SequenceDescriptor sequence : reading.sequences()) {
            sequence(rows, reading, sequence);
          }
        });
  }

  private static void systemRelations(Rows rows, Reading reading) {
    for (SystemRelation relation : PgCatalog.systemRelations()) {
      boolean table = relation.kind() == 'r';
      boolean shared = SystemRelation.isShared(relation.oid());
      common(
              rows,
              relation.oid(),
              relation.name(),
              Oids.systemSchema(relation.schema()),
              Catalog.BOOTSTRAP_ROLE)
          .set("reltype", relation.rowType())
          .set("relam", table ? Oids.HEAP : 0)
          .set("reltablespace", shared ? Oids.GLOBAL_TABLESPACE : 0)
          .set("reltuples", table ? -1 : 0)
          .set("relisshared", shared)
          .set("relkind", relation.kind())
          .set("relnatts", relation.columns().size())
          .set("relhasrules", !table)
          .set("relreplident", 'n')
          .set("relacl", reading.acl(reading.target(relation)));
    }
  }

  /// What is alike for all kinds of relations.
  private static Rows common(Rows rows, int oid, String name, int schema, int owner) {
    return rows.add()
        .set("oid", oid)
        .set("relname", name)
        .set("relnamespace", schema)
        .set("relowner", owner)
        .set("relpersistence", 'p')
        .set("relispopulated", true);
  }

  private static char persistence(Reading reading, int schemaOid) {
    return reading.catalog().byOid(schemaOid) instanceof SchemaDescriptor schema
            && schema.isTemporary()
        ? 't'
        : 'p';
  }

  private static void table(Rows rows, Reading reading, TableDescriptor table) {
    boolean stored = table.kind() == 'r';
    long count = stored ? reading.access().rowCount(table) : 0;
    common(rows, table.oid(), table.name(), table.schemaOid(), table.ownerOid())
        .set("relpersistence", persistence(reading, table.schemaOid()))
        .set("reltype", Oids.rowType(table.oid()))
        .set("relam", stored ? Oids.HEAP : 0)
        .set("relfilenode", stored ? table.oid() : 0)
        .set("relpages", stored ? pages(count) : table.isPartitioned() ? -1 : 0)
        .set("reltuples", table.isPartitioned() ? -1 : count)
        .set("relhasindex", !table.indexes().isEmpty())
        .set("relkind", table.kind())
        .set("relnatts", table.columns().size())
        .set("relchecks", table.checks().size())
        .set("relhasrules", table.isView())
        .set(
            "relhastriggers",
            !reading.catalog().triggersOf(table.oid()).isEmpty()
                || !table.foreignKeys().isEmpty()
                || !InheritedKeys.of(reading.catalog(), table).isEmpty()
                || !reading.catalog().referencesTo(table.oid()).isEmpty())
        .set("relhassubclass", !reading.catalog().childrenOf(table.oid()).isEmpty())
        .set("relreplident", table.isView() ? 'n' : 'd')
        .set("relispartition", table.parentOid() != 0)
        .set("relfrozenxid", stored ? 3 : 0)
        .set("relminmxid", stored ? 1 : 0)
        .set("relacl", reading.acl(Target.of(table)))
        .set("reloptions", options(reading, table))
        .set("relpartbound", PartitionText.bound(reading.catalog(), table));
  }

  private static List<String> options(Reading reading, TableDescriptor table) {
    List<String> options = new ArrayList<>(table.options() == null ? List.of() : table.options());
    TableDescriptor with = Colocation.shown(reading.catalog(), table);
    if (with != null && reading.catalog().byOid(with.schemaOid()) instanceof SchemaDescriptor in) {
      options.add(
          "colocate_with=" + Identifiers.quote(in.name()) + "." + Identifiers.quote(with.name()));
    }
    return options.isEmpty() ? null : options;
  }

  private static long pages(long count) {
    return Math.ceilDiv(count * Sizes.BYTES_A_ROW, PAGE);
  }

  private static void index(
      Rows rows, Reading reading, TableDescriptor table, IndexDescriptor index) {
    boolean stored = !table.isPartitioned();
    long count = stored ? reading.access().rowCount(table) : 0;
    common(rows, index.oid(), index.name(), table.schemaOid(), table.ownerOid())
        .set("relpersistence", persistence(reading, table.schemaOid()))
        .set("relam", OperatorClasses.methodOf(index))
        .set("reloptions", index.options().isEmpty() ? null : index.options())
        .set("relfilenode", stored ? index.oid() : 0)
        .set("relpages", pages(count))
        .set("reltuples", count)
        .set("relkind", stored ? 'i' : 'I')
        .set("relhassubclass", !stored && hasPartitions(reading, table, index))
        .set("relnatts", index.parts().size() + index.included().size())
        .set("relreplident", 'n');
  }

  /// Whether an index of a partition belongs to an index of a partitioned table.
  private static boolean hasPartitions(
      Reading reading, TableDescriptor table, IndexDescriptor index) {
    for (TableDescriptor partition : reading.catalog().partitionsOf(table.oid())) {
      for (IndexDescriptor own : partition.indexes()) {
        IndexDescriptor above = IndexMatch.parentOf(table, partition, own);
        if (above != null && above.oid() == index.oid()) {
          return true;
        }
      }
    }
    return false;
  }

  private static void sequence(Rows rows, Reading reading, SequenceDescriptor sequence) {
    common(rows, sequence.oid(), sequence.name(), sequence.schemaOid(), sequence.ownerOid())
        .set("relacl", reading.acl(Target.of(sequence)))
        .set("relpersistence", persistence(reading, sequence.schemaOid()))
        .set("relfilenode", sequence.oid())
        .set("relpages", 1)
        .set("reltuples", 1)
        .set("relkind", 'S')
        .set("relnatts", 3)
        .set("relreplident", 'n');
  }
}
