package io.trencadis.cli.compat;

import java.util.List;
import java.util.Map;

/// What [SqlGenerator] puts together. A hole is the letter of a type in braces: `i` integer, `n`
/// numeric, `f` double precision, `t` text, `b` boolean, `d` date, `s` timestamp, `v` interval, `a`
/// array of integers; `L` is an integer literal, `Q` a table.
final class SqlTemplates {
  /// The types of columns, the frequent ones more often.
  static final String KINDS = "iiinttbdfsa";

  private static final Map<Character, List<String>> EXPRESSIONS =
      Map.of(
          'i',
          List.of(
              "({i} + {i})",
              "({i} - {i})",
              "({i} * {L})",
              "({i} / nullif({i}, 0))",
              "({i} % nullif({i}, 0))",
              "abs({i})",
              "length({t})",
              "coalesce({i}, {i})",
              "case when {b} then {i} else {i} end",
              "case {i} when {L} then {i} when {L} then {i} end",
              "greatest({i}, {i})",
              "least({i}, {i}, {i})",
              "extract(day from {d})::int",
              "({d} - {d})",
              "cardinality({a})",
              "({a})[1]",
              "nullif({i}, {i})",
              "position({t} in {t})",
              "({i} & {i})",
              "({i} | {i})",
              "sign({n})::int",
              "{n}::int",
              "ascii({t})",
              "(select count(*) from {Q} q where q.k > {i})::int",
              "(select max(q.k) from {Q} q where q.k <> {i})"),
          'n',
          List.of(
              "({n} + {n})",
              "({n} * {n})",
              "round({n}, 1)",
              "{i}::numeric",
              "({n} / nullif({n}, 0))",
              "trunc({n})",
              "ceil({n})",
              "mod({n}, nullif({n}, 0))",
              "coalesce({n}, {n})"),
          'f',
          List.of("({f} + {f})", "({f} * {f} + 0)", "{n}::float8", "floor({f})", "sqrt(abs({f}))"),
          't',
          List.of(
              "({t} || {t})",
              "upper({t})",
              "substr({t}, {L}, 2)",
              "coalesce({t}, {t})",
              "{i}::text",
              "replace({t}, {t}, {t})",
              "lpad({t}, 5, '*')",
              "concat({t}, {i}, {b})",
              "reverse({t})",
              "left({t}, {L})",
              "trim({t})",
              "to_char({n}, 'FM990.00')",
              "to_char({d}, 'YYYY-MM Dy')",
              "md5({t})",
              "split_part({t}, 'b', 1)",
              "translate({t}, 'ab', 'x')",
              "{a}::text",
              "{s}::text",
              "initcap({t})",
              "(select min(q.k) from {Q} q where {b})::text"),
          'b',
          List.of(
              "({i} = {i})",
              "({i} < {i})",
              "({i} >= {L})",
              "({t} = {t})",
              "({t} < {t})",
              "({b} and {b})",
              "({b} or {b})",
              "not {b}",
              "({i} is null)",
              "({t} is not null)",
              "({i} between {i} and {i})",
              "({i} not between symmetric {i} and {i})",
              "({t} like '%a%')",
              "({t} ~ '^a')",
              "({i} in ({i}, {L}, null))",
              "({i} in (select q.k from {Q} q where q.k > {i}))",
              "({i} not in (select q.k from {Q} q where q.k < {L}))",
              "exists (select 1 from {Q} q where q.k = {i})",
              "({n} < {n})",
              "({d} >= {d})",
              "({s} < {s})",
              "({i} = any ({a}))",
              "({a} && {a})",
              "({a} @> {a})",
              "({i} is distinct from {i})",
              "(({i}, {t}) < ({i}, {t}))",
              "({b} is not true)",
              "({i} > all (select q.k from {Q} q where q.k < {i}))"),
          'd',
          List.of("({d} + {L})", "coalesce({d}, {d})", "{s}::date", "greatest({d}, {d})"),
          's',
          List.of("({s} + {v})", "({s} - {v})", "{d}::timestamp", "date_trunc('hour', {s})"),
          'a',
          List.of("({a} || {i})", "array_remove({a}, {i})", "array[{i}, {i}]", "({a} || {a})"));

  private static final Map<Character, List<String>> TYPES =
      Map.of(
          'i', List.of("int", "int", "smallint"),
          'n', List.of("numeric", "numeric(10, 2)"),
          't', List.of("text", "varchar(40)"),
          'f', List.of("float8"),
          'b', List.of("bool"),
          'd', List.of("date"),
          's', List.of("timestamp"),
          'a', List.of("int[]"));

  static final List<String> AGGREGATES =
      List.of(
          "count(*)",
          "count({i})",
          "count(distinct {t})",
          "sum({i})",
          "sum({n})",
          "avg({i})::numeric(20, 4)",
          "min({t})",
          "max({d})",
          "min({s})",
          "max({n})",
          "bool_or({b})",
          "every({b})",
          "bit_or({i})",
          "count(*) filter (where {b})",
          "sum(distinct {i})",
          "array_agg(distinct {i})",
          "string_agg(distinct {t}, ',')");

  static final List<String> GROUPINGS =
      List.of("{}", "{}", "{}", "rollup ({})", "cube ({})", "grouping sets (({}), ())");

  static final List<String> WINDOWS =
      List.of(
          "rank() over (order by <key>)",
          "dense_rank() over (order by <key> desc nulls last)",
          "count(*) over (partition by <key>)",
          "sum({i}) over (order by <key>)",
          "max({i}) over (partition by {t} order by <key>)",
          "min({t}) over (order by <key> range between unbounded preceding and current row)",
          "first_value(<key>) over (order by <key>)");

  static final List<String> SET_OPERATIONS =
      List.of("union", "union all", "intersect", "except", "except all", "intersect all");

  private SqlTemplates() {}

  static List<String> of(char kind) {
    return EXPRESSIONS.get(kind);
  }

  static List<String> typesOf(char kind) {
    return TYPES.get(kind);
  }
}
