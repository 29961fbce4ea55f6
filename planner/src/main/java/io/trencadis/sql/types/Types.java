package io.trencadis.sql.types;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The registry of built-in types, the way to those of users, and the names users see.
public final class Types {
  // Types of users belong to a database at one moment, and oids of types stand in columns, messages
  // and arrays alike: who looks one up is told whose by the session that runs.
  private static final ScopedValue<TypeScope> SCOPE = ScopedValue.newInstance();

  // Lines of the resource by oid and by name. Most of the 600 types are never asked for, and
  // start-up counts, so
  // a line becomes a type when it is first needed.
  private static final String TEXT_OF_ALL = CatalogFile.text("pg_type.tsv");
  private static final Map<Integer, Integer> LINES = new LinkedHashMap<>(1400);
  private static final Map<String, Integer> NAMES = new HashMap<>(1400);
  private static final Map<Integer, PgType> BY_OID = new ConcurrentHashMap<>();

  static {
    for (int start = 0;
        start < TEXT_OF_ALL.length();
        start = TEXT_OF_ALL.indexOf('\n', start) + 1) {
      int tab = TEXT_OF_ALL.indexOf('\t', start);
      int nameEnd = TEXT_OF_ALL.indexOf('\t', tab + 1);
      int oid = Integer.parseInt(TEXT_OF_ALL, start, tab, 10);
      LINES.put(oid, start);
      // The schema follows the name, and is empty for pg_catalog.
      if (TEXT_OF_ALL.charAt(nameEnd + 1) == '\t') {
        NAMES.put(TEXT_OF_ALL.substring(tab + 1, nameEnd), oid);
      }
    }
  }

  public static final PgType BOOL = byOid(16);
  public static final PgType BYTEA = byOid(17);

  /// The one-byte type that is written `"char"`, not char(n).
  public static final PgType CHAR = byOid(18);

  public static final PgType NAME = byOid(19);
  public static final PgType INT8 = byOid(20);
  public static final PgType INT2 = byOid(21);
  public static final PgType INT2VECTOR = byOid(22);
  public static final PgType INT4 = byOid(23);
  public static final PgType REGPROC = byOid(24);
  public static final PgType TEXT = byOid(25);
  public static final PgType OID = byOid(26);
  public static final PgType TID = byOid(27);
  public static final PgType XID = byOid(28);
  public static final PgType CID = byOid(29);
  public static final PgType OIDVECTOR = byOid(30);
  public static final PgType JSON = byOid(114);
  public static final PgType XML = byOid(142);
  public static final PgType PG_NODE_TREE = byOid(194);
  public static final PgType FLOAT4 = byOid(700);
  public static final PgType FLOAT8 = byOid(701);
  public static final PgType UNKNOWN = byOid(705);
  public static final PgType INET = byOid(869);
  public static final PgType ACLITEM = byOid(1033);
  public static final PgType BPCHAR = byOid(1042);
  public static final PgType VARCHAR = byOid(1043);
  public static final PgType DATE = byOid(1082);
  public static final PgType TIME = byOid(1083);
  public static final PgType TIMESTAMP = byOid(1114);
  public static final PgType TIMESTAMPTZ = byOid(1184);
  public static final PgType INTERVAL = byOid(1186);
  public static final PgType TIMETZ = byOid(1266);
  public static final PgType BIT = byOid(1560);
  public static final PgType VARBIT = byOid(1562);
  public static final PgType NUMERIC = byOid(1700);
  public static final PgType REFCURSOR = byOid(1790);
  public static final PgType REGPROCEDURE = byOid(2202);
  public static final PgType REGOPER = byOid(2203);
  public static final PgType REGOPERATOR = byOid(2204);
  public static final PgType REGCLASS = byOid(2205);
  public static final PgType REGTYPE = byOid(2206);
  public static final PgType RECORD = byOid(2249);
  public static final PgType CSTRING = byOid(2275);
  public static final PgType ANY = byOid(2276);
  public static final PgType ANYARRAY = byOid(2277);
  public static final PgType VOID = byOid(2278);
  public static final PgType TRIGGER = byOid(2279);
  public static final PgType INTERNAL = byOid(2281);
  public static final PgType ANYELEMENT = byOid(2283);
  public static final PgType ANYNONARRAY = byOid(2776);
  public static final PgType UUID = byOid(2950);
  public static final PgType PG_LSN = byOid(3220);
  public static final PgType ANYENUM = byOid(3500);
  public static final PgType JSONB = byOid(3802);
  public static final PgType ANYRANGE = byOid(3831);
  public static final PgType REGCONFIG = byOid(3734);
  public static final PgType REGNAMESPACE = byOid(4089);
  public static final PgType REGROLE = byOid(4096);
  public static final PgType REGCOLLATION = byOid(4191);
  public static final PgType ANYMULTIRANGE = byOid(4537);
  public static final PgType XID8 = byOid(5069);
  public static final PgType ANYCOMPATIBLE = byOid(5077);
  public static final PgType ANYCOMPATIBLEARRAY = byOid(5078);
  public static final PgType ANYCOMPATIBLENONARRAY = byOid(5079);
  public static final PgType ANYCOMPATIBLERANGE = byOid(5080);
  public static final PgType ANYCOMPATIBLEMULTIRANGE = byOid(4538);
  public static final PgType TEXT_ARRAY = byOid(1009);
  public static final PgType NAME_ARRAY = byOid(1003);
  public static final PgType INT4_ARRAY = byOid(1007);
  public static final PgType RECORD_ARRAY = byOid(2287);

  private Types() {}

  /// Runs work to which users' types are known.
  public static void within(TypeScope scope, Runnable work) {
    ScopedValue.where(SCOPE, scope).run(work);
  }

  /// Runs work to which users' types are known.
  public static <T> T within(TypeScope scope, Supplier<T> work) {
    return ScopedValue.where(SCOPE, scope).call(work::get);
  }

  /// What is known of users' objects where the calling work runs, or null.
  public static TypeScope scope() {
    return SCOPE.isBound() ? SCOPE.get() : null;
  }

  /// The type with this oid, or null. Types of users are found where a session's work runs.
  public static PgType byOid(int oid) {
    PgType found = builtIn(oid);
    return found != null || !SCOPE.isBound() ? found : SCOPE.get().byOid(oid);
  }

  /// Whether a user's type can be named without its schema.
  static boolean visible(PgType type) {
    return SCOPE.isBound() && SCOPE.get().visible(type);
  }

  /// The built-in type with this oid, or null.
  public static PgType builtIn(int oid) {
    PgType known = BY_OID.get(oid);
    if (known != null) {
      return known;
    }
    Integer line = LINES.get(oid);
    return line == null ? null : BY_OID.computeIfAbsent(oid, k -> parse(line));
  }

  private static PgType parse(int start) {
    return new PgType(
        CatalogFile.split(TEXT_OF_ALL, start, TEXT_OF_ALL.indexOf('\n', start), '\t', 25));
  }

  /// The type of schema `pg_catalog` with this internal name (`int4`, not `integer`), or null.
  public static PgType byName(String name) {
    Integer oid = NAMES.get(name);
    return oid == null ? null : byOid(oid);
  }

  /// All built-in types in the order of their oids, row types of system relations included.
  public static List<PgType> all() {
    return LINES.keySet().stream().map(Types::byOid).toList();
  }

  /// The name that SQL's keywords or the catalog give a type: `integer`, `double precision`, `int4`
  /// and `timestamp with time zone` are all found, in lower case; null if there is none.
  public static PgType bySqlName(String name) {
    PgType type = TypeNames.keyword(name);
    return type != null ? type : byName(name);
  }

  /// `format_type(oid, typmod)`: the name that users see, such as `character varying(20)`.
  public static String formatType(int oid, int typmod) {
    PgType type = byOid(oid);
    return type == null ? oid == 0 ? "-" : "???" : TypeNames.format(type, typmod, true);
  }

  /// [#formatType(int, int)] where a typmod of -1 may mean that none was given: `character`, not
  /// `bpchar`.
  public static String formatType(PgType type, int typmod) {
    return TypeNames.format(type, typmod, typmod >= 0);
  }

  /// The type's typmod input function: what `(20)` or `(10,2)` after its name means.
  ///
  /// @param arguments the literals between the parentheses, as written
  /// @throws io.trencadis.base.SqlException 22023 for values out of range, 42601 if the type takes
  ///   none
  public static int typmodIn(PgType type, List<String> arguments) {
    return Typmods.in(type, arguments);
  }

  /// What the typmod adds to the type's name, such as `(20)`; empty for -1.
  public static String typmodOut(PgType type, int typmod) {
    return Typmods.out(type, typmod);
  }
}
