package io.trencadis.sql.ddl;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement.DropSignature.Signature;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor.Argument;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.ArrayList;
import java.util.List;

/// Finds the routines of users that statements name with their argument types.
final class RoutineNames {
  private final DdlContext cx;

  RoutineNames(DdlContext cx) {
    this.cx = cx;
  }

  /// `name(integer,text)` as messages call a routine.
  static String signature(RoutineDescriptor routine) {
    List<String> types =
        routine.inputTypes().stream().map(oid -> Types.byOid(oid).displayName()).toList();
    return routine.name() + "(" + String.join(",", types) + ")";
  }

  /// The same for lists of dependent objects, which call both kinds of routines functions.
  static String describe(RoutineDescriptor routine) {
    return "function " + signature(routine);
  }

  /// The routine, or null where none of users fits: then it is a built-in one, or missing.
  ///
  /// @param kind `function`, `procedure`, `routine` or `aggregate`
  /// @throws SqlException 42809 for one of another kind, 42725 where the name alone is not enough
  RoutineDescriptor find(String kind, Signature signature) {
    QualifiedName name = signature.name();
    List<RoutineDescriptor> candidates = new ArrayList<>();
    boolean builtIn = false;
    List<List<ProcInfo>> known;
    try {
      known = cx.names().routines(name);
    } catch (SqlException e) {
      if (e.state() == SqlState.INVALID_SCHEMA_NAME) {
        return null;
      }
      throw e;
    }
    for (List<ProcInfo> each : known) {
      for (ProcInfo proc : each) {
        if (cx.catalog().byOid(proc.oid()) instanceof RoutineDescriptor routine) {
          candidates.add(routine);
        } else {
          builtIn = true;
        }
      }
    }
    if (candidates.isEmpty()) {
      return null;
    }
    if (signature.arguments() == null) {
      return alone(kind, signature, candidates, builtIn);
    }
    List<Integer> inputs = types(signature.arguments());
    List<Integer> all = signature.all() == null ? null : types(signature.all());
    if (inputs == null || all == null && signature.all() != null) {
      return null;
    }
    for (ProcInfo proc : known.getFirst()) {
      boolean before =
          !proc.isUsers()
              && java.util.Arrays.stream(proc.argTypes()).boxed().toList().equals(inputs);
      if (before) {
        return null;
      }
    }
    RoutineDescriptor found = null;
    RoutineDescriptor byAll = null;
    for (RoutineDescriptor each : candidates) {
      List<Integer> declared = each.arguments().stream().map(Argument::typeOid).toList();
      if (found == null && each.inputTypes().equals(inputs)) {
        found = each;
      } else if (byAll == null
          && each.isProcedure()
          && !kind.equals("function")
          && declared.equals(all)) {
        byAll = each;
      }
    }
    if (found != null && byAll != null && found.schemaOid() == byAll.schemaOid()) {
      throw new SqlException(
          SqlState.AMBIGUOUS_FUNCTION, kind + " name \"" + name + "\" is not unique");
    }
    found = found == null ? byAll : found;
    if (found != null) {
      requireKind(kind, found);
    }
    return found;
  }

  private RoutineDescriptor alone(
      String kind, Signature signature, List<RoutineDescriptor> candidates, boolean builtIn) {
    List<RoutineDescriptor> fitting =
        candidates.stream()
            .filter(
                each -> kind.equals("routine") || each.isProcedure() == kind.equals("procedure"))
            .toList();
    if (fitting.size() == 1 && !builtIn) {
      return fitting.getFirst();
    }
    if (fitting.isEmpty()) {
      requireKind(kind, candidates.getFirst());
    }
    throw new SqlException(
            SqlState.AMBIGUOUS_FUNCTION,
            (kind.equals("routine") ? "routine" : kind)
                + " name \""
                + signature.name()
                + "\" is not unique")
        .hint("Specify the argument list to select the " + kind + " unambiguously.");
  }

  private static void requireKind(String kind, RoutineDescriptor found) {
    boolean wrong =
        kind.equals("aggregate")
            || kind.equals("function") && found.isProcedure()
            || kind.equals("procedure") && !found.isProcedure();
    if (wrong) {
      throw new SqlException(
          SqlState.WRONG_OBJECT_TYPE,
          kind.equals("aggregate")
              ? "function " + signature(found) + " is not an aggregate"
              : signature(found).replace(",", ", ") + " is not a " + kind);
    }
  }

  private List<Integer> types(List<TypeName> names) {
    List<Integer> oids = new ArrayList<>();
    for (TypeName name : names) {
      try {
        PgType type =
            cx.names()
                .type(
                    new TypeName(
                        name.parts(),
                        List.of(),
                        name.arrayBounds(),
                        false,
                        name.percentType(),
                        name.pos()))
                .type();
        oids.add(type.oid());
      } catch (SqlException e) {
        return null;
      }
    }
    return oids;
  }
}
