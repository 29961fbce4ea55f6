package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.catalog.Colocation;
import io.trencadis.sql.catalog.Column;
import io.trencadis.sql.catalog.PlacementDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.rights.Rights;
import io.trencadis.sql.rights.Target;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/// Where the rows of a new table go: where its definition says, or by the first column of its key.
/// Confined to one thread.
final class TablePlacement {
  private static final String COLOCATE_WITH = "colocate_with";
  private static final String REPLICATED = "replicated";

  private final DdlContext cx;
  private final String name;
  private final boolean temporary;
  private final Set<String> said = new HashSet<>();
  private PlacementDescriptor wanted;
  private TableDescriptor other;
  private boolean replicated;

  TablePlacement(DdlContext cx, String name, boolean temporary) {
    this.cx = cx;
    this.name = name;
    this.temporary = temporary;
  }

  /// Whether an option of that name says where rows are.
  static boolean isOption(String name) {
    return name.equalsIgnoreCase(COLOCATE_WITH) || name.equalsIgnoreCase(REPLICATED);
  }

  /// Whether an option as the catalog keeps it is of copies in every shard.
  static boolean isReplicated(String option) {
    return option.toLowerCase(Locale.ROOT).startsWith(REPLICATED + "=");
  }

  /// PARTITION BY has said it.
  void wants(PlacementDescriptor placement) {
    wanted = placement;
  }

  /// Takes one of the options for which [#isOption] holds.
  ///
  /// @return as the catalog keeps it; null where it is kept otherwise
  /// @throws SqlException 22023, 42P01, 42809, 42P16, 42501
  String option(Statement.StorageOption option) {
    String word = option.name().toLowerCase(Locale.ROOT);
    String value = option.value() == null ? "true" : option.value();
    if (!said.add(word)) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE, "parameter \"" + word + "\" specified more than once");
    }
    if (word.equals(REPLICATED)) {
      replicated = truth(value);
      return REPLICATED + "=" + value;
    }
    other = named(value);
    return null;
  }

  private static boolean truth(String value) {
    try {
      return (Boolean) Types.BOOL.codec().parse(value, -1, null);
    } catch (SqlException e) {
      throw new SqlException(
          SqlState.INVALID_PARAMETER_VALUE,
          "invalid value for boolean option \"" + REPLICATED + "\": " + value);
    }
  }

  private TableDescriptor named(String text) {
    Object oid = Types.REGCLASS.codec().parse(text, -1, cx.names().context());
    if (!(cx.catalog().byOid(((Number) oid).intValue()) instanceof TableDescriptor table)
        || table.isView()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + text + "\" is not a table");
    }
    new Rights(cx.catalog(), cx.databaseOid()).requireOwner(cx.role().oid(), Target.of(table));
    if (table.isPartitioned()) {
      throw refused(table)
          .detail("Table \"" + table.name() + "\" has no rows of its own.")
          .hint("Name one of its partitions.");
    }
    if (table.placement() instanceof PlacementDescriptor.Replicated) {
      throw refused(table).detail("Rows of table \"" + table.name() + "\" are in every shard.");
    }
    if (ObjectNames.isTemporary(cx, table.schemaOid()) != temporary) {
      throw refused(table).detail("One of them is temporary.");
    }
    return table;
  }

  private SqlException refused(TableDescriptor with) {
    return refused(name, with);
  }

  private static SqlException refused(String table, TableDescriptor with) {
    return refused(SqlState.INVALID_TABLE_DEFINITION, table, with);
  }

  private static SqlException refused(SqlState state, String table, TableDescriptor with) {
    return new SqlException(
        state, "table \"" + table + "\" cannot be colocated with table \"" + with.name() + "\"");
  }

  /// The table that was named, or whom that has named: see [Colocation#root]. 0 for none.
  int colocatedWith() {
    return other == null ? 0 : Colocation.root(other);
  }

  /// Fails where what was said cannot be done together.
  ///
  /// @param kind of table
  /// @param partition whether it is one
  /// @throws SqlException 42P16
  void require(char kind, boolean partition) {
    if (!isAny()) {
      return;
    }
    if (kind == 'p') {
      throw against("Its rows are in its partitions.");
    }
    if (partition) {
      throw against("A partition lies in one shard.");
    }
    if (wanted != null) {
      throw against("PARTITION BY says where its rows are.");
    }
    if (replicated && other != null) {
      throw against("Its rows are to be in the shards of another table, too.");
    }
    if (replicated && temporary) {
      throw against("The table is temporary.");
    }
  }

  /// The same for a table that is there, which may have said the other thing before.
  ///
  /// @throws SqlException 42P16
  void require(TableDescriptor table) {
    require(table.kind(), table.parentOid() != 0);
    if (replicated && table.colocatedWith() != 0) {
      throw against("Its rows are in the shards of another table.");
    }
    if (other == null) {
      return;
    }
    if (table.placement() instanceof PlacementDescriptor.Replicated) {
      throw against("Its rows are in every shard.");
    }
    if (Colocation.root(other) == table.oid()) {
      throw refused(other);
    }
    if (Colocation.group(cx.catalog(), table).stream()
        .anyMatch(each -> each.colocatedWith() == table.oid())) {
      throw against("Other tables are colocated with it.");
    }
  }

  private SqlException against(String why) {
    return new SqlException(
            SqlState.INVALID_TABLE_DEFINITION,
            "parameter \""
                + (other != null ? COLOCATE_WITH : REPLICATED)
                + "\" cannot be used for table \""
                + name
                + "\"")
        .detail(why);
  }

  /// @param oid of the table
  /// @param parentOid of a partition, or 0
  /// @param columns of the table
  /// @param key numbers of the key's columns; null where rows are not in its order
  PlacementDescriptor of(int oid, int parentOid, List<Column> columns, List<Integer> key) {
    if (wanted != null) {
      return wanted;
    }
    if (replicated) {
      return new PlacementDescriptor.Replicated(
          Math.floorMod(oid, cx.shardCount()), cx.shardCount());
    }
    if (parentOid != 0) {
      // A partition is the unit of placement: it lies in one shard, and its siblings in the next
      // ones.
      return new PlacementDescriptor.Single(
          ShardChoice.forPartition(
              cx.shardBytes(), parentOid, cx.catalog().partitionsOf(parentOid)));
    }
    return other == null
        ? evenly(cx, key == null ? List.of() : key)
        : like(cx, other, name, columns, key == null ? List.of() : key);
  }

  /// Whether rows are to be where they would not be of themselves.
  boolean isAny() {
    return replicated || other != null;
  }

  /// The columns that a table's rows have their order by; none where that is a hidden one.
  static List<Integer> key(TableDescriptor table) {
    return table.primaryKey() == null ? List.of() : table.primaryKey().keyColumns();
  }

  /// By the first column of a key.
  ///
  /// @param key none for the hidden row id
  static PlacementDescriptor evenly(DdlContext cx, List<Integer> key) {
    return Placements.evenly(key.isEmpty() ? key : List.of(key.getFirst()), cx.shardCount());
  }

  /// Where the rows of a table go that gets its key now, and had none to be placed by.
  ///
  /// @throws SqlException 42804, 42P16 where the key is none to be placed by as the table says
  static PlacementDescriptor ofKey(DdlContext cx, TableDescriptor table, List<Integer> key) {
    // The one that others have named does not follow them.
    if (table.colocatedWith() != 0) {
      for (TableDescriptor each : Colocation.group(cx.catalog(), table)) {
        if (each.oid() != table.oid() && isByColumns(each.placement())) {
          return like(cx, each, table.name(), table.columns(), key);
        }
      }
    }
    return evenly(cx, key);
  }

  private static boolean isByColumns(PlacementDescriptor placement) {
    return placement instanceof PlacementDescriptor.Hash hash && !hash.columns().isEmpty()
        || placement instanceof PlacementDescriptor.Range;
  }

  /// As the rows of another table are placed, by the first columns of an own key. Without a key, or
  /// where the other one has none, rows go anywhere until there is one.
  private static PlacementDescriptor like(
      DdlContext cx, TableDescriptor other, String name, List<Column> columns, List<Integer> key) {
    return switch (other.placement()) {
      case PlacementDescriptor.Single single -> single;
      case PlacementDescriptor.Hash hash ->
          hash.columns().isEmpty() || key.isEmpty()
              ? evenly(cx, key)
              : new PlacementDescriptor.Hash(
                  first(other, hash.columns(), name, columns, key), hash.bucketShards());
      case PlacementDescriptor.Range range ->
          key.isEmpty()
              ? evenly(cx, key)
              : new PlacementDescriptor.Range(
                  first(other, range.columns(), name, columns, key),
                  range.splits(),
                  range.splitTexts(),
                  range.shards());
      case PlacementDescriptor.Replicated _ -> throw refused(name, other);
    };
  }

  /// The first columns of a key, which have the types of the columns that the other table's rows
  /// are placed by.
  private static List<Integer> first(
      TableDescriptor other,
      List<Integer> its,
      String name,
      List<Column> columns,
      List<Integer> key) {
    if (key.size() < its.size()) {
      throw refused(name, other)
          .detail(
              "Rows of table \""
                  + other.name()
                  + "\" are placed by "
                  + its.size()
                  + " columns, and the primary key has "
                  + key.size()
                  + ".");
    }
    for (int i = 0; i < its.size(); i++) {
      Column own = columns.get(key.get(i) - 1);
      Column like = other.columnNumbered(its.get(i));
      if (own.typeOid() != like.typeOid() || !Objects.equals(own.collation(), like.collation())) {
        throw refused(SqlState.DATATYPE_MISMATCH, name, other)
            .detail(
                "Key columns \""
                    + own.name()
                    + "\" and \""
                    + like.name()
                    + "\" are of different types: "
                    + typeName(own)
                    + " and "
                    + typeName(like)
                    + ".");
      }
    }
    return List.copyOf(key.subList(0, its.size()));
  }

  private static String typeName(Column column) {
    PgType type = Types.byOid(column.typeOid());
    return type.displayName();
  }
}
