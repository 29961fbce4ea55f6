package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.catalog.ExtensionDescriptor;
import io.trencadis.sql.catalog.RoutineDescriptor;
import io.trencadis.sql.catalog.TypeDescriptor;
import io.trencadis.sql.functions.CastContext;
import io.trencadis.sql.functions.Casts;
import io.trencadis.sql.functions.Extension;
import io.trencadis.sql.functions.FunctionResolver;
import io.trencadis.sql.functions.ResolvedCall;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;

/// Operators that come with extensions. They are there where the extension was created and its
/// schema is on the search path. Those of types that come with it go before built-in operators that
/// an implicit cast would lead to.
final class ExtensionOperators {
  private ExtensionOperators() {}

  /// The function behind an operator: those of citext are before others.
  ///
  /// @throws SqlException 42883 if there is none, 42725 if several fit equally well
  static ResolvedCall operator(Names names, String symbol, PgType left, PgType right) {
    ResolvedCall own = ofCitext(names, symbol, left, right);
    return own != null ? own : FunctionResolver.operator(symbol, left, right).call();
  }

  /// The function behind an operator of citext, or null. An unknown operand is taken for the
  /// other's type.
  static ResolvedCall ofCitext(Names names, String symbol, PgType left, PgType right) {
    if (!left.baseType().isCitext() && !right.baseType().isCitext()) {
      return null;
    }
    PgType l = left == Types.UNKNOWN ? right : left;
    PgType r = right == Types.UNKNOWN ? left : right;
    return find(names, symbol, l, r, true);
  }

  /// The function behind an operator that two types can be cast to implicitly, or null.
  static ResolvedCall fitting(Names names, String symbol, PgType left, PgType right) {
    return left == right && left == Types.UNKNOWN ? null : find(names, symbol, left, right, false);
  }

  private static ResolvedCall find(
      Names names, String symbol, PgType left, PgType right, boolean exact) {
    for (Extension.Operator operator : Extension.operators(symbol)) {
      ExtensionDescriptor extension = created(names, operator.extension());
      if (extension == null) {
        continue;
      }
      PgType l = type(names, extension, operator.left());
      PgType r = type(names, extension, operator.right());
      boolean fits =
          exact
              ? left.baseType() == l && right.baseType() == r
              : Casts.exists(left, l, CastContext.IMPLICIT)
                  && Casts.exists(right, r, CastContext.IMPLICIT);
      ResolvedCall call = fits ? call(names, extension, operator.source(), List.of(l, r)) : null;
      if (call != null) {
        return call;
      }
    }
    return null;
  }

  private static ExtensionDescriptor created(Names names, String name) {
    for (ExtensionDescriptor each :
        names.catalog().all(ExtensionDescriptor.class, names.databaseOid())) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    return null;
  }

  private static PgType type(Names names, ExtensionDescriptor extension, int oid) {
    if (oid != Extension.OWN_TYPE) {
      return Types.byOid(oid);
    }
    for (int member : extension.members()) {
      if (names.catalog().byOid(member) instanceof TypeDescriptor type) {
        return Types.byOid(type.oid());
      }
    }
    throw SqlException.internal("no type in extension " + extension.name());
  }

  private static ResolvedCall call(
      Names names, ExtensionDescriptor extension, String source, List<PgType> types) {
    List<Integer> oids = types.stream().map(PgType::oid).toList();
    for (int oid : extension.members()) {
      if (names.catalog().byOid(oid) instanceof RoutineDescriptor routine
          && source.equals(routine.source())
          && routine.inputTypes().equals(oids)) {
        QualifiedName name = QualifiedName.of(routine.name(), -1);
        try {
          ResolvedCall call =
              FunctionResolver.function(
                  routine.name(), names.routines(name), types, List.of(), false);
          return call.proc() != null && call.proc().oid() == routine.oid() ? call : null;
        } catch (SqlException e) {
          // Not on the search path.
          return null;
        }
      }
    }
    return null;
  }
}
