package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.AstWalk;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// Which relations a syntax tree names. Stateless.
public final class Mentions {
  private static final Set<String> OF_SEQUENCES =
      Set.of("nextval", "currval", "setval", "pg_sequence_last_value");

  private Mentions() {}

  /// The users' relations in the FROM clauses of a query, and the sequences that calls of its
  /// expressions name. What is no longer there is left out.
  ///
  /// @param tree a query or an expression
  public static Set<Descriptor> relations(Names names, Object tree) {
    Set<String> local = new HashSet<>();
    AstWalk.visit(
        tree,
        each -> {
          if (each instanceof Query.Cte cte) {
            local.add(cte.name());
          }
        });
    Set<Descriptor> found = new LinkedHashSet<>();
    AstWalk.visit(
        tree,
        each -> {
          if (each instanceof Expr.FunctionCall call) {
            addSequence(names, call, found);
          }
          if (!(each instanceof TableRef.TableName table)
              || table.name().parts().size() == 1 && local.contains(table.name().name())) {
            return;
          }
          Descriptor relation = find(names, table.name());
          if (relation != null) {
            found.add(relation);
          }
        });
    return found;
  }

  private static Descriptor find(Names names, QualifiedName name) {
    try {
      return names.findSystemView(name) != null ? null : names.findRelation(name);
    } catch (SqlException e) {
      // A name of another database or of a schema that is gone.
      return null;
    }
  }

  /// The sequence that a call of one of the functions of sequences is for, which is kept by its
  /// oid.
  private static void addSequence(Names names, Expr.FunctionCall call, Set<Descriptor> found) {
    if (!OF_SEQUENCES.contains(call.name().name()) || call.args().isEmpty()) {
      return;
    }
    AstWalk.visit(
        call.args().getFirst(),
        each -> {
          if (each instanceof Expr.StringLiteral literal) {
            SequenceDescriptor sequence = StoredText.sequenceOf(names, literal.value());
            if (sequence != null) {
              found.add(sequence);
            }
          }
        });
  }
}
