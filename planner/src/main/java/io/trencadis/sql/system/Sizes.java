package io.trencadis.sql.system;

import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.session.CatalogAccess;

/// Sizes that are estimated from numbers of rows, because no shard is asked for its bytes yet.
final class Sizes {
  /// What a row and what an index entry is taken for.
  static final long BYTES_A_ROW = 100;

  private Sizes() {}

  static long table(CatalogAccess access, TableDescriptor table) {
    return table.kind() == 'r' ? access.rowCount(table) * BYTES_A_ROW : 0;
  }

  /// All indexes but the primary key, which is the table itself.
  static long indexes(CatalogAccess access, TableDescriptor table) {
    long count = table.indexes().stream().filter(index -> !index.ordersRows()).count();
    return table(access, table) * count;
  }
}
