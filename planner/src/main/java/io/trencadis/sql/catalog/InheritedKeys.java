package io.trencadis.sql.catalog;

import java.util.ArrayList;
import java.util.List;

/// Foreign keys that a partition has from the tables above it. They are declared and checked there;
/// a catalog lists them with each partition as well.
public final class InheritedKeys {
  // Oids of users' objects do not come that far.
  private static final int OIDS = 0x3000_0000;

  private InheritedKeys() {}

  /// A foreign key of a partition.
  ///
  /// @param key over the partition's own columns
  /// @param parentOid the constraint of the table above
  public record Inherited(ForeignKey key, int parentOid) {}

  /// Whether an oid may be one of those.
  public static boolean isOid(int oid) {
    return (oid & 0xf000_0000) == OIDS;
  }

  /// The foreign keys of the tables above, as they are a table's; none for one that is no
  /// partition.
  public static List<Inherited> of(Catalog catalog, TableDescriptor table) {
    TableDescriptor parent =
        table.parentOid() == 0 || table.bound() == null ? null : catalog.table(table.parentOid());
    List<Inherited> all = new ArrayList<>();
    if (parent == null) {
      return all;
    }
    for (ForeignKey key : parent.foreignKeys()) {
      all.add(inherited(key, parent, table));
    }
    for (Inherited above : of(catalog, parent)) {
      all.add(inherited(above.key, parent, table));
    }
    return all;
  }

  private static Inherited inherited(
      ForeignKey key, TableDescriptor parent, TableDescriptor table) {
    int oid = OIDS | (key.oid() * 31 + table.oid() * 7919) & 0x0fff_ffff;
    return new Inherited(
        key.of(
            oid,
            numbers(key.columns(), parent, table),
            numbers(key.onDeleteColumns(), parent, table)),
        key.oid());
  }

  private static List<Integer> numbers(
      List<Integer> columns, TableDescriptor parent, TableDescriptor table) {
    return columns.stream()
        .map(number -> table.column(parent.columnNumbered(number).name()).number())
        .toList();
  }
}
