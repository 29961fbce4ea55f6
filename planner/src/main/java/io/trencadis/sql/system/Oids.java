package io.trencadis.sql.system;

import io.trencadis.sql.catalog.Catalog;
import io.trencadis.sql.catalog.RowTypes;

/// Oids of objects that have no descriptor of their own. Users' oids are counted up from 16384, so
/// the upper ranges are free to be derived from them; all stay below 2^31, which clients that read
/// an int4 rely on.
final class Oids {
  /// Oid of language plpgsql, which PostgreSQL gives out when a cluster is made.
  static final int PLPGSQL = 13_581;

  static final int PG_TOAST = 99;
  static final int HEAP = 2;
  static final int BTREE = 403;
  static final int DEFAULT_TABLESPACE = 1663;
  static final int GLOBAL_TABLESPACE = 1664;
  static final int DEFAULT_COLLATION = 100;
  static final int PG_CLASS = 1259;
  static final int PG_TYPE = 1247;
  static final int PG_ATTRDEF = 2604;
  static final int PG_CONSTRAINT = 2606;
  static final int PG_NAMESPACE = 2615;
  static final int PG_REWRITE = 2618;

  private static final int DEFAULTS = 0x2000_0000;
  private static final int RULES = 0x1000_0000;

  private Oids() {}

  /// The row type of a user's table.
  static int rowType(int tableOid) {
    return RowTypes.of(tableOid);
  }

  /// The table that a row type of a user's table belongs to.
  static int tableOfRowType(int typeOid) {
    return RowTypes.tableOf(typeOid);
  }

  /// The row of `pg_attrdef` for a column. A table has at most 1600 columns.
  static int columnDefault(int tableOid, int column) {
    return DEFAULTS | ((tableOid - Catalog.FIRST_NORMAL_OID) << 11 | column) & DEFAULTS - 1;
  }

  /// The row of `pg_rewrite` for a view.
  static int rule(int viewOid) {
    return RULES + viewOid;
  }

  /// The name of a built-in schema, or null.
  static String systemSchema(int oid) {
    return switch (oid) {
      case Catalog.PG_CATALOG -> "pg_catalog";
      case Catalog.INFORMATION_SCHEMA -> "information_schema";
      case PG_TOAST -> "pg_toast";
      default -> null;
    };
  }

  /// The oid of a built-in schema, or 0.
  static int systemSchema(String name) {
    return switch (name) {
      case "pg_catalog" -> Catalog.PG_CATALOG;
      case "information_schema" -> Catalog.INFORMATION_SCHEMA;
      case "pg_toast" -> PG_TOAST;
      default -> 0;
    };
  }
}
