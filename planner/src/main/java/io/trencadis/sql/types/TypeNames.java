package io.trencadis.sql.types;

import java.util.Map;

/// The names that SQL's grammar gives some types, both ways.
final class TypeNames {
  private static final Map<String, PgType> KEYWORDS =
      Map.ofEntries(
          Map.entry("boolean", Types.BOOL),
          Map.entry("smallint", Types.INT2),
          Map.entry("int", Types.INT4),
          Map.entry("integer", Types.INT4),
          Map.entry("bigint", Types.INT8),
          Map.entry("real", Types.FLOAT4),
          Map.entry("double precision", Types.FLOAT8),
          Map.entry("decimal", Types.NUMERIC),
          Map.entry("dec", Types.NUMERIC),
          Map.entry("character", Types.BPCHAR),
          Map.entry("char", Types.BPCHAR),
          Map.entry("\"char\"", Types.CHAR),
          Map.entry("character varying", Types.VARCHAR),
          Map.entry("char varying", Types.VARCHAR),
          Map.entry("bit varying", Types.VARBIT),
          Map.entry("time without time zone", Types.TIME),
          Map.entry("time with time zone", Types.TIMETZ),
          Map.entry("timestamp without time zone", Types.TIMESTAMP),
          Map.entry("timestamp with time zone", Types.TIMESTAMPTZ));

  private TypeNames() {}

  static PgType keyword(String name) {
    return KEYWORDS.get(name);
  }

  static String format(PgType type, int typmod, boolean typmodGiven) {
    if (type.isArray() && !type.isVector()) {
      return format(type.elementType(), typmod, typmodGiven) + "[]";
    }
    String modifier = Typmods.out(type, typmod);
    return switch (type.oid()) {
      case 16 -> "boolean";
      case 18 -> "\"char\"";
      case 20 -> "bigint";
      case 21 -> "smallint";
      case 23 -> "integer";
      case 700 -> "real";
      case 701 -> "double precision";
      // A typmod of -1 that was given means the bare internal type, for which SQL has no word.
      case 1042 -> typmod < 0 && typmodGiven ? "bpchar" : "character" + modifier;
      case 1043 -> "character varying" + modifier;
      case 1083 -> "time" + modifier + " without time zone";
      case 1114 -> "timestamp" + modifier + " without time zone";
      case 1184 -> "timestamp" + modifier + " with time zone";
      case 1186 -> "interval" + modifier;
      case 1266 -> "time" + modifier + " with time zone";
      case 1560 -> typmod < 0 && typmodGiven ? "\"bit\"" : "bit" + modifier;
      case 1562 -> "bit varying" + modifier;
      case 1700 -> "numeric" + modifier;
      default ->
          (type.schema().equals("pg_catalog") || type.isUsers() && Types.visible(type)
                  ? ""
                  : Identifiers.quote(type.schema()) + ".")
              + Identifiers.quote(type.name())
              + modifier;
    };
  }
}
