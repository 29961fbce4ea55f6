package io.trencadis.sql.catalog;

import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// PostgreSQL's access methods of indexes and their operator classes, by `pg_am` and `pg_opclass`.
public final class OperatorClasses {
  /// The oid of the access method `hash`.
  public static final int HASH = 405;

  private static final int GIN = 2742;
  private static final int BTREE = 403;
  // In PostgreSQL, CREATE EXTENSION gives them one of the users' oids.
  private static final int TRIGRAMS = 9991;
  private static final int CITEXT_BTREE = 9993;
  private static final int CITEXT_HASH = 9995;
  private static final String CITEXT = "citext_ops";

  private static final class Known {
    static final Map<Long, Integer> DEFAULTS = new HashMap<>();
    static final Map<String, OperatorClass> BY_NAME = new HashMap<>();
    static final Map<String, Integer> METHODS = new HashMap<>();

    static {
      for (String[] row : PgCatalog.rows("pg_opclass")) {
        int method = Integer.parseInt(row[1]);
        OperatorClass each =
            new OperatorClass(Integer.parseInt(row[0]), row[2], Integer.parseInt(row[4]));
        if (row[5].equals("1")) {
          DEFAULTS.put(key(method, each.inputType()), each.oid());
        }
        BY_NAME.putIfAbsent(method + " " + each.name(), each);
      }
      OperatorClass trigrams = new OperatorClass(TRIGRAMS, "gin_trgm_ops", Types.TEXT.oid());
      BY_NAME.put(GIN + " " + trigrams.name(), trigrams);
      BY_NAME.put(BTREE + " " + CITEXT, new OperatorClass(CITEXT_BTREE, CITEXT, 0));
      BY_NAME.put(HASH + " " + CITEXT, new OperatorClass(CITEXT_HASH, CITEXT, 0));
      for (String[] row : PgCatalog.rows("pg_am")) {
        METHODS.put(row[1], Integer.parseInt(row[0]));
      }
    }

    static long key(int method, int type) {
      return (long) method << 32 | type;
    }
  }

  /// One operator class.
  ///
  /// @param inputType the oid of the type that it is for; 0 for `citext`, which has none of its own
  public record OperatorClass(int oid, String name, int inputType) {}

  private OperatorClasses() {}

  /// The oid of an index's access method.
  public static int methodOf(IndexDescriptor index) {
    return method(index.method() == null ? "btree" : index.method());
  }

  /// The oid of the access method of that name, 0 if there is none.
  public static int method(String name) {
    return Known.METHODS.getOrDefault(name, 0);
  }

  /// The classes of `citext`, for `btree` and `hash`.
  public static List<OperatorClass> ofCitext() {
    return List.of(named(BTREE, CITEXT), named(HASH, CITEXT));
  }

  /// The class of that name, or null.
  public static OperatorClass named(int method, String name) {
    return Known.BY_NAME.get(method + " " + name);
  }

  /// The class of a part of an index, 0 if there is none.
  ///
  /// @param typeOid the type of what the part is
  public static int of(IndexDescriptor index, KeyPart part, int typeOid) {
    int method = methodOf(index);
    return part.operatorClass() == null
        ? forType(method, typeOid)
        : named(method, part.operatorClass()).oid();
  }

  /// The default class, 0 if there is none.
  public static int forType(int method, int typeOid) {
    PgType type = Types.byOid(typeOid);
    if (type == null) {
      return 0;
    }
    if (type.baseType().isCitext()) {
      OperatorClass own = named(method, CITEXT);
      return own == null ? 0 : own.oid();
    }
    int base = type.baseType().oid();
    Integer own = Known.DEFAULTS.get(Known.key(method, base));
    if (own != null) {
      return own;
    }
    PgType like = stoodFor(type);
    return like == null ? 0 : Known.DEFAULTS.getOrDefault(Known.key(method, like.oid()), 0);
  }

  /// The type whose classes serve those of another one, which is the same in storage; or null.
  private static PgType stoodFor(PgType type) {
    PgType base = type.baseType();
    if (base.isArray()) {
      return Types.ANYARRAY;
    }
    if (base.isEnum()) {
      return Types.ANYENUM;
    }
    if (base.isRow()) {
      return Types.RECORD;
    }
    if (base.kind() == 'r') {
      return Types.ANYRANGE;
    }
    if (base == Types.VARCHAR) {
      return Types.TEXT;
    }
    if (base.name().equals("cidr")) {
      return Types.INET;
    }
    return base.name().startsWith("reg") ? Types.OID : null;
  }

  /// Whether a class takes values of a type.
  public static boolean accepts(OperatorClass operatorClass, PgType type) {
    if (operatorClass.inputType() == 0) {
      return type.baseType().isCitext();
    }
    PgType like = stoodFor(type);
    return operatorClass.inputType() == type.baseType().oid()
        || like != null && operatorClass.inputType() == like.oid();
  }
}
