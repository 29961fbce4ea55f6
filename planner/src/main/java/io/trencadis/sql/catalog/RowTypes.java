package io.trencadis.sql.catalog;

/// Oids of what comes with tables and composite types and has no descriptor of its own: the row
/// type of a table, the array type over it, and the relation of a composite type. Users' oids are
/// counted up from 16384, so that upper ranges are free to be derived from them; all stay below
/// 2^31, which clients that read an int4 rely on.
public final class RowTypes {
  private static final int ROW_TYPES = 0x4000_0000;
  private static final int ARRAYS = 0x6000_0000;
  private static final int RELATIONS = 0x7000_0000;

  private RowTypes() {}

  /// The type of a table's or view's rows.
  public static int of(int tableOid) {
    return ROW_TYPES + tableOid;
  }

  /// The array type over [#of].
  public static int arrayOf(int tableOid) {
    return ARRAYS + tableOid;
  }

  /// The relation that lists a composite type's fields.
  public static int relationOf(int compositeOid) {
    return RELATIONS + compositeOid;
  }

  /// The composite type that a relation lists the fields of; 0 for other relations.
  public static int compositeOf(int relationOid) {
    return relationOid >= RELATIONS ? relationOid - RELATIONS : 0;
  }

  /// Whether the oid is one of [#of] or [#arrayOf].
  public static boolean isOfTable(int typeOid) {
    return typeOid >= ROW_TYPES && typeOid < RELATIONS;
  }

  /// The table whose rows, or arrays of rows, have the type; 0 for other types.
  public static int tableOf(int typeOid) {
    return !isOfTable(typeOid) ? 0 : typeOid >= ARRAYS ? typeOid - ARRAYS : typeOid - ROW_TYPES;
  }
}
