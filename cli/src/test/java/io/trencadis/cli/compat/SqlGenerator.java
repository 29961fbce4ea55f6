package io.trencadis.cli.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Statements made by chance over tables made by chance, of which a seed gives always the same.
/// They order their rows by all of them, and keep away from what may differ between correct
/// servers: sums of floating-point numbers, and divisions that may or may not be reached.
final class SqlGenerator {
  private static final Pattern HOLE = Pattern.compile("\\{(\\w)}");

  private final SplittableRandom random;
  private final List<Source> tables = new ArrayList<>();
  private int aliases;

  /// A column and the letter of its type (see [SqlTemplates]).
  private record Column(String name, char kind) {}

  /// What is in a FROM clause.
  ///
  /// @param sql the table's name, or a subquery
  private record Source(String sql, List<Column> columns) {
    Source as(String alias) {
      return new Source(
          sql + " " + alias,
          columns.stream().map(c -> new Column(alias + "." + c.name, c.kind)).toList());
    }
  }

  SqlGenerator(long seed) {
    random = new SplittableRandom(seed);
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private boolean chance(double share) {
    return random.nextDouble() < share;
  }

  /// Statements that make and fill the tables. Comes first, once.
  List<String> schema() {
    List<String> statements = new ArrayList<>();
    int count = random.nextInt(2, 5);
    for (int t = 1; t <= count; t++) {
      String table = "t" + t;
      List<Column> columns = new ArrayList<>(List.of(new Column("k", 'i')));
      List<String> definitions = new ArrayList<>();
      definitions.add("k int" + (chance(0.7) ? " primary key" : ""));
      for (int c = random.nextInt(2, 6); c > 0; c--) {
        char kind = SqlTemplates.KINDS.charAt(random.nextInt(SqlTemplates.KINDS.length()));
        String name = "c" + c;
        columns.add(new Column(name, kind));
        definitions.add(name + " " + one(SqlTemplates.typesOf(kind)));
      }
      statements.add("create table " + table + " (" + String.join(", ", definitions) + ")");
      for (int i = random.nextInt(3); i > 0; i--) {
        String column = columns.get(random.nextInt(1, columns.size())).name;
        statements.add("create index on " + table + " (" + column + (chance(0.3) ? " desc)" : ")"));
      }
      for (int row = random.nextInt(1, 30); row > 0; row--) {
        List<String> values = new ArrayList<>(List.of(String.valueOf(row)));
        for (Column column : columns.subList(1, columns.size())) {
          values.add(chance(0.15) ? "null" : literal(column.kind));
        }
        statements.add("insert into " + table + " values (" + String.join(", ", values) + ")");
      }
      tables.add(new Source(table, columns));
    }
    return statements;
  }

  /// The next statement: mostly a query.
  String statement() {
    aliases = 0;
    return chance(0.8) ? ordered() : change();
  }

  /// A query for all rows of each table.
  List<String> contents() {
    return tables.stream().map(t -> "select * from " + t.sql + order(t.columns.size())).toList();
  }

  private static String order(int columns) {
    return " order by "
        + IntStream.rangeClosed(1, columns)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(", "));
  }

  private String literal(char kind) {
    return switch (kind) {
      case 'i' -> String.valueOf(random.nextInt(-4, 11));
      case 'n' -> random.nextInt(-50, 50) / 10.0 + "";
      case 'f' -> one(List.of("1.5::float8", "0::float8", "'-2'::float8", "1e10::float8"));
      case 't' -> one(List.of("'a'", "'abc'", "''", "'z'", "'A b'", "'10'", "'ÄÖ'"));
      case 'b' -> one(List.of("true", "false"));
      case 'd' -> "date '2024-0" + random.nextInt(1, 10) + "-1" + random.nextInt(10) + "'";
      case 's' ->
          "timestamp '2024-01-1" + random.nextInt(10) + " 12:30:0" + random.nextInt(10) + "'";
      case 'v' ->
          one(List.of("interval '1 day'", "interval '2 hours 5 min'", "interval '1 month'"));
      case 'j' ->
          one(
              List.of(
                  "'{\"a\": 1, \"b\": [1, 2]}'::jsonb",
                  "'{\"b\": \"x\", \"c\": null}'::jsonb",
                  "'[1, {\"a\": 2.50}]'::jsonb",
                  "'\"text\"'::jsonb"));
      default ->
          one(List.of("'{1,2}'::int[]", "array[0," + random.nextInt(5) + "]", "'{}'::int[]"));
    };
  }

  private String expression(List<Column> scope, char kind, int depth) {
    if (depth <= 0 || kind == 'v' || chance(0.25)) {
      List<Column> fitting = scope.stream().filter(c -> c.kind == kind).toList();
      return !fitting.isEmpty() && chance(0.75) ? one(fitting).name : literal(kind);
    }
    return filled(one(SqlTemplates.of(kind)), scope, depth - 1);
  }

  /// A template whose holes are filled: `{i}` with an integer and so on, `{Q}` with a table's name.
  private String filled(String template, List<Column> scope, int depth) {
    return HOLE.matcher(template)
        .replaceAll(
            m -> {
              char kind = m.group(1).charAt(0);
              return Matcher.quoteReplacement(
                  switch (kind) {
                    case 'Q' -> one(tables).sql;
                    case 'L' -> literal('i');
                    default -> expression(scope, kind, depth);
                  });
            });
  }

  private Source source(int depth) {
    String alias = "r" + ++aliases;
    if (depth <= 0 || chance(0.7)) {
      return one(tables).as(alias);
    }
    if (chance(0.3)) {
      String series = "generate_series(" + random.nextInt(3) + ", " + random.nextInt(1, 6) + ")";
      return new Source(series + " " + alias + "(g)", List.of(new Column(alias + ".g", 'i')));
    }
    List<Column> scope = new ArrayList<>();
    String from = from(scope, depth - 1);
    List<String> items = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      char kind = one(List.of('i', 't', 'n', 'b', 'd'));
      items.add(expression(scope, kind, 1) + " as e" + i);
      columns.add(new Column("e" + i, kind));
    }
    String select =
        "(select " + String.join(", ", items) + from + " where " + expression(scope, 'b', 1) + ")";
    return new Source(select, columns).as(alias);
  }

  private String from(List<Column> scope, int depth) {
    Source first = source(depth);
    scope.addAll(first.columns);
    StringBuilder from = new StringBuilder(" from " + first.sql);
    for (int joins = one(List.of(0, 0, 1, 1, 2)); joins > 0; joins--) {
      Source next = source(depth - 1);
      if (chance(0.15)) {
        from.append(" cross join ").append(next.sql);
      } else {
        String join = one(List.of("join", "left join", "right join", "full join"));
        from.append(" ").append(join).append(" ").append(next.sql).append(" on ");
        from.append(equality(scope, next.columns));
        if (!join.startsWith("full") && chance(0.3)) {
          from.append(" and ").append(expression(next.columns, 'b', 1));
        }
      }
      scope.addAll(next.columns);
    }
    if (chance(0.1)) {
      char kind = one(List.of('i', 't', 'n', 'j'));
      String alias = "r" + ++aliases;
      from.append(", lateral (select ").append(expression(scope, kind, 1)).append(" as x, ");
      from.append(expression(scope, 'i', 1)).append(" as y where ");
      from.append(expression(scope, 'b', 1)).append(") ").append(alias);
      scope.add(new Column(alias + ".x", kind));
      scope.add(new Column(alias + ".y", 'i'));
    }
    return from.toString();
  }

  private String equality(List<Column> left, List<Column> right) {
    List<String> pairs = new ArrayList<>();
    for (Column a : left) {
      for (Column b : right) {
        if (a.kind == b.kind) {
          pairs.add(a.name + " = " + b.name);
        }
      }
    }
    return pairs.isEmpty() ? "true" : one(pairs);
  }

  private String kinds(int count) {
    StringBuilder kinds = new StringBuilder();
    for (int i = 0; i < count; i++) {
      kinds.append(SqlTemplates.KINDS.charAt(random.nextInt(SqlTemplates.KINDS.length())));
    }
    return kinds.toString();
  }

  private String ordered() {
    String kinds = kinds(random.nextInt(1, 4));
    String query;
    int width = kinds.length();
    if (chance(0.12)) {
      query = plain(kinds) + " " + one(SqlTemplates.SET_OPERATIONS) + " " + plain(kinds);
    } else if (chance(0.4)) {
      int groups = random.nextInt(3);
      int aggregates = random.nextInt(1, 3);
      width = groups + aggregates;
      query = grouped(groups, aggregates);
    } else if (chance(0.15)) {
      width = 2;
      query = windowed();
    } else if (chance(0.1)) {
      String materialized = one(List.of("", "", "materialized ", "not materialized "));
      query = "with w as " + materialized + "(" + plain(kinds) + ") select * from w";
      query += chance(0.4) ? " union all select * from w" : "";
    } else if (chance(0.06)) {
      width = 2;
      query = recursive();
    } else {
      query = (chance(0.3) ? plain(kinds).replaceFirst("select", "select distinct") : plain(kinds));
    }
    String limit =
        chance(0.15) ? " limit " + random.nextInt(6) + " offset " + random.nextInt(4) : "";
    return query + order(width) + limit;
  }

  private String plain(String kinds) {
    List<Column> scope = new ArrayList<>();
    String from = from(scope, 2);
    String items =
        kinds
            .chars()
            .mapToObj(kind -> expression(scope, (char) kind, 2))
            .collect(Collectors.joining(", "));
    return "select " + items + from + where(scope);
  }

  private String where(List<Column> scope) {
    return chance(0.7) ? " where " + expression(scope, 'b', 2) : "";
  }

  private String grouped(int groups, int aggregates) {
    List<Column> scope = new ArrayList<>();
    String from = from(scope, 2);
    List<String> items = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      items.add(one(scope).name);
    }
    String keys = String.join(", ", items);
    for (int i = 0; i < aggregates; i++) {
      items.add(filled(one(SqlTemplates.AGGREGATES), scope, 1));
    }
    String by = groups == 0 ? "" : " group by " + one(SqlTemplates.GROUPINGS).replace("{}", keys);
    String having = chance(0.25) ? " having count(*) > " + random.nextInt(4) : "";
    return "select " + String.join(", ", items) + from + where(scope) + by + having;
  }

  private String windowed() {
    List<Column> scope = new ArrayList<>();
    String from = from(scope, 1);
    String key = one(scope).name;
    String window = filled(one(SqlTemplates.WINDOWS), scope, 1).replace("<key>", key);
    return "select " + key + ", " + window + from + where(scope);
  }

  private String recursive() {
    String table = one(tables).sql;
    return "with recursive r(n, d) as (select k, 0 from "
        + table
        + " where k < "
        + random.nextInt(8)
        + one(List.of(" union", " union all"))
        + " select n + "
        + random.nextInt(1, 3)
        + ", d + 1 from r where d < 4 and n <> "
        + random.nextInt(9)
        + ") select n, count(*) from r group by n";
  }

  /// A change that other rows take part in, each row of the table at most once.
  private String joined(Source table, Column set, String returning) {
    String others = "(select distinct k as j from " + one(tables).sql + ") src";
    List<Column> columns = table.columns;
    String value = expression(columns, set.kind, 1);
    String condition = expression(columns, 'b', 1);
    String name = table.sql;
    return switch (random.nextInt(5)) {
      case 0 ->
          String.format(
              "update %s set %s = %s from %s where src.j = %s.k and %s%s",
              name, set.name, value, others, name, condition, returning);
      case 1 ->
          String.format(
              "delete from %s using %s where src.j = %s.k and %s and k %% 4 = 1%s",
              name, others, name, condition, returning);
      case 2 ->
          String.format(
              "insert into %s (k, %s) select j, %s from %s on conflict (k) do update set %s ="
                  + " excluded.%s where %s.k %% 2 = 0%s",
              name, set.name, literal(set.kind), others, set.name, set.name, name, returning);
      case 3 ->
          String.format(
              "merge into %s using %s on %s.k = src.j when matched and %s then update set %s = %s"
                  + " when matched and k %% 5 = 0 then delete when not matched then insert (k)"
                  + " values (src.j + 300)",
              name, others, name, condition, set.name, value);
      default ->
          String.format(
              "with gone as (delete from %s where k %% 7 = 3 and %s returning k, %s) select * from"
                  + " gone order by 1, 2",
              name, condition, set.name);
    };
  }

  private String change() {
    Source table = one(tables);
    List<Column> columns = table.columns;
    Column set = columns.get(random.nextInt(1, columns.size()));
    String returning =
        chance(0.3)
            ? ""
            : " returning " + columns.stream().map(Column::name).collect(Collectors.joining(", "));
    return switch (random.nextInt(6)) {
      case 4, 5 -> joined(table, set, returning);
      case 0 ->
          "update "
              + table.sql
              + " set "
              + set.name
              + " = "
              + expression(columns, set.kind, 2)
              + where(columns)
              + returning;
      case 1 ->
          "delete from "
              + table.sql
              + " where "
              + expression(columns, 'b', 2)
              + " and k % 3 = 0"
              + returning;
      case 2 ->
          "insert into "
              + table.sql
              + " (k, "
              + set.name
              + ") select k + 100, "
              + expression(columns, set.kind, 1)
              + " from "
              + table.sql
              + " where k < 100 and "
              + expression(columns, 'b', 1)
              + returning;
      default ->
          "insert into "
              + table.sql
              + " (k, "
              + set.name
              + ") values ("
              + random.nextInt(60)
              + ", "
              + literal(set.kind)
              + ")"
              + returning;
    };
  }
}
