package io.trencadis.sql.plpgsql;

import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.SqlRow;
import io.trencadis.sql.types.Types;
import java.util.List;

/// What a trigger function is told.
///
/// @param rowType of the table; `oldRow` and `newRow` are of it, or null
/// @param when BEFORE, AFTER or INSTEAD OF
/// @param level ROW or STATEMENT
/// @param operation INSERT, UPDATE, DELETE or TRUNCATE
public record TriggerData(
    String name,
    PgType rowType,
    SqlRow oldRow,
    SqlRow newRow,
    String when,
    String level,
    String operation,
    long tableOid,
    String table,
    String schema,
    List<String> arguments) {
  private static final List<String> NAMES =
      List.of(
          "new",
          "old",
          "tg_name",
          "tg_when",
          "tg_level",
          "tg_op",
          "tg_relid",
          "tg_relname",
          "tg_table_name",
          "tg_table_schema",
          "tg_nargs",
          "tg_argv");

  static void declare(List<Pl.Datum> datums, List<PgType> types, Namespace names) {
    for (int i = 0; i < NAMES.size(); i++) {
      boolean row = i < 2;
      datums.add(new Pl.Datum(NAMES.get(i), null, row, false, false, null, null, null, 0));
      types.add(row ? null : typeOf(i));
      names.declare(NAMES.get(i), datums.size() - 1);
    }
  }

  private static PgType typeOf(int index) {
    return switch (NAMES.get(index)) {
      case "tg_name", "tg_relname", "tg_table_name", "tg_table_schema" -> Types.NAME;
      case "tg_relid" -> Types.OID;
      case "tg_nargs" -> Types.INT4;
      case "tg_argv" -> Types.TEXT_ARRAY;
      default -> Types.TEXT;
    };
  }

  /// Gives the datums their values. A trigger function has no arguments, so they are the first.
  void fill(Values values) {
    values.put(0, newRow, rowType);
    values.put(1, oldRow, rowType);
    Object[] all = {
      name,
      when,
      level,
      operation,
      tableOid,
      table,
      table,
      schema,
      arguments.size(),
      argumentArray()
    };
    for (int i = 0; i < all.length; i++) {
      values.put(i + 2, all[i]);
    }
  }

  /// Counted from 0.
  private SqlArray argumentArray() {
    return arguments.isEmpty()
        ? SqlArray.empty(Types.TEXT)
        : new SqlArray(
            Types.TEXT, new int[] {arguments.size()}, new int[] {0}, arguments.toArray());
  }
}
