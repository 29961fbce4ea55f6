package io.trencadis.sql.system;

import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.HashMap;
import java.util.Map;

/// Which operator class a column of some type has in an index or a partition key.
final class OperatorClasses {
  static final int HASH = 405;
  static final int GIN = 2742;
  static final int GIST = 783;

  private static final class Defaults {
    static final Map<Long, Integer> BY_METHOD_AND_TYPE = new HashMap<>();

    static {
      for (String[] row : PgCatalog.rows("pg_opclass")) {
        if (row[5].equals("1")) {
          BY_METHOD_AND_TYPE.put(
              key(Integer.parseInt(row[1]), Integer.parseInt(row[4])), Integer.parseInt(row[0]));
        }
      }
    }
  }

  private OperatorClasses() {}

  private static long key(int method, int type) {
    return (long) method << 32 | type;
  }

  /// The class of that name, 0 if there is none.
  static int named(int method, String name) {
    for (String[] row : PgCatalog.rows("pg_opclass")) {
      if (Integer.parseInt(row[1]) == method && row[2].equals(name)) {
        return Integer.parseInt(row[0]);
      }
    }
    return 0;
  }

  /// The default class, 0 if there is none.
  static int forType(int method, int typeOid) {
    PgType type = Types.byOid(typeOid);
    if (type == null) {
      return 0;
    }
    int base = type.baseType().oid();
    Integer own = Defaults.BY_METHOD_AND_TYPE.get(key(method, base));
    if (own != null) {
      return own;
    }
    int like =
        type.isArray()
            ? Types.ANYARRAY.oid()
            : type.baseType().isEnum()
                ? Types.ANYENUM.oid()
                : type.isRow()
                    ? Types.RECORD.oid()
                    : base == Types.VARCHAR.oid() ? Types.TEXT.oid() : Types.OID.oid();
    return Defaults.BY_METHOD_AND_TYPE.getOrDefault(key(method, like), 0);
  }
}
