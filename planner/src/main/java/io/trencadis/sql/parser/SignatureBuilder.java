package io.trencadis.sql.parser;

import static io.trencadis.sql.parser.Nodes.name;
import static io.trencadis.sql.parser.Nodes.pos;
import static io.trencadis.sql.parser.Nodes.qname;

import io.trencadis.sql.ast.QualifiedName;
import io.trencadis.sql.ast.Statement;
import io.trencadis.sql.ast.Statement.DropSignature.Signature;
import io.trencadis.sql.ast.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// DROP of what is told by more than a name: functions by their arguments, triggers by their
/// tables.
final class SignatureBuilder {
  private SignatureBuilder() {}

  static Statement drop(PgParser.DropSignatureContext c) {
    String kind = Nodes.value(c.kind).toUpperCase(Locale.ROOT);
    List<Signature> objects = new ArrayList<>();
    if (c.word != null) {
      kind += " " + Nodes.value(c.word).toUpperCase(Locale.ROOT);
      objects.add(new Signature(qname(c.qname()), null, name(c.colId()), null));
    } else if (c.kind.getType() == PgParser.K_CAST) {
      List<TypeName> types = c.typeName().stream().map(TypeBuilder::type).toList();
      objects.add(new Signature(null, types, null, null));
    } else if (c.qname() != null) {
      objects.add(new Signature(qname(c.qname()), null, name(c.colId()), null));
    }
    c.routineSignature().forEach(each -> objects.add(routine(each)));
    c.operatorSignature().forEach(each -> objects.add(operator(each)));
    boolean cascade = AlterBuilder.cascade(c.dropBehavior());
    return new Statement.DropSignature(kind, objects, c.ifExists() != null, cascade, pos(c));
  }

  static Signature routine(PgParser.RoutineSignatureContext c) {
    if (c.LPAREN() == null) {
      return new Signature(ExprBuilder.function(c.funcName()), null, null, null);
    }
    List<TypeName> types = new ArrayList<>();
    List<TypeName> all = new ArrayList<>();
    for (PgParser.RoutineArgumentContext argument : c.routineArgument()) {
      TypeName type = RoutineBuilder.type(argument.routineType());
      all.add(type);
      if ("ot".indexOf(RoutineBuilder.mode(argument.argumentMode())) < 0) {
        types.add(type);
      }
    }
    // Where modes are written there is no doubt of what is left out.
    boolean modes = c.routineArgument().stream().anyMatch(each -> each.argumentMode() != null);
    return new Signature(ExprBuilder.function(c.funcName()), types, null, modes ? null : all);
  }

  private static Signature operator(PgParser.OperatorSignatureContext c) {
    List<TypeName> types = new ArrayList<>();
    if (c.typeName().size() == 1 && c.K_NONE() == null) {
      throw SyntaxErrors.because("missing argument", pos(c.RPAREN()))
          .hint("Use NONE to denote the missing argument of a unary operator.");
    }
    boolean leftMissing =
        c.K_NONE() != null
            && c.K_NONE().getSymbol().getTokenIndex() < c.COMMA().getSymbol().getTokenIndex();
    if (leftMissing) {
      types.add(null);
    }
    c.typeName().forEach(type -> types.add(TypeBuilder.type(type)));
    if (types.size() == 1) {
      throw SyntaxErrors.because("postfix operators are not supported", pos(c.RPAREN()));
    }
    List<String> parts = new ArrayList<>();
    c.anyOperator().colId().forEach(part -> parts.add(name(part)));
    parts.add(c.anyOperator().getStop().getText());
    return new Signature(new QualifiedName(List.copyOf(parts), pos(c)), types, null, null);
  }
}
