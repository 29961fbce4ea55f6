package io.trencadis.sql.functions;

import io.trencadis.sql.types.CatalogFile;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// PostgreSQL's built-in functions, operators, casts and system relations, by name and by oid.
/// Facts only; what can be run is known by [Builtins]. Each relation is read on its first use.
public final class PgCatalog {
  private static final int PROC_COLUMNS = 21;

  private PgCatalog() {}

  /// Functions, aggregates and window functions of schema `pg_catalog` called so, in the order of
  /// their oids.
  public static List<ProcInfo> functions(String name) {
    return Procs.named(name);
  }

  /// The function with this oid, or null. Those of users are found where a session's work runs.
  public static ProcInfo function(int oid) {
    ProcInfo found = Procs.byOid(oid);
    return found == null && Types.scope() instanceof RoutineScope scope
        ? scope.routine(oid)
        : found;
  }

  public static List<ProcInfo> allFunctions() {
    return Procs.all();
  }

  /// Operators called so, in the order of their oids.
  public static List<OperatorInfo> operators(String name) {
    return Operators.BY_NAME.getOrDefault(name, List.of());
  }

  /// The operator with exactly these operand types (left 0 for a prefix operator), or null.
  public static OperatorInfo operator(String name, int left, int right) {
    for (OperatorInfo each : operators(name)) {
      if (each.left() == left && each.right() == right) {
        return each;
      }
    }
    return null;
  }

  /// The operator with this oid, or null.
  public static OperatorInfo operator(int oid) {
    return Operators.BY_OID.get(oid);
  }

  public static List<OperatorInfo> allOperators() {
    return Operators.ALL;
  }

  /// The cast from one type to another, or null if `pg_cast` has none.
  public static CastInfo cast(int source, int target) {
    return CastRows.BY_TYPES.get((long) source << 32 | target);
  }

  public static List<CastInfo> allCasts() {
    return CastRows.ALL;
  }

  /// What `pg_aggregate` says about an aggregate; null if the function is none.
  public static AggregateInfo aggregate(int functionOid) {
    return AggregateRows.BY_OID.get(functionOid);
  }

  /// Tables and views of `pg_catalog` and `information_schema`.
  public static List<SystemRelation> systemRelations() {
    return Relations.ALL;
  }

  /// The system table or view of schema `pg_catalog` or `information_schema`, or null.
  public static SystemRelation systemRelation(String schema, String name) {
    return Relations.BY_NAME.get(schema + "." + name);
  }

  /// The rows of a smaller relation as text, oids for all references, 0 and 1 for booleans.
  /// Columns:
  /// - `pg_aggregate`: aggfnoid aggkind aggnumdirectargs aggtransfn aggfinalfn aggcombinefn
  ///   aggserialfn aggdeserialfn aggmtransfn aggminvtransfn aggmfinalfn aggfinalextra
  ///   aggmfinalextra aggfinalmodify aggmfinalmodify aggsortop aggtranstype aggtransspace
  ///   aggmtranstype aggmtransspace agginitval aggminitval (these two empty for null, else after an
  ///   equals sign)
  /// - `pg_am`: oid amname amhandler amtype
  /// - `pg_opfamily`: oid opfmethod opfname
  /// - `pg_opclass`: oid opcmethod opcname opcfamily opcintype opcdefault opckeytype
  /// - `pg_amop`: oid amopfamily amoplefttype amoprighttype amopstrategy amoppurpose amopopr
  ///   amopmethod amopsortfamily
  /// - `pg_amproc`: oid amprocfamily amproclefttype amprocrighttype amprocnum amproc
  /// - `pg_language`: oid lanname lanispl lanpltrusted lanplcallfoid laninline lanvalidator
  /// - `pg_collation`: oid collname collprovider collisdeterministic collencoding collcollate
  ///   collctype colliculocale collversion
  /// - `pg_range`: rngtypid rngsubtype rngmultitypid rngcollation rngsubopc rngcanonical rngsubdiff
  /// - `extension_proc`: the extension, then proname prosrc provolatile proparallel proisstrict
  ///   proretset prorettype, types, modes and names of the arguments, procost prorows provariadic
  /// - `keywords`: word catcode barelabel
  public static List<String[]> rows(String relation) {
    int columns =
        switch (relation) {
          case "pg_aggregate" -> 22;
          case "pg_am" -> 4;
          case "pg_opfamily", "keywords" -> 3;
          case "pg_opclass", "pg_language", "pg_range" -> 7;
          case "pg_amop", "pg_collation" -> 9;
          case "extension_proc" -> 14;
          case "extension_operator" -> 5;
          case "pg_amproc" -> 6;
          default -> throw new IllegalArgumentException("no such resource: " + relation);
        };
    return CatalogFile.rows(relation + ".tsv", columns);
  }

  /// As for types, a line becomes an object when it is first needed.
  private static final class Procs {
    /// PostgreSQL's functions, and the few that only this server has.
    private static final String TEXT =
        CatalogFile.text("pg_proc.tsv") + CatalogFile.text("trencadis_proc.tsv");

    private static final Map<Integer, Integer> LINES = new LinkedHashMap<>(7000);
    private static final Map<String, List<Integer>> OIDS = new HashMap<>(6000);
    private static final Map<Integer, ProcInfo> BY_OID = new ConcurrentHashMap<>();

    static {
      for (int start = 0; start < TEXT.length(); start = TEXT.indexOf('\n', start) + 1) {
        int tab = TEXT.indexOf('\t', start);
        int nameEnd = TEXT.indexOf('\t', tab + 1);
        int oid = Integer.parseInt(TEXT, start, tab, 10);
        LINES.put(oid, start);
        if (TEXT.charAt(nameEnd + 1) == '\t') {
          OIDS.computeIfAbsent(TEXT.substring(tab + 1, nameEnd), k -> new ArrayList<>(2)).add(oid);
        }
      }
    }

    static ProcInfo byOid(int oid) {
      ProcInfo known = BY_OID.get(oid);
      if (known != null) {
        return known;
      }
      Integer line = LINES.get(oid);
      return line == null
          ? null
          : BY_OID.computeIfAbsent(
              oid,
              k ->
                  parse(
                      CatalogFile.split(TEXT, line, TEXT.indexOf('\n', line), '\t', PROC_COLUMNS)));
    }

    static List<ProcInfo> named(String name) {
      List<Integer> oids = OIDS.get(name);
      if (oids == null) {
        return List.of();
      }
      List<ProcInfo> found = new ArrayList<>(oids.size());
      for (int oid : oids) {
        found.add(byOid(oid));
      }
      return found;
    }

    static List<ProcInfo> all() {
      return LINES.keySet().stream().map(Procs::byOid).toList();
    }

    private static ProcInfo parse(String[] row) {
      boolean onlyInputs = row[12].isEmpty();
      String source = row[17].isEmpty() && row[16].equals("i") ? row[1] : row[17];
      return new ProcInfo(
          Integer.parseInt(row[0]),
          row[1],
          row[2].isEmpty() ? "pg_catalog" : row[2],
          row[3].charAt(0),
          row[4].charAt(0),
          row[5].charAt(0),
          row[6].equals("1"),
          row[7].equals("1"),
          row[8].equals("1"),
          Integer.parseInt(row[9]),
          Integer.parseInt(row[10]),
          CatalogFile.ids(row[11]),
          onlyInputs ? null : CatalogFile.ids(row[12]),
          onlyInputs ? null : row[13],
          row[14].isEmpty() ? null : list(row[14], ','),
          row[15].isEmpty() ? List.of() : list(row[15], '\u001f'),
          row[16].charAt(0),
          source.isEmpty() ? null : source,
          Float.parseFloat(row[18]),
          Float.parseFloat(row[19]),
          Integer.parseInt(row[20]));
    }

    private static List<String> list(String text, char separator) {
      List<String> parts = new ArrayList<>(4);
      int from = 0;
      for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
        parts.add(text.substring(from, at));
        from = at + 1;
      }
      parts.add(text.substring(from));
      return Collections.unmodifiableList(parts);
    }
  }

  private static final class Operators {
    static final Map<Integer, OperatorInfo> BY_OID = new HashMap<>(1600);
    static final Map<String, List<OperatorInfo>> BY_NAME = new HashMap<>(200);
    static final List<OperatorInfo> ALL;

    static {
      List<OperatorInfo> all = new ArrayList<>(800);
      for (String[] row : CatalogFile.rows("pg_operator.tsv", 13)) {
        OperatorInfo operator =
            new OperatorInfo(
                Integer.parseInt(row[0]),
                row[1],
                row[2].charAt(0),
                Integer.parseInt(row[3]),
                Integer.parseInt(row[4]),
                Integer.parseInt(row[5]),
                Integer.parseInt(row[6]),
                Integer.parseInt(row[7]),
                Integer.parseInt(row[8]),
                row[9].equals("1"),
                row[10].equals("1"),
                Integer.parseInt(row[11]),
                Integer.parseInt(row[12]));
        all.add(operator);
        BY_OID.put(operator.oid(), operator);
        BY_NAME.computeIfAbsent(operator.name(), k -> new ArrayList<>()).add(operator);
      }
      ALL = Collections.unmodifiableList(all);
    }
  }

  private static final class CastRows {
    static final Map<Long, CastInfo> BY_TYPES = new HashMap<>(500);
    static final List<CastInfo> ALL;

    static {
      List<CastInfo> all = new ArrayList<>(250);
      for (String[] row : CatalogFile.rows("pg_cast.tsv", 6)) {
        CastInfo cast =
            new CastInfo(
                Integer.parseInt(row[0]),
                Integer.parseInt(row[1]),
                Integer.parseInt(row[2]),
                Integer.parseInt(row[3]),
                row[4].charAt(0),
                row[5].charAt(0));
        all.add(cast);
        BY_TYPES.put((long) cast.source() << 32 | cast.target(), cast);
      }
      ALL = Collections.unmodifiableList(all);
    }
  }

  private static final class AggregateRows {
    static final Map<Integer, AggregateInfo> BY_OID = new HashMap<>(300);

    static {
      for (String[] row : rows("pg_aggregate")) {
        int oid = Integer.parseInt(row[0]);
        BY_OID.put(
            oid,
            new AggregateInfo(
                oid, row[1].charAt(0), Integer.parseInt(row[2]), Integer.parseInt(row[15])));
      }
    }
  }

  /// PostgreSQL's relations, and those of an extension that is always there.
  private static List<String[]> described() {
    List<String[]> all = new ArrayList<>(CatalogFile.rows("pg_attribute.tsv", 6));
    all.addAll(CatalogFile.rows("trencadis_attribute.tsv", 6));
    return all;
  }

  private static final class Relations {
    static final Map<String, SystemRelation> BY_NAME = new HashMap<>(400);
    static final List<SystemRelation> ALL;

    static {
      List<SystemRelation> all = new ArrayList<>(210);
      for (String[] row : described()) {
        String schema = row[1].isEmpty() ? "pg_catalog" : row[1];
        List<SystemRelation.Column> columns = new ArrayList<>();
        for (String column : Procs.list(row[5], ' ')) {
          String[] part = CatalogFile.split(column, 0, column.length(), ',', 4);
          columns.add(
              new SystemRelation.Column(
                  part[0],
                  Integer.parseInt(part[1]),
                  Integer.parseInt(part[2]),
                  part[3].equals("1")));
        }
        SystemRelation relation =
            new SystemRelation(
                Integer.parseInt(row[0]),
                schema,
                row[2],
                row[3].charAt(0),
                Integer.parseInt(row[4]),
                Collections.unmodifiableList(columns));
        all.add(relation);
        BY_NAME.put(schema + "." + relation.name(), relation);
      }
      ALL = Collections.unmodifiableList(all);
    }
  }
}
