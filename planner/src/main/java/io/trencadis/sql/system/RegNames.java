package io.trencadis.sql.system;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.RoleDescriptor;
import io.trencadis.sql.catalog.RowTypes;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.functions.OperatorInfo;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.functions.QualifiedName;
import io.trencadis.sql.functions.SystemView;
import io.trencadis.sql.functions.SystemViews;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// What the reg… types print and read, and which relations can be named without their schema.
final class RegNames {
  private final SystemViews systemViews;

  RegNames(SystemViews systemViews) {
    this.systemViews = systemViews;
  }

  /// A relation of any kind: its schema and its name.
  record Named(int schemaOid, String name) {}

  /// The relation with that oid in the session's database, or null.
  Named relation(Reading reading, int oid) {
    switch (reading.catalog().byOid(oid)) {
      case TableDescriptor table -> {
        return new Named(table.schemaOid(), table.name());
      }
      case SequenceDescriptor sequence -> {
        return new Named(sequence.schemaOid(), sequence.name());
      }
      case null, default -> {
        if (reading.catalog().byOid(RowTypes.compositeOf(oid)) instanceof TypeDescriptor type) {
          return new Named(type.schemaOid(), type.name());
        }
        TableDescriptor owner = reading.catalog().tableOfIndex(oid);
        if (owner != null) {
          return new Named(owner.schemaOid(), index(owner, oid).name());
        }
        SystemView view = systemViews.byOid(oid);
        return view == null ? null : new Named(Oids.systemSchema(view.schema()), view.name());
      }
    }
  }

  static IndexDescriptor index(TableDescriptor table, int oid) {
    for (IndexDescriptor index : table.indexes()) {
      if (index.oid() == oid) {
        return index;
      }
    }
    return null;
  }

  /// The oid of the relation of that name in a schema, or 0.
  int relationIn(Reading reading, String schema, String name) {
    SystemView view = systemViews.find(schema, name);
    if (view != null) {
      return view.oid();
    }
    int schemaOid =
        reading.schemaOid(
            schema.equals("pg_temp") ? reading.access().names().temporarySchemaName() : schema);
    if (schemaOid == 0) {
      return 0;
    }
    Descriptor found = reading.catalog().relation(schemaOid, name);
    if (found != null) {
      return found.oid();
    }
    PgType composite = reading.catalog().types().byName(schemaOid, name);
    if (composite != null && composite.isRow()) {
      return composite.relationOid();
    }
    TableDescriptor owner = reading.catalog().tableOfIndex(schemaOid, name);
    if (owner != null) {
      for (IndexDescriptor index : owner.indexes()) {
        if (index.name().equals(name)) {
          return index.oid();
        }
      }
    }
    return 0;
  }

  /// The schemas that are searched, in order, `pg_catalog` included.
  static List<String> path(Reading reading) {
    List<String> path = new ArrayList<>(reading.access().names().relationPath());
    if (!path.contains("pg_catalog")) {
      path.addFirst("pg_catalog");
    }
    return path;
  }

  /// The first relation of that name on the search path, or 0.
  int relationOnPath(Reading reading, String name) {
    for (String schema : path(reading)) {
      int oid = relationIn(reading, schema, name);
      if (oid != 0) {
        return oid;
      }
    }
    return 0;
  }

  /// Whether the relation's bare name means it; null if there is no such relation.
  Boolean isVisible(Reading reading, int oid) {
    Named named = relation(reading, oid);
    return named == null ? null : relationOnPath(reading, named.name()) == oid;
  }

  /// The oid of the relation that a possibly qualified name means, or 0.
  int findRelation(Reading reading, String text) {
    List<String> parts = parse(text);
    if (parts.size() == 3 && !parts.getFirst().equals(reading.databaseName())) {
      throw new SqlException(
          SqlState.FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: " + text);
    }
    return parts.size() == 1
        ? relationOnPath(reading, parts.getFirst())
        : relationIn(reading, parts.get(parts.size() - 2), parts.getLast());
  }

  static List<String> parse(String text) {
    try {
      return QualifiedName.parse(text, true);
    } catch (SqlException e) {
      throw new SqlException(SqlState.INVALID_NAME, "invalid name syntax");
    }
  }

  /// A relation's name, qualified unless it is visible; null if there is none.
  String relationName(Reading reading, int oid) {
    Named named = relation(reading, oid);
    if (named == null) {
      return null;
    }
    return relationOnPath(reading, named.name()) == oid
        ? Identifiers.quote(named.name())
        : qualified(reading, named);
  }

  /// `schema.name` of a relation, always qualified; null if there is none.
  String qualifiedName(Reading reading, int oid) {
    Named named = relation(reading, oid);
    return named == null ? null : qualified(reading, named);
  }

  private static String qualified(Reading reading, Named named) {
    return Identifiers.quote(reading.schemaName(named.schemaOid()))
        + "."
        + Identifiers.quote(named.name());
  }

  /// As [io.trencadis.sql.session.CatalogFunctions#lookupReg].
  long lookup(PgType regType, String text, Reading reading) {
    return switch (regType.oid()) {
      case 2205 -> orMissing(findRelation(reading, text));
      case 2206 -> rowType(reading, text);
      case 4089 -> orMissing(reading.schemaOid(single(text)));
      case 4096 -> {
        RoleDescriptor role = reading.catalog().role(single(text));
        yield role == null ? -1 : role.oid() & 0xffff_ffffL;
      }
      case 24 -> oneFunction(text, reading);
      case 2202 -> function(text, reading);
      case 2203 -> oneOperator(text);
      case 2204 -> operator(text);
      case 4191 -> CollationRows.oid(reading, text);
      case 3734 -> last(text).equals("simple") ? 3748 : -1;
      default -> -1;
    };
  }

  private static long orMissing(int oid) {
    return oid == 0 ? -1 : oid & 0xffff_ffffL;
  }

  private static String single(String text) {
    List<String> parts = parse(text);
    if (parts.size() > 1) {
      throw new SqlException(SqlState.INVALID_NAME, "invalid name syntax");
    }
    return parts.getFirst();
  }

  private static String last(String text) {
    return parse(text).getLast();
  }

  private long rowType(Reading reading, String text) {
    // Names such as "integer[]" or "double precision" are no identifiers, and none of ours.
    List<String> parts;
    int brackets = text.indexOf('[');
    String bare = brackets < 0 ? text : text.substring(0, brackets).strip();
    try {
      parts = QualifiedName.parse(bare, true);
    } catch (SqlException e) {
      return -1;
    }
    if (parts.size() == 1 && Types.bySqlName(parts.getFirst()) != null) {
      return -1;
    }
    PgType own = reading.access().names().findType(parts, -1);
    if (own != null && brackets >= 0) {
      own = own.arrayType();
    }
    return own != null ? own.oid() : -1;
  }

  /// The functions that a name means, those of users included.
  private static List<ProcInfo> functions(List<String> parts, Reading reading) {
    List<ProcInfo> all = new ArrayList<>();
    try {
      reading
          .access()
          .names()
          .routines(new io.trencadis.sql.ast.QualifiedName(parts, -1))
          .forEach(all::addAll);
    } catch (SqlException e) {
      if (e.state() != SqlState.INVALID_SCHEMA_NAME) {
        throw e;
      }
    }
    return all;
  }

  /// Whether calls with its argument types find this function and not another before it.
  static boolean isFirst(ProcInfo proc, Reading reading) {
    for (ProcInfo each : functions(List.of(proc.name()), reading)) {
      if (java.util.Arrays.equals(each.argTypes(), proc.argTypes())) {
        return each.oid() == proc.oid();
      }
    }
    return false;
  }

  private static long oneFunction(String text, Reading reading) {
    List<ProcInfo> named = functions(parse(text), reading);
    if (named.size() > 1) {
      throw new SqlException(
          SqlState.AMBIGUOUS_FUNCTION, "more than one function named \"" + text + "\"");
    }
    return named.isEmpty() ? -1 : named.getFirst().oid();
  }

  private static int[] argumentTypes(String text, int open) {
    int close = text.lastIndexOf(')');
    if (close < open) {
      throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "expected a right parenthesis");
    }
    String inside = text.substring(open + 1, close).strip();
    String[] names = inside.isEmpty() ? new String[0] : inside.split(",");
    int[] types = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      String name = names[i].strip();
      types[i] =
          name.equalsIgnoreCase("none")
              ? 0
              : (int)
                  (long)
                      (Long)
                          Types.REGTYPE
                              .codec()
                              .parse(name, -1, io.trencadis.sql.types.TypeContext.DEFAULTS);
    }
    return types;
  }

  private static long function(String text, Reading reading) {
    int open = text.indexOf('(');
    if (open < 0) {
      throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "expected a left parenthesis");
    }
    int[] types = argumentTypes(text, open);
    for (ProcInfo proc : functions(parse(text.substring(0, open)), reading)) {
      if (java.util.Arrays.equals(proc.argTypes(), types)) {
        return proc.oid();
      }
    }
    return -1;
  }

  private static String operatorName(String text) {
    return text.startsWith("pg_catalog.") ? text.substring("pg_catalog.".length()) : text;
  }

  private static long oneOperator(String text) {
    List<OperatorInfo> named = PgCatalog.operators(operatorName(text.strip()));
    if (named.size() > 1) {
      throw new SqlException(SqlState.AMBIGUOUS_FUNCTION, "more than one operator named " + text);
    }
    return named.isEmpty() ? -1 : named.getFirst().oid();
  }

  private static long operator(String text) {
    int open = text.indexOf('(');
    if (open < 0) {
      throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "expected a left parenthesis");
    }
    int[] types = argumentTypes(text, open);
    OperatorInfo found =
        types.length == 2
            ? PgCatalog.operator(operatorName(text.substring(0, open).strip()), types[0], types[1])
            : null;
    return found == null ? -1 : found.oid();
  }

  /// As [io.trencadis.sql.session.CatalogFunctions#regName].
  String name(PgType regType, int oid, Reading reading) {
    return switch (regType.oid()) {
      case 2205 -> relationName(reading, oid);
      case 2206 ->
          reading.catalog().table(Oids.tableOfRowType(oid)) == null
              ? null
              : relationName(reading, Oids.tableOfRowType(oid));
      case 4089 -> {
        String name =
            reading.catalog().byOid(oid) instanceof SchemaDescriptor schema
                ? schema.name()
                : Oids.systemSchema(oid);
        yield name == null ? null : Identifiers.quote(name);
      }
      case 4096 -> reading.roleName(oid) == null ? null : Identifiers.quote(reading.roleName(oid));
      case 24 -> {
        ProcInfo proc = PgCatalog.function(oid);
        yield proc == null
            ? null
            : functions(List.of(proc.name()), reading).size() == 1
                ? Identifiers.quote(proc.name())
                : Identifiers.quote(proc.schema()) + "." + Identifiers.quote(proc.name());
      }
      case 2202 -> signature(PgCatalog.function(oid), reading);
      case 2203 -> {
        OperatorInfo operator = PgCatalog.operator(oid);
        yield operator == null
            ? null
            : PgCatalog.operators(operator.name()).size() == 1
                ? operator.name()
                : "pg_catalog." + operator.name();
      }
      case 2204 -> {
        OperatorInfo operator = PgCatalog.operator(oid);
        yield operator == null
            ? null
            : operator.name()
                + "("
                + (operator.left() == 0
                    ? "NONE"
                    : Types.formatType(Types.byOid(operator.left()), -1))
                + ","
                + Types.formatType(Types.byOid(operator.right()), -1)
                + ")";
      }
      case 4191 -> CollationRows.name(reading, oid);
      case 3734 -> oid == 3748 ? "simple" : null;
      default -> null;
    };
  }

  private static String signature(ProcInfo proc, Reading reading) {
    if (proc == null) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    for (int type : proc.argTypes()) {
      out.append(out.isEmpty() ? "" : ",").append(Types.byOid(type).displayName());
    }
    String schema = isFirst(proc, reading) ? "" : Identifiers.quote(proc.schema()) + ".";
    return schema + Identifiers.quote(proc.name()) + "(" + out + ")";
  }
}
