package io.trencadis.sql.types;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;

/// The reg… types: oids that print as, and are read from, names of catalog objects. Built-in types
/// are known here; all else is asked of the session, by [TypeContext#lookupReg] and
/// [TypeContext#regName].
final class RegCodec extends OidCodec {
  RegCodec(PgType type) {
    super(type);
  }

  @Override
  public Object parse(String input, int typmod, TypeContext cx) {
    String text = Scan.trim(input);
    if (text.equals("-")) {
      return 0L;
    }
    boolean number = !text.isEmpty();
    for (int i = 0; number && i < text.length(); i++) {
      number = Scan.isDigit(text.charAt(i));
    }
    if (number) {
      return parseOid(text, "oid");
    }
    long oid = cx.lookupReg(type, text);
    if (oid < 0) {
      oid = builtIn(text);
    }
    if (oid < 0) {
      throw missing(text);
    }
    return oid;
  }

  private long builtIn(String text) {
    if (type != Types.REGTYPE) {
      return -1;
    }
    String name = text.startsWith("pg_catalog.") ? text.substring("pg_catalog.".length()) : text;
    int brackets = name.indexOf('[');
    PgType found = Types.bySqlName(Scan.trim(brackets < 0 ? name : name.substring(0, brackets)));
    if (found != null && brackets >= 0) {
      found = found.arrayType();
    }
    return found == null ? -1 : found.oid();
  }

  private SqlException missing(String text) {
    return switch (type.oid()) {
      case 2205 -> error(SqlState.UNDEFINED_TABLE, "relation \"" + text + "\" does not exist");
      case 2206 -> error(SqlState.UNDEFINED_OBJECT, "type \"" + text + "\" does not exist");
      case 24, 2202 ->
          error(SqlState.UNDEFINED_FUNCTION, "function \"" + text + "\" does not exist");
      case 2203, 2204 -> error(SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + text);
      case 4089 -> error(SqlState.INVALID_SCHEMA_NAME, "schema \"" + text + "\" does not exist");
      case 4096 -> error(SqlState.UNDEFINED_OBJECT, "role \"" + text + "\" does not exist");
      case 4191 ->
          error(
              SqlState.UNDEFINED_OBJECT,
              "collation \"" + text + "\" for encoding \"UTF8\" does not exist");
      case 3734 ->
          error(
              SqlState.UNDEFINED_OBJECT,
              "text search configuration \"" + text + "\" does not exist");
      default ->
          error(
              SqlState.UNDEFINED_OBJECT, "text search dictionary \"" + text + "\" does not exist");
    };
  }

  private static SqlException error(SqlState state, String message) {
    return new SqlException(state, message);
  }

  @Override
  public String format(Object value, TypeContext cx) {
    long oid = (Long) value;
    if (oid == 0) {
      return "-";
    }
    String name = cx.regName(type, oid);
    if (name == null && type == Types.REGTYPE) {
      PgType found = Types.byOid((int) oid);
      name = found == null ? null : found.displayName();
    }
    return name != null ? name : Long.toString(oid);
  }
}
