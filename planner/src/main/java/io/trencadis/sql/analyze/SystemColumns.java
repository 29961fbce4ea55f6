package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.rel.Operation;
import io.trencadis.sql.rel.PgCall;
import io.trencadis.sql.rel.PgTypeFactory;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rex.RexNode;

/// The columns that every stored table has and no `*` shows (PostgreSQL 15 manual, 5.5). They are
/// computed from a row's locator, which plans carry only where one of them is named.
public final class SystemColumns {
  /// A name that no statement can write, for the column that is the locator itself.
  public static final String LOCATOR = "\u0001row";

  private static final Map<String, Integer> NUMBERS = new LinkedHashMap<>();

  static {
    NUMBERS.put("ctid", -1);
    NUMBERS.put("xmin", -2);
    NUMBERS.put("cmin", -3);
    NUMBERS.put("xmax", -4);
    NUMBERS.put("cmax", -5);
    NUMBERS.put("tableoid", -6);
  }

  private SystemColumns() {}

  /// Whether no other column may have the name.
  public static boolean isOne(String name) {
    return NUMBERS.containsKey(name);
  }

  /// Whether an error may only mean that locators were not asked for.
  static boolean isMissing(SqlException error) {
    if (error.state() != SqlState.UNDEFINED_COLUMN) {
      return false;
    }
    String message = error.getMessage();
    return message.contains(LOCATOR) || NUMBERS.keySet().stream().anyMatch(message::contains);
  }

  private static PgType type(String name) {
    return switch (name) {
      case "ctid" -> Types.TID;
      case "tableoid" -> Types.OID;
      case "cmin", "cmax" -> Types.CID;
      default -> Types.XID;
    };
  }

  /// An item of a table's columns, with the system columns over a locator that stands behind them.
  static Scope.Item behind(
      Scope.Item item, TableDescriptor table, Analysis analysis, TableAccess access) {
    int place = table.liveColumns().size();
    return at(item, place, analysis, access);
  }

  /// An item with the system columns over a locator at a place of its rows.
  static Scope.Item at(Scope.Item item, int place, Analysis analysis, TableAccess access) {
    RexNode locator = analysis.rex().makeInputRef(PgTypeFactory.of(Types.TID), place);
    return new Scope.Item(
        item.schema(),
        item.name(),
        item.columns(),
        null,
        item.tableOid(),
        item.function(),
        of(locator, analysis, access),
        item.optional());
  }

  /// @param locator the column of a row's locator
  /// @param access what to tell which columns are read, or null
  static List<Scope.Column> of(RexNode locator, Analysis analysis, TableAccess access) {
    List<Scope.Column> columns = new ArrayList<>();
    columns.add(new Scope.Column(LOCATOR, locator, 0, 0));
    NUMBERS.forEach(
        (name, number) -> {
          PgType type = type(name);
          RexNode value =
              analysis
                  .rex()
                  .makeCall(
                      PgTypeFactory.of(type),
                      new PgCall(new Operation.SystemColumn(name)),
                      List.of(locator));
          columns.add(new Scope.Column(name, value, 0, number, access));
        });
    return columns;
  }
}
