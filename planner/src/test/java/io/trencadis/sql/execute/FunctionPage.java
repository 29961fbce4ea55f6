package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.sql.functions.Aggregates;
import io.trencadis.sql.functions.Builtins;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.functions.SetFunctions;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Writes `docs/functions.md`: which of the functions in PostgreSQL's `pg_proc` can be called here,
/// found out by asking for the code of each. A tool, not a test; its argument is the file to write.
/// It lives in this package because window functions have their code here.
public final class FunctionPage {
  /// Chapter 9 of PostgreSQL 15's manual, section by section.
  enum Family {
    MATH("9.3 Mathematical functions"),
    STRING("9.4 String functions"),
    BINARY("9.5 Binary string functions"),
    BITS("9.6 Bit string functions"),
    PATTERN("9.7 Pattern matching"),
    FORMATTING("9.8 Formatting"),
    DATE_TIME("9.9 Date/time functions"),
    ENUM("9.10 Enum functions"),
    GEOMETRIC("9.11 Geometric functions"),
    NETWORK("9.12 Network address functions"),
    TEXT_SEARCH("9.13 Text search"),
    UUID("9.14 UUID functions"),
    XML("9.15 XML functions"),
    JSON("9.16 JSON functions"),
    SEQUENCE("9.17 Sequence functions"),
    ARRAY("9.19 Array functions"),
    RANGE("9.20 Range and multirange functions"),
    AGGREGATE("9.21 Aggregates"),
    WINDOW("9.22 Window functions"),
    SETS("9.25 Set-returning functions"),
    SYSTEM("9.26 to 9.30 System information, administration and statistics"),
    OPERATORS("Functions behind operators and indexes"),
    OTHER("Others");

    private final String title;

    Family(String title) {
      this.title = title;
    }
  }

  /// Types whose functions SQL cannot call: internal, cstring, triggers and handlers.
  private static final Set<Integer> INTERNAL =
      Set.of(2281, 2275, 2279, 3838, 3115, 2280, 3310, 269, 325, 32);

  private static final Set<String> GEOMETRIC =
      Set.of("point", "lseg", "path", "box", "polygon", "line", "circle");
  private static final Set<String> TEXT_SEARCH =
      Set.of("tsvector", "tsquery", "gtsvector", "regconfig", "regdictionary");
  private static final Set<String> NETWORK = Set.of("inet", "cidr", "macaddr", "macaddr8");
  private static final Set<String> DATES =
      Set.of("date", "time", "timetz", "timestamp", "timestamptz", "interval");
  private static final Set<String> NUMBERS =
      Set.of("int2", "int4", "int8", "float4", "float8", "numeric", "money");

  private static final Set<Integer> BEHIND = behindOperators();

  private FunctionPage() {}

  private static Set<Integer> behindOperators() {
    Set<Integer> oids = new HashSet<>();
    PgCatalog.allOperators().forEach(operator -> oids.add(operator.function()));
    PgCatalog.rows("pg_amproc").forEach(row -> oids.add(Integer.parseInt(row[5])));
    return oids;
  }

  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[0]), text());
  }

  /// The functions of one name.
  private static final class Name {
    int there;
    int all;
  }

  static String text() {
    Map<Family, Map<String, Name>> families = new EnumMap<>(Family.class);
    for (Family family : Family.values()) {
      families.put(family, new TreeMap<>());
    }
    for (ProcInfo proc : PgCatalog.allFunctions()) {
      if (isInternal(proc)) {
        continue;
      }
      Name name = families.get(familyOf(proc)).computeIfAbsent(proc.name(), _ -> new Name());
      name.all++;
      name.there += isThere(proc) ? 1 : 0;
    }
    StringBuilder table = new StringBuilder();
    StringBuilder lists = new StringBuilder();
    int there = 0;
    int all = 0;
    for (Family family : Family.values()) {
      int familyThere = 0;
      int familyAll = 0;
      List<String> present = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (Map.Entry<String, Name> entry : families.get(family).entrySet()) {
        Name name = entry.getValue();
        familyThere += name.there;
        familyAll += name.all;
        String shown = "`" + entry.getKey() + "`";
        if (name.there > 0) {
          present.add(
              name.there < name.all ? shown + " (" + name.there + " of " + name.all + ")" : shown);
        } else {
          missing.add(shown);
        }
      }
      there += familyThere;
      all += familyAll;
      table.append("| " + family.title + " | " + familyThere + " | " + familyAll + " |\n");
      lists.append("\n## ").append(family.title).append("\n");
      paragraph("There", present, lists);
      paragraph("Missing", missing, lists);
    }
    return "# Functions\n\n"
        + "Written by `FunctionPage` from the registry of functions, not by hand; a test compares.\n"
        + "It lists what PostgreSQL 15 has in `pg_proc`, without what SQL cannot call (input and output\n"
        + "functions, triggers, handlers, support functions of indexes). Overloads count one by one;\n"
        + "`(2 of 3)` says how many are there where some are not. What is missing answers `0A000`.\n\n"
        + "**"
        + there
        + " of "
        + all
        + " functions are there.**\n\n| family | there | of |\n| --- | --: | --: |\n"
        + table
        + lists;
  }

  private static void paragraph(String title, List<String> names, StringBuilder out) {
    if (names.isEmpty()) {
      return;
    }
    StringBuilder line = new StringBuilder(title + ":");
    out.append('\n');
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i) + (i < names.size() - 1 ? "," : ".");
      if (line.length() + name.length() > 120) {
        out.append(line).append('\n');
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(name);
    }
    out.append(line).append('\n');
  }

  private static boolean isInternal(ProcInfo proc) {
    boolean internal =
        INTERNAL.contains(proc.resultType())
            || proc.name().endsWith("send")
                && proc.resultType() == Types.BYTEA.oid()
                && proc.argTypes().length == 1;
    for (int type : proc.argTypes()) {
      internal |= INTERNAL.contains(type);
    }
    return internal;
  }

  private static boolean isThere(ProcInfo proc) {
    if (proc.isWindow()) {
      return WindowFunction.named(proc.name()) != null;
    }
    if (!proc.isAggregate() && !proc.returnsSet()) {
      return Builtins.isSupported(proc);
    }
    return binds(proc, Types.INT4) || binds(proc, Types.RECORD);
  }

  /// @param element what arguments of any type are taken for
  private static boolean binds(ProcInfo proc, PgType element) {
    try {
      if (proc.isAggregate()) {
        Aggregates.bind(call(proc, element));
      } else {
        SetFunctions.bind(call(proc, element));
      }
      return true;
    } catch (SqlException e) {
      return false;
    }
  }

  private static ResolvedCall call(ProcInfo proc, PgType element) {
    List<PgType> types = new ArrayList<>();
    for (int oid : proc.argTypes()) {
      types.add(concrete(Types.byOid(oid), element));
    }
    if (Aggregates.isHypothetical(proc)) {
      types.add(types.getFirst());
    }
    int[] sources = new int[types.size()];
    java.util.Arrays.setAll(sources, i -> i);
    return new ResolvedCall(
        proc,
        null,
        concrete(Types.byOid(proc.resultType()), element),
        types,
        sources,
        Collections.nCopies(types.size(), null),
        -1,
        false,
        java.util.List.of(),
        null);
  }

  private static PgType concrete(PgType type, PgType element) {
    return switch (type.name()) {
      case "any", "anyelement", "anynonarray", "anycompatible", "anycompatiblenonarray" -> element;
      case "anyarray", "anycompatiblearray" -> element.arrayType();
      default -> type;
    };
  }

  private static Family familyOf(ProcInfo proc) {
    if (proc.isAggregate()) {
      return Family.AGGREGATE;
    }
    if (proc.isWindow()) {
      return Family.WINDOW;
    }
    if (BEHIND.contains(proc.oid())) {
      return Family.OPERATORS;
    }
    List<String> types = new ArrayList<>();
    boolean array = false;
    for (int oid : proc.argTypes()) {
      PgType type = Types.byOid(oid);
      array |= type.isArray() || type.name().endsWith("array");
      types.add(
          type.isArray() && type.elementType() != null ? type.elementType().name() : type.name());
    }
    List<String> inputs = List.copyOf(types);
    types.add(Types.byOid(proc.resultType()).name());
    String name = proc.name();
    if (types.stream().anyMatch(GEOMETRIC::contains)) {
      return Family.GEOMETRIC;
    }
    if (types.stream().anyMatch(type -> type.endsWith("range"))) {
      return Family.RANGE;
    }
    if (types.stream().anyMatch(TEXT_SEARCH::contains) || name.startsWith("ts_")) {
      return Family.TEXT_SEARCH;
    }
    if (types.contains("xml") || name.contains("xml") || name.startsWith("xpath")) {
      return Family.XML;
    }
    if (types.stream().anyMatch(type -> type.startsWith("json"))) {
      return Family.JSON;
    }
    if (types.contains("anyenum")) {
      return Family.ENUM;
    }
    if (types.stream().anyMatch(NETWORK::contains)) {
      return Family.NETWORK;
    }
    if (types.contains("uuid")) {
      return Family.UUID;
    }
    if (Set.of("nextval", "currval", "setval", "lastval").contains(name)) {
      return Family.SEQUENCE;
    }
    if (Set.of("to_char", "to_date", "to_timestamp", "to_number").contains(name)) {
      return Family.FORMATTING;
    }
    if (name.startsWith("pg_")
        || name.startsWith("has_")
        || name.startsWith("txid_")
        || name.startsWith("current_")
        || name.startsWith("lo_")
        || name.startsWith("inet_")
        || name.startsWith("binary_upgrade")) {
      return Family.SYSTEM;
    }
    if (array) {
      return Family.ARRAY;
    }
    if (name.startsWith("regexp_") || name.contains("like") || name.contains("similar")) {
      return Family.PATTERN;
    }
    if (types.stream().anyMatch(DATES::contains)) {
      return Family.DATE_TIME;
    }
    if (types.contains("bit") || types.contains("varbit")) {
      return Family.BITS;
    }
    if (inputs.contains("bytea")) {
      return Family.BINARY;
    }
    if (proc.returnsSet()) {
      return Family.SETS;
    }
    if (inputs.contains("text") || inputs.contains("varchar") || inputs.contains("bpchar")) {
      return Family.STRING;
    }
    if (!inputs.isEmpty() && inputs.stream().allMatch(NUMBERS::contains)) {
      return Family.MATH;
    }
    return Family.OTHER;
  }
}
