package io.trencadis.sql.analyze;

import io.trencadis.base.SqlException;
import io.trencadis.sql.ast.AstWalk;
import io.trencadis.sql.ast.Expr;
import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Query;
import io.trencadis.sql.ast.TableRef;
import io.trencadis.sql.ast.TypeName;
import io.trencadis.sql.catalog.Descriptor;
import io.trencadis.sql.catalog.SchemaDescriptor;
import io.trencadis.sql.catalog.SequenceDescriptor;
import io.trencadis.sql.catalog.TableDescriptor;
import io.trencadis.sql.functions.ProcInfo;
import io.trencadis.sql.parser.SqlParser;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.PgType;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Queries and expressions that the catalog keeps as text. What they name unqualified is looked up
/// once, when they are stored, and gets its schema written before it: the search path of those who
/// use them later must not change what they mean. A sequence is kept by its oid, so that it may get
/// another name or schema. Where they are shown, oids are names again, and schemas that the
/// reader's search path makes superfluous are left out, as PostgreSQL does. Stateless.
public final class StoredText {
  private static final Set<String> OF_SEQUENCES = Set.of("nextval", "currval", "setval");

  private final Names names;
  private final String text;
  // What to write over which places: from the end of one to its text, by where each begins.
  private final Map<Integer, Edit> edits = new TreeMap<>();

  private record Edit(int end, String text) {}

  private StoredText(Names names, String text) {
    this.names = names;
    this.text = text;
  }

  /// A view's query with the schema before every name of a user's relation or type.
  public static String ofQuery(Names names, String text) {
    return new StoredText(names, text).qualified(SqlParser.parseQuery(text));
  }

  /// The same of an expression.
  public static String ofExpression(Names names, String text) {
    return new StoredText(names, text).qualified(SqlParser.parseExpression(text));
  }

  /// A view's query as it is shown to those who read with these names.
  public static String shownQuery(Names names, String text) {
    return new StoredText(names, text).shortened(SqlParser.parseQuery(text));
  }

  /// The same of an expression. A text that is none is shown as it is.
  public static String shownExpression(Names names, String text) {
    try {
      return new StoredText(names, text).shortened(SqlParser.parseExpression(text));
    } catch (SqlException e) {
      return text;
    }
  }

  private String qualified(Object tree) {
    Set<String> local = new HashSet<>();
    AstWalk.visit(
        tree,
        each -> {
          if (each instanceof Query.Cte cte) {
            local.add(cte.name());
          }
        });
    AstWalk.visit(
        tree,
        each -> {
          switch (each) {
            case TableRef.TableName table when table.name().parts().size() == 1 -> {
              if (!local.contains(table.name().name())) {
                insert(table.name().pos(), table.name().name(), relation(table.name()));
              }
            }
            case TypeName type when type.parts().size() == 1 ->
                insert(type.pos(), type.name(), schemaOf(names.findType(type.parts(), -1)));
            case Expr.FunctionCall call -> {
              sequence(call, true);
              if (call.name().parts().size() == 1) {
                insert(call.pos(), call.name().name(), routine(call.name().name()));
              }
            }
            default -> {}
          }
        });
    return edited();
  }

  private String shortened(Object tree) {
    AstWalk.visit(
        tree,
        each -> {
          switch (each) {
            case TableRef.TableName table when table.name().parts().size() == 2 -> {
              String schema = relation(QualifiedName.of(table.name().name(), -1));
              if (table.name().schema().equals(schema)) {
                cut(table.name().pos());
              }
            }
            case TypeName type when type.parts().size() == 2 -> {
              PgType found = names.findType(List.of(type.name()), -1);
              if (type.parts().getFirst().equals(schemaOf(found))) {
                cut(type.pos());
              }
            }
            case Expr.FunctionCall call -> {
              sequence(call, false);
              boolean found =
                  call.name().parts().size() == 2
                      && call.name().schema().equals(routine(call.name().name()));
              if (found) {
                cut(call.name().pos());
              }
            }
            default -> {}
          }
        });
    return edited();
  }

  /// The schema of the user's lasting relation that a name means, or null.
  private String relation(QualifiedName name) {
    if (names.findSystemView(name) != null) {
      return null;
    }
    Descriptor found = names.findRelation(name);
    int schema =
        switch (found) {
          case TableDescriptor table -> table.schemaOid();
          case SequenceDescriptor sequence -> sequence.schemaOid();
          case null, default -> 0;
        };
    return names.catalog().byOid(schema) instanceof SchemaDescriptor of && !of.isTemporary()
        ? of.name()
        : null;
  }

  /// The schema of the users' functions that a name means, or null where built-in ones have it,
  /// too.
  private String routine(String name) {
    for (List<ProcInfo> each : names.routines(QualifiedName.of(name, -1))) {
      if (!each.isEmpty()) {
        ProcInfo first = each.getFirst();
        return first.isUsers() ? first.schema() : null;
      }
    }
    return null;
  }

  private static String schemaOf(PgType type) {
    return type == null || !type.isUsers() ? null : type.schema();
  }

  private void insert(int at, String name, String schema) {
    boolean there =
        at >= 0
            && at < text.length()
            && (text.charAt(at) == '"' || text.regionMatches(true, at, name, 0, name.length()));
    if (schema != null && there) {
      edits.put(at, new Edit(at, Identifiers.quote(schema) + "."));
    }
  }

  /// Leaves out a name and the dot behind it.
  private void cut(int at) {
    int end = at;
    if (text.charAt(end) == '"') {
      do {
        end = text.indexOf('"', end + 1) + 1;
      } while (end < text.length() && text.charAt(end) == '"');
    } else {
      while (end < text.length() && Character.isUnicodeIdentifierPart(text.charAt(end))) {
        end++;
      }
    }
    if (end < text.length() && text.charAt(end) == '.') {
      edits.put(at, new Edit(end + 1, ""));
    }
  }

  /// The name of a sequence, which is a string that is also given its type.
  ///
  /// @param keep whether its oid is to stand there instead, or its name instead of that
  private void sequence(Expr.FunctionCall call, boolean keep) {
    if (!OF_SEQUENCES.contains(call.name().name()) || call.args().isEmpty()) {
      return;
    }
    AstWalk.visit(
        call.args().getFirst(),
        each -> {
          if (each instanceof Expr.StringLiteral literal && isPlain(literal)) {
            sequence(literal, keep);
          }
        });
  }

  private boolean isPlain(Expr.StringLiteral literal) {
    String written = "'" + literal.value().replace("'", "''") + "'";
    return literal.pos() >= 0 && text.startsWith(written, literal.pos());
  }

  private void sequence(Expr.StringLiteral literal, boolean keep) {
    SequenceDescriptor sequence =
        keep ? sequenceNamed(literal.value()) : sequenceOf(names, literal.value());
    if (sequence != null) {
      int end = literal.pos() + literal.value().replace("'", "''").length() + 2;
      boolean typed = text.startsWith("::", end);
      String other = keep ? String.valueOf(sequence.oid()) : shown(sequence).replace("'", "''");
      edits.put(
          literal.pos(), new Edit(end, "'" + other + "'" + (typed || !keep ? "" : "::regclass")));
    }
  }

  private SequenceDescriptor sequenceNamed(String text) {
    try {
      List<String> parts = io.trencadis.sql.functions.QualifiedName.parse(text, true);
      return names.findRelation(new QualifiedName(parts, -1)) instanceof SequenceDescriptor found
          ? found
          : null;
    } catch (SqlException e) {
      return null;
    }
  }

  /// The sequence that a text kept for `regclass` means, or null.
  static SequenceDescriptor sequenceOf(Names names, String text) {
    try {
      return names.catalog().byOid((int) Long.parseLong(text)) instanceof SequenceDescriptor found
          ? found
          : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private String shown(SequenceDescriptor sequence) {
    String own = Identifiers.quote(sequence.name());
    boolean visible = names.findRelation(QualifiedName.of(sequence.name(), -1)) == sequence;
    return visible || !(names.catalog().byOid(sequence.schemaOid()) instanceof SchemaDescriptor of)
        ? own
        : Identifiers.quote(of.name()) + "." + own;
  }

  private String edited() {
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (Map.Entry<Integer, Edit> each : edits.entrySet()) {
      out.append(text, from, each.getKey()).append(each.getValue().text);
      from = each.getValue().end;
    }
    return out.append(text, from, text.length()).toString();
  }
}
