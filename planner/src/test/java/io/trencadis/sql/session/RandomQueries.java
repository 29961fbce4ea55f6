package io.trencadis.sql.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A schema with rows, and queries over it, made by chance; the same for the same seed. The answers
/// hang on nothing but the rows: no two ways of running a query may differ in them.
final class RandomQueries {
  private static final String[] TYPES = {
    "int", "bigint", "numeric(8,2)", "text", "date", "boolean"
  };

  private record Column(String name, String type) {}

  private record Table(String name, List<Column> columns) {}

  /// A table in FROM.
  private record Source(String alias, Table table) {
    String column(Random random, String type) {
      List<Column> fitting =
          table.columns.stream().filter(each -> type == null || each.type.equals(type)).toList();
      return fitting.isEmpty()
          ? null
          : alias + "." + fitting.get(random.nextInt(fitting.size())).name;
    }
  }

  private final Random random;
  private final List<Table> tables = new ArrayList<>();
  private int aliases;

  RandomQueries(Random random) {
    this.random = random;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private String any(String... of) {
    return of[random.nextInt(of.length)];
  }

  /// Statements that make the tables and fill them.
  List<String> schema() {
    List<String> out = new ArrayList<>();
    int count = 3 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      List<Column> columns = new ArrayList<>();
      columns.add(new Column("id", "int"));
      columns.add(new Column("fk", "int"));
      for (int j = 0; j < 2 + random.nextInt(4); j++) {
        columns.add(new Column("c" + j, TYPES[random.nextInt(TYPES.length)]));
      }
      Table table = new Table("t" + i, columns);
      tables.add(table);
      StringBuilder create = new StringBuilder("CREATE TABLE " + table.name + " (");
      StringBuilder values = new StringBuilder();
      int spread = 3 + random.nextInt(60);
      for (Column column : columns) {
        create.append(column.name).append(' ').append(column.type).append(", ");
        values.append(values.isEmpty() ? "" : ", ").append(value(column, spread));
      }
      String key = any("PRIMARY KEY (id)", "PRIMARY KEY (id)", "PRIMARY KEY (fk, id)", "");
      if (key.isEmpty()) {
        create.setLength(create.length() - 2);
      }
      // Enough for what is only done where there are many rows.
      int rows = i == 0 && chance(30) ? 25_000 : 20 + random.nextInt(250);
      out.add(create + key + ")");
      out.add(
          "INSERT INTO "
              + table.name
              + " SELECT "
              + values
              + " FROM generate_series(1, "
              + rows
              + ") i");
      if (chance(60)) {
        Column indexed = columns.get(1 + random.nextInt(columns.size() - 1));
        out.add("CREATE INDEX ON " + table.name + " (" + indexed.name + ")");
      }
    }
    return out;
  }

  /// Of the row's number, the same on every server.
  private String value(Column column, int spread) {
    if (column.name.equals("id")) {
      return "i";
    }
    int factor = 2 * random.nextInt(5_000) + 1;
    String number = "(i * " + factor + " / 7 % " + spread + ")";
    if (column.name.equals("fk")) {
      return number;
    }
    String made =
        switch (column.type) {
          case "int", "bigint" -> number;
          case "numeric(8,2)" -> number + " / 4.0";
          case "text" -> "'w' || " + number;
          case "date" -> "date '2024-01-01' + " + number + "::int";
          default -> number + " % 2 = 0";
        };
    return chance(60)
        ? "CASE WHEN i % " + (3 + random.nextInt(9)) + " > 0 THEN " + made + " END"
        : made;
  }

  private String literal(String type) {
    int number = random.nextInt(30);
    return switch (type) {
      case "int", "bigint" -> Integer.toString(number);
      case "numeric(8,2)" -> number / 4.0 + "";
      case "text" -> "'w" + number + "'";
      case "date" -> "date '2024-01-" + "%02d".formatted(1 + number) + "'";
      default -> any("true", "false");
    };
  }

  private Source source() {
    return new Source("a" + aliases++, tables.get(random.nextInt(tables.size())));
  }

  String query() {
    aliases = 0;
    return switch (random.nextInt(13)) {
      case 10, 11 -> first();
      case 12 -> extremes();
      case 0 -> setOperation();
      case 1 -> with();
      case 2 -> window();
      case 3, 4, 5 -> grouped();
      default -> plain();
    };
  }

  private String plain() {
    List<Source> sources = new ArrayList<>();
    String from = from(sources);
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      columns.add(sources.get(random.nextInt(sources.size())).column(random, null));
    }
    String list = String.join(", ", columns);
    String sql = "SELECT " + (chance(20) ? "DISTINCT " : "") + list + from + where(sources);
    if (chance(25)) {
      // All columns are in the order: rows that are equal in it are equal.
      return sql + " ORDER BY " + list + any("", " LIMIT 7", " LIMIT 20 OFFSET 3");
    }
    return sql;
  }

  /// The first rows by an order that begins with what keys begin with, and has all columns.
  private String first() {
    List<Source> sources = new ArrayList<>();
    String from = from(sources);
    String key = sources.get(random.nextInt(sources.size())).alias + any(".id", ".fk");
    List<String> columns = new ArrayList<>(List.of(key));
    for (int i = 0; i < random.nextInt(3); i++) {
      columns.add(sources.get(random.nextInt(sources.size())).column(random, null));
    }
    List<String> order = new ArrayList<>();
    for (String column : columns) {
      order.add(column + any("", " DESC", " NULLS FIRST", " DESC NULLS LAST"));
    }
    return "SELECT "
        + String.join(", ", columns)
        + from
        + where(sources)
        + " ORDER BY "
        + String.join(", ", order)
        + any(" LIMIT 1", " LIMIT 5", " LIMIT 9 OFFSET 4", " LIMIT 60");
  }

  private String extremes() {
    Source of = source();
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      calls.add(any("min", "max") + "(" + of.alias + any(".id", ".fk") + ")");
    }
    return "SELECT "
        + String.join(", ", calls)
        + " FROM "
        + of.table.name
        + " "
        + of.alias
        + where(List.of(of));
  }

  private String grouped() {
    List<Source> sources = new ArrayList<>();
    String from = from(sources);
    List<String> calls = new ArrayList<>(List.of("count(*)"));
    for (int i = 0; i < random.nextInt(4); i++) {
      Source of = sources.get(random.nextInt(sources.size()));
      String number = of.column(random, any("int", "bigint", "numeric(8,2)"));
      String whatever = of.column(random, any("int", "text", "date", "numeric(8,2)"));
      if (number != null) {
        calls.add(any("sum", "avg", "min", "max") + "(" + number + ")");
      }
      if (whatever != null) {
        calls.add("count(" + any("", "DISTINCT ") + whatever + ")");
        calls.add(any("min", "max") + "(" + whatever + ")");
      }
    }
    String aggregates = String.join(", ", calls);
    if (chance(25)) {
      return "SELECT " + aggregates + from + where(sources);
    }
    String key = sources.get(random.nextInt(sources.size())).column(random, null);
    String keys = chance(30) ? key + ", " + sources.getFirst().alias + ".fk" : key;
    return "SELECT "
        + keys
        + ", "
        + aggregates
        + from
        + where(sources)
        + " GROUP BY "
        + keys
        + any("", "", " HAVING count(*) > 2");
  }

  private String setOperation() {
    String type = any("int", "text", "date");
    String op = any("UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL");
    return side(type) + " " + op + " " + side(type);
  }

  private String side(String type) {
    Source of = source();
    String column = of.column(random, type);
    while (column == null) {
      of = source();
      column = chance(20) ? "NULL::" + type : of.column(random, type);
    }
    return "SELECT " + column + " FROM " + of.table.name + " " + of.alias + where(List.of(of));
  }

  private String with() {
    Source inner = source();
    String key = inner.alias + ".fk";
    String body =
        "SELECT "
            + key
            + " AS k, count(*) AS n, max("
            + inner.alias
            + ".id) AS m FROM "
            + inner.table.name
            + " "
            + inner.alias
            + where(List.of(inner))
            + " GROUP BY "
            + key;
    Source outer = source();
    String kind = any("AS", "AS", "AS MATERIALIZED", "AS NOT MATERIALIZED");
    return "WITH w "
        + kind
        + " ("
        + body
        + ") SELECT x.k, x.n, y.m, "
        + outer.alias
        + ".id FROM w x"
        + any(" JOIN", " LEFT JOIN")
        + " w y ON x.n = y.n JOIN "
        + outer.table.name
        + " "
        + outer.alias
        + " ON "
        + outer.alias
        + ".id = y.m"
        + where(List.of(outer));
  }

  private String window() {
    Source of = source();
    String by = of.column(random, null);
    String order = of.column(random, null);
    String number = of.column(random, "int");
    return "SELECT "
        + of.alias
        + ".id, "
        + by
        + ", "
        + any("rank()", "dense_rank()", "count(*)", "sum(" + number + ")", "max(" + number + ")")
        + " OVER ("
        + any("", "PARTITION BY " + by + " ")
        + "ORDER BY "
        + order
        + "), count(*) OVER ("
        + any("", "PARTITION BY " + by)
        + ") FROM "
        + of.table.name
        + " "
        + of.alias
        + where(List.of(of));
  }

  private String from(List<Source> sources) {
    sources.add(source());
    Source first = sources.getFirst();
    StringBuilder out = new StringBuilder(" FROM " + first.table.name + " " + first.alias);
    int joins = any("", "j", "j", "jj", "jjj").length();
    for (int i = 0; i < joins; i++) {
      Source next = source();
      Source known = sources.get(random.nextInt(sources.size()));
      String on =
          any(known.alias + ".id", known.alias + ".fk")
              + " = "
              + next.alias
              + "."
              + any("id", "id", "fk");
      String more = chance(25) ? " AND " + comparison(next) : "";
      out.append(any(" JOIN ", " JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN "))
          .append(next.table.name + " " + next.alias + " ON " + on + (more));
      sources.add(next);
      // Beyond, products grow large.
      if (on.endsWith(".fk")) {
        break;
      }
    }
    return out.toString();
  }

  private String where(List<Source> sources) {
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < random.nextInt(3); i++) {
      conditions.add(condition(sources.get(random.nextInt(sources.size())), 2));
    }
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  private String condition(Source of, int depth) {
    switch (random.nextInt(depth > 0 ? 9 : 4)) {
      case 4 -> {
        return "(" + condition(of, depth - 1) + " OR " + condition(of, depth - 1) + ")";
      }
      case 5 -> {
        return "NOT (" + condition(of, depth - 1) + ")";
      }
      case 6 -> {
        Source inner = source();
        return of.alias
            + ".fk "
            + any("IN", "IN", "NOT IN")
            + " (SELECT "
            + inner.alias
            + ".id FROM "
            + inner.table.name
            + " "
            + inner.alias
            + " WHERE "
            + condition(inner, 0)
            + ")";
      }
      case 7 -> {
        Source inner = source();
        return any("", "NOT ")
            + "EXISTS (SELECT 1 FROM "
            + inner.table.name
            + " "
            + inner.alias
            + " WHERE "
            + inner.alias
            + "."
            + any("id", "fk")
            + " = "
            + of.alias
            + ".fk AND "
            + condition(inner, 0)
            + ")";
      }
      case 8 -> {
        Source inner = source();
        return of.alias
            + ".id "
            + any("<", ">=")
            + " (SELECT "
            + any("max", "min", "count")
            + "("
            + inner.alias
            + ".id) FROM "
            + inner.table.name
            + " "
            + inner.alias
            + " WHERE "
            + inner.alias
            + ".fk = "
            + of.alias
            + ".fk)";
      }
      default -> {
        return comparison(of);
      }
    }
  }

  private String comparison(Source of) {
    Column column = of.table.columns.get(random.nextInt(of.table.columns.size()));
    String name = of.alias + "." + column.name;
    return switch (random.nextInt(7)) {
      case 0 -> name + any(" IS NULL", " IS NOT NULL");
      case 5 ->
          "("
              + any(of.alias + ".fk, " + of.alias + ".id", of.alias + ".id, " + name)
              + ", "
              + of.alias
              + ".fk) "
              + any("<", "<=", ">", ">=")
              + " ("
              + literal("int")
              + ", "
              + any("NULL", literal(column.type), literal("int"))
              + ", "
              + literal("bigint")
              + ")";
      case 6 ->
          of.alias
              + any(".id", ".fk")
              + " = ANY ('{"
              + literal("int")
              + ", "
              + literal("int")
              + "}'::"
              + any("smallint[]", "bigint[]", "int[]")
              + ")";
      case 1 ->
          name
              + " IN ("
              + literal(column.type)
              + ", "
              + literal(column.type)
              + ", "
              + literal(column.type)
              + ")";
      case 2 -> name + " BETWEEN " + literal(column.type) + " AND " + literal(column.type);
      default -> name + " " + any("=", "<>", "<", "<=", ">", ">=") + " " + literal(column.type);
    };
  }
}
