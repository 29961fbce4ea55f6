package io.trencadis.sql.functions;

import io.trencadis.sql.types.PgType;
import java.util.Arrays;
import java.util.List;

/// An extension that can be created.
///
/// @param versions all that PostgreSQL 15 has; the last one is what CREATE EXTENSION makes
/// @param trusted whether who may create objects in the database may create it, too
/// @param relocatable whether its objects can be moved to another schema
/// @param comment what it is for
public record Extension(
    String name, List<String> versions, boolean trusted, boolean relocatable, String comment) {
  private static final String IN_SQL = "SELECT ";

  /// Oid of the one that every database has.
  public static final int PLPGSQL_OID = 13563;

  /// Those that are built in, by name.
  public static final List<Extension> ALL =
      List.of(
          new Extension(
              "btree_gin",
              List.of("1.0", "1.1", "1.2", "1.3"),
              true,
              true,
              "support for indexing common datatypes in GIN"),
          new Extension(
              "btree_gist",
              List.of("1.2", "1.3", "1.4", "1.5", "1.6", "1.7"),
              true,
              true,
              "support for indexing common datatypes in GiST"),
          new Extension(
              "citext",
              List.of("1.4", "1.5", "1.6"),
              true,
              true,
              "data type for case-insensitive character strings"),
          new Extension(
              "pg_stat_statements",
              List.of("1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "1.10"),
              false,
              true,
              "track planning and execution statistics of all SQL statements executed"),
          new Extension(
              "pg_trgm",
              List.of("1.3", "1.4", "1.5", "1.6"),
              true,
              true,
              "text similarity measurement and index searching based on trigrams"),
          new Extension("pgcrypto", List.of("1.3"), true, true, "cryptographic functions"),
          new Extension("plpgsql", List.of("1.0"), true, false, "PL/pgSQL procedural language"),
          new Extension(
              "unaccent",
              List.of("1.1"),
              true,
              true,
              "text search dictionary that removes accents"),
          new Extension(
              "uuid-ossp",
              List.of("1.1"),
              true,
              true,
              "generate universally unique identifiers (UUIDs)"));

  /// The extension of that name, or null.
  public static Extension named(String name) {
    return ALL.stream().filter(each -> each.name.equals(name)).findFirst().orElse(null);
  }

  public String defaultVersion() {
    return versions.getLast();
  }

  /// In the place of an oid: the type that comes with the extension, whose oid is another one in
  /// each database.
  public static final int OWN_TYPE = -1;

  /// What [PgType.Definition#kind] says of the type that comes with it, which has its name; 0 for
  /// none.
  public char typeKind() {
    return name.equals("citext") ? PgType.CITEXT_KIND : 0;
  }

  /// An operator of an extension.
  ///
  /// @param left oid of the operand's type, or [#OWN_TYPE]
  /// @param source what [Builtins] knows its function by
  public record Operator(String extension, String symbol, int left, int right, String source) {}

  private static final List<Operator> OPERATORS =
      PgCatalog.rows("extension_operator").stream()
          .map(
              row ->
                  new Operator(
                      row[0], row[1], Integer.parseInt(row[2]), Integer.parseInt(row[3]), row[4]))
          .toList();

  /// The operators of all extensions that are written so.
  public static List<Operator> operators(String symbol) {
    return OPERATORS.stream().filter(each -> each.symbol.equals(symbol)).toList();
  }

  /// A function of an extension, as `pg_proc` has it.
  ///
  /// @param source what [Builtins] knows it by; null for one that has a body
  /// @param body in SQL
  /// @param modes of the arguments, empty if all are inputs
  public record Function(
      String name,
      String source,
      String body,
      char volatility,
      char parallel,
      boolean strict,
      boolean returnsSet,
      int resultOid,
      int[] types,
      String modes,
      List<String> names) {}

  /// The functions that creating it makes.
  public List<Function> functions() {
    return PgCatalog.rows("extension_proc").stream()
        .filter(row -> row[0].equals(name))
        .map(
            row ->
                new Function(
                    row[1],
                    row[2].startsWith(IN_SQL) ? null : row[2],
                    row[2].startsWith(IN_SQL) ? row[2] : null,
                    row[3].charAt(0),
                    row[4].charAt(0),
                    row[5].equals("1"),
                    row[6].equals("1"),
                    Integer.parseInt(row[7]),
                    row[8].isEmpty()
                        ? new int[0]
                        : Arrays.stream(row[8].split(" ")).mapToInt(Integer::parseInt).toArray(),
                    row[9],
                    row[10].isEmpty() ? List.of() : List.of(row[10].split(",", -1))))
        .toList();
  }
}
