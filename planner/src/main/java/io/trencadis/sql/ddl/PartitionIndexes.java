package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.analyze.Names;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.IndexMatch;
import io.trencadis.sql.catalog.TableDescriptor;

/// ALTER INDEX … ATTACH PARTITION. Indexes of partitions belong to the index of the partitioned
/// table that they equal ([IndexMatch]), so there is nothing to note; what PostgreSQL refuses is
/// refused.
final class PartitionIndexes {
  private final DdlContext cx;

  PartitionIndexes(DdlContext cx) {
    this.cx = cx;
  }

  private record Found(TableDescriptor table, IndexDescriptor index) {}

  private Found find(QualifiedName name) {
    TableDescriptor table = cx.names().tableOfIndex(name);
    if (table != null) {
      for (IndexDescriptor index : table.indexes()) {
        if (index.name().equals(name.name())) {
          return new Found(table, index);
        }
      }
    }
    if (cx.names().findRelation(name) != null) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not an index");
    }
    throw Names.undefined(name);
  }

  void attach(QualifiedName parentName, QualifiedName name) {
    Found parent = find(parentName);
    Found own = find(name);
    String message =
        "cannot attach index \""
            + own.index.name()
            + "\" as a partition of index \""
            + parent.index.name()
            + "\"";
    if (own.table.parentOid() != parent.table.oid()) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, message)
          .detail(
              "Index \""
                  + own.index.name()
                  + "\" is not an index on any partition of table \""
                  + parent.table.name()
                  + "\".");
    }
    // A constraint's index needs a constraint to belong to; an index alone takes either.
    if (parent.index.constraint() && !own.index.constraint()) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, message)
          .detail(
              "The index \""
                  + parent.index.name()
                  + "\" belongs to a constraint in table \""
                  + parent.table.name()
                  + "\" but no constraint exists for index \""
                  + own.index.name()
                  + "\".");
    }
    if (!IndexMatch.alike(parent.table, parent.index, own.table, own.index)) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, message)
          .detail("The index definitions do not match.");
    }
  }
}
