package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.Statement.DropSignature.Signature;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.functions.PgCatalog;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.session.Notice;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// DROP of what users cannot make here: functions, operators, casts, triggers, languages and so on.
/// There are only built-in ones, which the system requires, so that all others are missing.
final class AbsentObjects {
  private static final Set<String> ACCESS_METHODS =
      Set.of("heap", "btree", "hash", "gist", "gin", "spgist", "brin");

  private final DdlContext cx;

  AbsentObjects(DdlContext cx) {
    this.cx = cx;
  }

  /// DROP of objects that have just a name.
  void drop(Statement.Drop drop) {
    String kind = drop.kind().words().toLowerCase(Locale.ROOT);
    for (QualifiedName name : drop.names()) {
      if (schemaMissing(name, drop.ifExists())) {
        continue;
      }
      missing(
          switch (drop.kind()) {
            case COLLATION ->
                "collation \"" + name + "\"" + (drop.ifExists() ? "" : " for encoding \"UTF8\"");
            case FOREIGN_DATA_WRAPPER -> "foreign-data wrapper \"" + name + "\"";
            case STATISTICS -> "statistics object \"" + name + "\"";
            default -> kind + " \"" + name + "\"";
          },
          switch (drop.kind()) {
            case MATERIALIZED_VIEW, FOREIGN_TABLE -> SqlState.UNDEFINED_TABLE;
            default -> SqlState.UNDEFINED_OBJECT;
          },
          drop.ifExists());
    }
  }

  private void missing(String what, SqlState state, boolean ifExists) {
    if (!ifExists) {
      throw new SqlException(state, what + " does not exist");
    }
    cx.notice(Notice.notice(what + " does not exist, skipping"));
  }

  private boolean schemaMissing(QualifiedName name, boolean ifExists) {
    String schema = name.schema();
    if (schema == null
        || schema.equals("pg_catalog")
        || schema.equals("information_schema")
        || cx.names().findSchema(schema) != null) {
      return false;
    }
    missing("schema \"" + schema + "\"", SqlState.INVALID_SCHEMA_NAME, ifExists);
    return true;
  }

  private static SqlException required(String what) {
    return new SqlException(
        SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
        "cannot drop " + what + " because it is required by the database system");
  }

  /// DROP of objects that are told by more than a name.
  void drop(Statement.DropSignature drop) {
    for (Signature signature : drop.objects()) {
      switch (drop.kind()) {
        case "FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE" ->
            routine(drop.kind().toLowerCase(Locale.ROOT), signature, drop.ifExists());
        case "OPERATOR" -> operator(signature, drop.ifExists());
        case "OPERATOR CLASS", "OPERATOR FAMILY" -> byMethod(drop, signature);
        case "CAST" -> cast(signature, drop.ifExists());
        default -> ofTable(drop, signature);
      }
    }
  }

  /// The types, or null where one is missing and that was said.
  private List<PgType> types(List<TypeName> names, boolean ifExists) {
    List<PgType> types = new ArrayList<>();
    for (TypeName name : names) {
      PgType type = null;
      if (name != null) {
        QualifiedName qualified = new QualifiedName(name.parts(), name.pos());
        if (schemaMissing(qualified, ifExists)) {
          return null;
        }
        if (cx.names().findType(name.parts(), -1) == null) {
          missing("type \"" + qualified + "\"", SqlState.UNDEFINED_OBJECT, ifExists);
          return null;
        }
        type = cx.names().type(name).type();
      }
      types.add(type);
    }
    return types;
  }

  private static String shown(List<PgType> types) {
    return String.join(", ", types.stream().map(PgType::displayName).toList());
  }

  /// The types by the names that were written; notices show those.
  private static String written(List<TypeName> types, String separator) {
    return String.join(
        separator,
        types.stream()
            .map(
                type -> String.join(".", type.parts()) + (type.arrayBounds().isEmpty() ? "" : "[]"))
            .toList());
  }

  /// Fails for a routine that is missing or built in.
  void requireRoutine(String kind, Signature signature) {
    QualifiedName name = signature.name();
    if (name.schema() == null || name.schema().equals("pg_catalog")) {
      for (ProcInfo proc : PgCatalog.functions(name.name())) {
        boolean fits =
            signature.arguments() == null
                || Arrays.equals(
                    proc.argTypes(),
                    types(signature.arguments(), false).stream().mapToInt(PgType::oid).toArray());
        if (fits) {
          throw SqlException.notSupported("ALTER of a built-in function");
        }
      }
    }
    routine(kind, signature, false);
  }

  private void routine(String kind, Signature signature, boolean ifExists) {
    QualifiedName name = signature.name();
    if (schemaMissing(name, ifExists)) {
      return;
    }
    boolean builtIn = name.schema() == null || name.schema().equals("pg_catalog");
    if (signature.arguments() == null) {
      List<ProcInfo> named = builtIn ? PgCatalog.functions(name.name()) : List.of();
      if (named.size() > 1) {
        throw new SqlException(
                SqlState.AMBIGUOUS_FUNCTION, kind + " name \"" + name + "\" is not unique")
            .hint("Specify the argument list to select the " + kind + " unambiguously.");
      }
      if (!named.isEmpty()) {
        throw required("function " + signatureOf(named.getFirst()));
      }
      if (ifExists) {
        cx.notice(Notice.notice(kind + " " + name + "() does not exist, skipping"));
        return;
      }
      throw new SqlException(
          SqlState.UNDEFINED_FUNCTION, "could not find a " + kind + " named \"" + name + "\"");
    }
    List<PgType> types = types(withoutSets(signature.arguments()), ifExists);
    if (types == null) {
      return;
    }
    if (builtIn) {
      int[] oids = types.stream().mapToInt(PgType::oid).toArray();
      for (ProcInfo proc : PgCatalog.functions(name.name())) {
        if (Arrays.equals(proc.argTypes(), oids)) {
          throw required("function " + signatureOf(proc));
        }
      }
    }
    String list = ifExists ? written(signature.arguments(), ",") : shown(types);
    String arguments = kind.equals("aggregate") && types.isEmpty() ? "*" : list;
    String word = kind.equals("routine") && !ifExists ? "function" : kind;
    missing(word + " " + name + "(" + arguments + ")", SqlState.UNDEFINED_FUNCTION, ifExists);
  }

  private static List<TypeName> withoutSets(List<TypeName> names) {
    return names.stream()
        .map(
            name ->
                new TypeName(
                    name.parts(),
                    name.modifiers(),
                    name.arrayBounds(),
                    false,
                    name.percentType(),
                    name.pos()))
        .toList();
  }

  private static String signatureOf(ProcInfo proc) {
    List<PgType> types = new ArrayList<>();
    for (int oid : proc.argTypes()) {
      types.add(Types.byOid(oid));
    }
    return proc.name() + "(" + shown(types) + ")";
  }

  private void operator(Signature signature, boolean ifExists) {
    if (schemaMissing(signature.name(), ifExists)) {
      return;
    }
    List<PgType> types = types(signature.arguments(), ifExists);
    if (types == null) {
      return;
    }
    PgType left = types.get(0);
    PgType right = types.get(1);
    String text =
        (left == null ? "" : left.displayName() + " ")
            + signature.name()
            + (right == null ? "" : " " + right.displayName());
    if (right != null
        && PgCatalog.operator(signature.name().name(), left == null ? 0 : left.oid(), right.oid())
            != null) {
      throw required(
          "operator "
              + signature.name()
              + "("
              + (left == null ? "none" : left.displayName())
              + ","
              + right.displayName()
              + ")");
    }
    if (!ifExists) {
      throw new SqlException(SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + text);
    }
    cx.notice(Notice.notice("operator " + signature.name() + " does not exist, skipping"));
  }

  private void byMethod(Statement.DropSignature drop, Signature signature) {
    String method = signature.detail();
    if (!ACCESS_METHODS.contains(method)) {
      throw new SqlException(
          SqlState.UNDEFINED_OBJECT, "access method \"" + method + "\" does not exist");
    }
    if (schemaMissing(signature.name(), drop.ifExists())) {
      return;
    }
    String text =
        drop.kind().toLowerCase(Locale.ROOT)
            + " \""
            + signature.name()
            + "\" does not exist for access method \""
            + method
            + "\"";
    if (!drop.ifExists()) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, text);
    }
    cx.notice(Notice.notice(text + ", skipping"));
  }

  private void cast(Signature signature, boolean ifExists) {
    List<PgType> types = types(signature.arguments(), ifExists);
    if (types == null) {
      return;
    }
    PgType source = types.get(0);
    PgType target = types.get(1);
    if (PgCatalog.cast(source.oid(), target.oid()) != null) {
      throw required("cast from " + source.displayName() + " to " + target.displayName());
    }
    missing(
        ifExists
            ? "cast from type " + written(signature.arguments(), " to type ")
            : "cast from type " + source.displayName() + " to type " + target.displayName(),
        SqlState.UNDEFINED_OBJECT,
        ifExists);
  }

  /// Triggers, rules and policies, of which tables have none.
  private void ofTable(Statement.DropSignature drop, Signature signature) {
    QualifiedName table = signature.name();
    if (schemaMissing(table, drop.ifExists())) {
      return;
    }
    if (cx.names().findRelation(table) == null && cx.names().findSystemView(table) == null) {
      missing("relation \"" + table + "\"", SqlState.UNDEFINED_TABLE, drop.ifExists());
      return;
    }
    String kind = drop.kind().toLowerCase(Locale.ROOT);
    missing(
        kind
            + " \""
            + signature.detail()
            + "\" for "
            + (kind.equals("rule") || kind.equals("trigger") && drop.ifExists()
                ? "relation"
                : "table")
            + " \""
            + table.name()
            + "\"",
        SqlState.UNDEFINED_OBJECT,
        drop.ifExists());
  }
}
