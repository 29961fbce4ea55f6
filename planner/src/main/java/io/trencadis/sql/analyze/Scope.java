package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.WindowSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;

/// The names that an expression may use: the items of a FROM clause, and behind them the columns of
/// enclosing queries.
final class Scope {
  /// A column that can be named.
  ///
  /// @param value the column over the rows of the FROM clause
  /// @param tableOid the stored table it comes from unchanged, or 0
  /// @param access what to tell that the column is read, or null
  record Column(String name, RexNode value, int tableOid, int columnNumber, TableAccess access) {
    Column(String name, RexNode value, int tableOid, int columnNumber) {
      this(name, value, tableOid, columnNumber, null);
    }

    Column with(RexNode newValue) {
      return new Column(name, newValue, tableOid, columnNumber, access);
    }

    Column named(String newName) {
      return new Column(newName, value, tableOid, columnNumber, access);
    }

    /// The same columns in rows that have so many columns before them.
    static List<Column> shifted(List<Column> columns, int offset) {
      List<Column> out = new ArrayList<>();
      for (Column column : columns) {
        out.add(column.with(RexUtil.shift(column.value, offset)));
      }
      return out;
    }

    /// Notes that the statement reads the column.
    Column read() {
      if (access != null) {
        access.reads(columnNumber);
      }
      return this;
    }
  }

  /// A table that an item of FROM is, or has in its view or sub-select.
  ///
  /// @param locator the column that locates its rows
  record Behind(RexNode locator, String relation) {}

  /// An item of FROM that can qualify a column.
  ///
  /// @param schema the schema of a table without an alias, or null
  /// @param locator the column that locates the table's rows, or null
  /// @param hidden columns that can be named but are not part of `*`
  /// @param optional whether an outer join may find no row of it
  /// @param behind of a view or sub-select: what FOR UPDATE of it has to lock
  record Item(
      String schema,
      String name,
      List<Column> columns,
      RexNode locator,
      int tableOid,
      boolean function,
      List<Column> hidden,
      boolean optional,
      List<Behind> behind) {
    Item(
        String schema,
        String name,
        List<Column> columns,
        RexNode locator,
        int tableOid,
        boolean function) {
      this(schema, name, columns, locator, tableOid, function, List.of(), false, List.of());
    }

    Item(
        String schema,
        String name,
        List<Column> columns,
        RexNode locator,
        int tableOid,
        boolean function,
        List<Column> hidden,
        boolean optional) {
      this(schema, name, columns, locator, tableOid, function, hidden, optional, List.of());
    }

    /// The same item, of which an outer join may find no row.
    Item asOptional() {
      return new Item(schema, name, columns, locator, tableOid, function, hidden, true, behind);
    }

    /// The same item with columns that only their names bring out.
    Item withHidden(List<Column> others) {
      return new Item(schema, name, columns, locator, tableOid, function, others, optional, behind);
    }

    /// The tables whose rows FOR UPDATE of the item locks.
    List<Behind> lockable() {
      return locator == null ? behind : List.of(new Behind(locator, name));
    }

    /// The same item over what is behind it.
    Item over(List<Behind> tables) {
      return new Item(schema, name, columns, locator, tableOid, function, hidden, optional, tables);
    }

    /// The same item in rows that have so many columns before its own.
    Item shifted(int offset) {
      return new Item(
          schema,
          name,
          Column.shifted(columns, offset),
          locator == null ? null : RexUtil.shift(locator, offset),
          tableOid,
          function,
          Column.shifted(hidden, offset),
          optional,
          behind.stream()
              .map(each -> new Behind(RexUtil.shift(each.locator, offset), each.relation))
              .toList());
    }
  }

  private final List<Item> items;
  private final List<Column> visible;
  private final OuterReferences outer;
  private final Map<Integer, Use> uses = new LinkedHashMap<>();

  private List<WindowSpec> windows = List.of();
  private Set<Integer> generated = Set.of();
  private Item hidden;

  /// Where a column was first named outside of aggregates, for errors about grouping.
  record Use(String name, int pos) {}

  /// @param visible the columns that may be named without a qualifier, in the order of `*`
  /// @param outer where names that are not here are looked for; null at the top
  Scope(List<Item> items, List<Column> visible, OuterReferences outer) {
    this.items = items;
    this.visible = visible;
    this.outer = outer;
  }

  static Scope empty(OuterReferences outer) {
    return new Scope(List.of(), List.of(), outer);
  }

  /// The windows of the WINDOW clause, which only this query's own expressions may name.
  List<WindowSpec> windows() {
    return windows;
  }

  void windows(List<WindowSpec> named) {
    windows = named;
  }

  /// An item that the statement has and that expressions here must not name; null for none.
  Item hidden() {
    return hidden;
  }

  void hidden(Item item) {
    hidden = item;
  }

  /// Places of columns that are computed from others.
  Set<Integer> generated() {
    return generated;
  }

  void generated(Set<Integer> places) {
    generated = places;
  }

  List<Item> items() {
    return items;
  }

  List<Column> visible() {
    return visible;
  }

  OuterReferences outer() {
    return outer;
  }

  /// Notes that a column of the FROM clause was named outside of any aggregate.
  void noteUse(int column, int pos) {
    uses.computeIfAbsent(column, index -> new Use(describe(index), pos));
  }

  Map<Integer, Use> uses() {
    return uses;
  }

  /// A column by table and name, as messages show it.
  String describe(int index) {
    for (Item item : items) {
      for (List<Column> columns : List.of(item.columns(), item.hidden())) {
        for (Column column : columns) {
          if (column.value() instanceof RexInputRef ref && ref.getIndex() == index) {
            return item.name() + "." + column.name();
          }
        }
      }
    }
    return "?";
  }

  /// The column of that name, here or further out; null if there is none.
  ///
  /// @throws SqlException 42702 if several columns of one query match
  RexNode column(String name, int pos) {
    Column found = here(name, pos);
    if (found != null) {
      return found.read().value();
    }
    if (outer == null) {
      return null;
    }
    RexNode value = outer.scope().column(name, pos);
    return value == null ? null : outer.slotFor(value);
  }

  private Column here(String name, int pos) {
    Column found = null;
    for (Column column : visible) {
      if (column.name().equals(name)) {
        if (found != null) {
          throw new SqlException(
                  SqlState.AMBIGUOUS_COLUMN, "column reference \"" + name + "\" is ambiguous")
              .at(pos);
        }
        found = column;
      }
    }
    return found == null ? hiddenHere(name, pos) : found;
  }

  private Column hiddenHere(String name, int pos) {
    Column found = null;
    for (Item item : items) {
      for (Column column : item.hidden()) {
        if (column.name().equals(name)) {
          if (found != null) {
            throw new SqlException(
                    SqlState.AMBIGUOUS_COLUMN, "column reference \"" + name + "\" is ambiguous")
                .at(pos);
          }
          found = column;
        }
      }
    }
    return found;
  }

  /// The item of that name, here or further out; null if there is none.
  Item item(String schema, String name, int pos) {
    Item found = itemHere(schema, name, pos);
    return found != null || outer == null ? found : outer.scope().item(schema, name, pos);
  }

  Item itemHere(String schema, String name, int pos) {
    Item found = null;
    for (Item item : items) {
      if (item.name().equals(name) && (schema == null || schema.equals(item.schema()))) {
        if (found != null) {
          throw new SqlException(
                  SqlState.AMBIGUOUS_ALIAS, "table reference \"" + name + "\" is ambiguous")
              .at(pos);
        }
        found = item;
      }
    }
    return found;
  }

  /// The column of an item by both names.
  ///
  /// @throws SqlException 42703 if the item has no such column
  RexNode qualified(String schema, String itemName, String name, int pos) {
    Item item = itemHere(schema, itemName, pos);
    if (item == null) {
      if (outer == null) {
        return null;
      }
      RexNode value = outer.scope().qualified(schema, itemName, name, pos);
      return value == null ? null : outer.slotFor(value);
    }
    RexNode found = null;
    for (Column column : item.columns()) {
      if (column.name().equals(name)) {
        if (found != null) {
          throw new SqlException(
                  SqlState.AMBIGUOUS_COLUMN, "column reference \"" + name + "\" is ambiguous")
              .at(pos);
        }
        found = column.read().value();
      }
    }
    if (found == null) {
      for (Column column : item.hidden()) {
        if (column.name().equals(name)) {
          return column.read().value();
        }
      }
      throw new SqlException(
              SqlState.UNDEFINED_COLUMN, "column " + itemName + "." + name + " does not exist")
          .at(pos);
    }
    return found;
  }

  /// The columns of an item as values of this scope, also where the item is further out; null if
  /// there is none.
  List<Column> columnsOf(String schema, String itemName, int pos) {
    Item item = itemHere(schema, itemName, pos);
    if (item != null) {
      item.columns().forEach(Column::read);
      return item.columns();
    }
    if (outer == null) {
      return null;
    }
    List<Column> found = outer.scope().columnsOf(schema, itemName, pos);
    if (found == null) {
      return null;
    }
    List<Column> mapped = new ArrayList<>();
    for (Column column : found) {
      mapped.add(column.with(outer.slotFor(column.value())));
    }
    return mapped;
  }
}
