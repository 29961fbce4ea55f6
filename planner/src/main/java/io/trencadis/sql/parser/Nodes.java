package io.trencadis.sql.parser;

import io.trencadis.sql.ast.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/// What all builders need: names, strings, positions and source text of parse tree nodes.
final class Nodes {
  private Nodes() {}

  static int pos(ParserRuleContext c) {
    return c.getStart().getStartIndex();
  }

  static int pos(TerminalNode node) {
    return node.getSymbol().getStartIndex();
  }

  static int pos(Token token) {
    return token.getStartIndex();
  }

  /// The source between the node's first and last token.
  static String text(ParserRuleContext c) {
    return text(c.getStart(), c.getStop());
  }

  static String text(Token first, Token last) {
    String all = ((TextStream) first.getInputStream()).text();
    return all.substring(first.getStartIndex(), last.getStopIndex() + 1);
  }

  /// What a token means: the folded name, the decoded string, the number's text.
  static String value(Token token) {
    return ((SqlToken) token).value();
  }

  static String value(TerminalNode node) {
    return value(node.getSymbol());
  }

  /// The value of a rule of one token: a name of any keyword class.
  static String name(ParserRuleContext c) {
    return value(c.getStart());
  }

  static String nameOrNull(ParserRuleContext c) {
    return c == null ? null : name(c);
  }

  static List<String> names(PgParser.NameListContext c) {
    return c == null ? List.of() : c.colId().stream().map(Nodes::name).toList();
  }

  static QualifiedName qname(PgParser.QnameContext c) {
    List<String> parts = new ArrayList<>();
    parts.add(name(c.colId()));
    for (PgParser.ColLabelContext label : c.colLabel()) {
      parts.add(name(label));
    }
    if (parts.size() > 3) {
      String all = String.join(".", parts);
      throw SyntaxErrors.because("improper qualified name (too many dotted names): " + all, pos(c));
    }
    return new QualifiedName(List.copyOf(parts), pos(c));
  }

  static QualifiedName qnameOrNull(PgParser.QnameContext c) {
    return c == null ? null : qname(c);
  }

  static List<QualifiedName> qnames(PgParser.QnameListContext c) {
    return c == null ? List.of() : c.qname().stream().map(Nodes::qname).toList();
  }

  /// Whether a token of this type stands directly under the node.
  static boolean has(ParserRuleContext c, int type) {
    return token(c, type) != null;
  }

  static Token token(ParserRuleContext c, int type) {
    for (ParseTree child : c.children) {
      if (child instanceof TerminalNode node && node.getSymbol().getType() == type) {
        return node.getSymbol();
      }
    }
    return null;
  }
}
