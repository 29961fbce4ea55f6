package io.trencadis.sql.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A table, a partitioned table or a view, with everything that belongs to it.
///
/// @param kind 'r' table, 'p' partitioned table (its rows are in its partitions), 'v' view:
///   `pg_class.relkind`
/// @param version grows with every change; the schema version that requests to the shards name
/// @param relationId the key prefix of its rows in the shards; 0 where it has none of its own
/// @param primaryKey the rows' own order, or null: then rows are keyed by a hidden row id, as they
///   are too where a primary key is deferrable
/// @param indexes all indexes, the primary key's included
/// @param placement where the rows are; null for views and partitioned tables
/// @param partitioning how rows go to partitions, for kind 'p'
/// @param parentOid the partitioned table that this is a partition of, or 0
/// @param viewText a view's query as SQL text, or null
/// @param options storage parameters as `name=value`
/// @param foreignKeys the references of this table to others
/// @param inherits the oids of the tables that it inherits from, in the order of INHERITS; a
///   partition's parent is not among them
/// @param relocation where its rows are on their way to; null while they stay
/// @param colocatedWith the oid of the table in whose shards its rows are to be, or 0; see
///   [Colocation]
public record TableDescriptor(
    int oid,
    int databaseOid,
    int schemaOid,
    String name,
    int ownerOid,
    char kind,
    long version,
    List<Column> columns,
    int relationId,
    IndexDescriptor primaryKey,
    List<IndexDescriptor> indexes,
    List<CheckConstraint> checks,
    PlacementDescriptor placement,
    Partitioning partitioning,
    int parentOid,
    PartitionBound bound,
    String viewText,
    List<String> options,
    List<ForeignKey> foreignKeys,
    List<Integer> inherits,
    Relocation relocation,
    int colocatedWith)
    implements Descriptor {
  /// A table without references to others.
  public TableDescriptor(
      int oid,
      int databaseOid,
      int schemaOid,
      String name,
      int ownerOid,
      char kind,
      long version,
      List<Column> columns,
      int relationId,
      IndexDescriptor primaryKey,
      List<IndexDescriptor> indexes,
      List<CheckConstraint> checks,
      PlacementDescriptor placement,
      Partitioning partitioning,
      int parentOid,
      PartitionBound bound,
      String viewText,
      List<String> options) {
    this(
        oid,
        databaseOid,
        schemaOid,
        name,
        ownerOid,
        kind,
        version,
        columns,
        relationId,
        primaryKey,
        indexes,
        checks,
        placement,
        partitioning,
        parentOid,
        bound,
        viewText,
        options,
        List.of(),
        List.of(),
        null,
        0);
  }

  /// The columns that were not dropped, in order.
  public List<Column> liveColumns() {
    List<Column> live = new ArrayList<>(columns.size());
    for (Column column : columns) {
      if (!column.dropped()) {
        live.add(column);
      }
    }
    return live;
  }

  /// The column of that name, or null.
  public Column column(String columnName) {
    for (Column column : columns) {
      if (!column.dropped() && column.name().equals(columnName)) {
        return column;
      }
    }
    return null;
  }

  /// The index of the primary key, whether or not the rows are in its order; null without one.
  public IndexDescriptor primaryIndex() {
    for (IndexDescriptor index : indexes) {
      if (index.primary()) {
        return index;
      }
    }
    return null;
  }

  /// The column with that number, dropped or not.
  public Column columnNumbered(int number) {
    return columns.get(number - 1);
  }

  public boolean isView() {
    return kind == 'v';
  }

  public boolean isPartitioned() {
    return kind == 'p';
  }

  /// Whether a parent has it as one of its children: by inheritance or as a partition.
  public boolean isChild() {
    return parentOid != 0 || !inherits.isEmpty();
  }

  /// The table as it is to be when its rows have arrived, in the same version.
  public TableDescriptor relocated() {
    IndexDescriptor primary = null;
    for (IndexDescriptor index : relocation.indexes()) {
      primary = index.ordersRows() ? index : primary;
    }
    return new TableDescriptor(
        oid,
        databaseOid,
        schemaOid,
        name,
        ownerOid,
        kind,
        version,
        columns,
        relocation.relationId(),
        primary,
        relocation.indexes(),
        checks,
        relocation.placement(),
        partitioning,
        parentOid,
        bound,
        viewText,
        options,
        foreignKeys,
        inherits,
        null,
        colocatedWith);
  }

  /// Starts a change; the built descriptor has the next version.
  public Builder change() {
    return new Builder(this);
  }

  /// Collects changes to a descriptor. Not thread-safe.
  public static final class Builder {
    private final TableDescriptor from;
    private int schemaOid;
    private String name;
    private int ownerOid;
    private List<Column> columns;
    private int relationId;
    private IndexDescriptor primaryKey;
    private List<IndexDescriptor> indexes;
    private List<CheckConstraint> checks;
    private PlacementDescriptor placement;
    private int parentOid;
    private PartitionBound bound;
    private String viewText;
    private List<String> options;
    private List<ForeignKey> foreignKeys;
    private List<Integer> inherits;
    private Relocation relocation;
    private int colocatedWith;

    private Builder(TableDescriptor from) {
      this.from = from;
      schemaOid = from.schemaOid;
      name = from.name;
      ownerOid = from.ownerOid;
      columns = from.columns;
      relationId = from.relationId;
      primaryKey = from.primaryKey;
      indexes = from.indexes;
      checks = from.checks;
      placement = from.placement;
      parentOid = from.parentOid;
      bound = from.bound;
      viewText = from.viewText;
      options = from.options;
      foreignKeys = from.foreignKeys;
      inherits = from.inherits;
      relocation = from.relocation;
      colocatedWith = from.colocatedWith;
    }

    public Builder name(int newSchemaOid, String newName) {
      schemaOid = newSchemaOid;
      name = newName;
      return this;
    }

    public Builder owner(int roleOid) {
      ownerOid = roleOid;
      return this;
    }

    public Builder columns(List<Column> value) {
      columns = List.copyOf(value);
      return this;
    }

    /// Replaces the column that has the same number.
    public Builder column(Column changed) {
      List<Column> all = new ArrayList<>(columns);
      all.set(changed.number() - 1, changed);
      return columns(all);
    }

    public Builder relation(int newRelationId) {
      relationId = newRelationId;
      return this;
    }

    public Builder primaryKey(IndexDescriptor value) {
      primaryKey = value;
      return this;
    }

    public Builder indexes(List<IndexDescriptor> value) {
      indexes = List.copyOf(value);
      return this;
    }

    public Builder checks(List<CheckConstraint> value) {
      checks = List.copyOf(value);
      return this;
    }

    public Builder placement(PlacementDescriptor value) {
      placement = value;
      return this;
    }

    public Builder partitionOf(int newParentOid, PartitionBound newBound) {
      parentOid = newParentOid;
      bound = newBound;
      return this;
    }

    /// The query of a view.
    public Builder viewText(String newText) {
      viewText = newText;
      return this;
    }

    public Builder options(List<String> value) {
      options = List.copyOf(value);
      return this;
    }

    public Builder foreignKeys(List<ForeignKey> value) {
      foreignKeys = List.copyOf(value);
      return this;
    }

    public Builder inherits(List<Integer> parents) {
      inherits = List.copyOf(parents);
      return this;
    }

    /// Where the rows are on their way to; null if they are to stay.
    public Builder relocation(Relocation value) {
      relocation = value;
      return this;
    }

    /// In whose shards rows are to be; 0 for wherever they are.
    public Builder colocatedWith(int tableOid) {
      colocatedWith = tableOid;
      return this;
    }

    /// What changes where rows are or what they and the indexes look like ends a relocation:
    /// whoever moves them finds that out, and begins again.
    private boolean relocationHolds() {
      return relationId == from.relationId
          && columns.equals(from.columns)
          && indexes.equals(from.indexes)
          && Objects.equals(placement, from.placement);
    }

    public TableDescriptor build() {
      return new TableDescriptor(
          from.oid,
          from.databaseOid,
          schemaOid,
          name,
          ownerOid,
          from.kind,
          from.version + 1,
          columns,
          relationId,
          primaryKey,
          indexes,
          checks,
          placement,
          from.partitioning,
          parentOid,
          bound,
          viewText,
          options,
          foreignKeys,
          inherits,
          relocationHolds() ? relocation : null,
          colocatedWith);
    }
  }
}
