package io.trencadis.sql.deparse;

import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.PgType;
import io.trencadis.sql.types.Types;
import java.util.List;
import java.util.function.Consumer;

/// Writes trees. What PostgreSQL calls pretty has no parentheses that its simplest rules of
/// precedence make superfluous.
final class TreePrinter {
  private final Output out;
  private final boolean pretty;
  // Writes a query inside parentheses.
  private final Consumer<io.trencadis.sql.ast.Query> queries;

  TreePrinter(Output out, boolean pretty, Consumer<io.trencadis.sql.ast.Query> queries) {
    this.out = out;
    this.pretty = pretty;
    this.queries = queries;
  }

  /// @param implicit whether conversions that the reader would supply are written, too
  void print(Tree tree, boolean implicit) {
    switch (tree) {
      case Tree.Column column ->
          out.add(
              (column.item() == null ? "" : Identifiers.quote(column.item()) + ".")
                  + (column.name().equals("*") ? "*" : Identifiers.quote(column.name())));
      case Tree.Constant constant -> constant(constant, true);
      case Tree.Parameter parameter -> out.add("$" + parameter.number());
      case Tree.Word word -> out.add(word.text());
      case Tree.Operator operator -> operator(operator);
      case Tree.Call call -> call(call);
      case Tree.Syntax syntax -> syntax(syntax);
      case Tree.Aggregate aggregate -> aggregate(aggregate);
      case Tree.Cast cast -> cast(cast, implicit);
      case Tree.Logic logic -> logic(logic);
      case Tree.Test test ->
          enclosed(
              () -> {
                operand(test.operand(), test.ofNull(), test);
                out.add(test.words());
              });
      case Tree.Distinct distinct ->
          enclosed(
              () -> {
                operand(distinct.left(), true, distinct);
                out.add(" IS DISTINCT FROM ");
                operand(distinct.right(), true, distinct);
              });
      case Tree.Quantified quantified -> quantified(quantified);
      case Tree.Choice choice -> choice(choice);
      case Tree.Listing listing -> {
        out.add(listing.word() + "(");
        list(listing.args(), true);
        out.add(")");
      }
      case Tree.ArrayOf array -> {
        out.add("ARRAY[");
        list(array.elements(), true);
        out.add("]");
        if (array.elements().isEmpty()) {
          out.add("::" + name(array.type(), -1));
        }
      }
      case Tree.Row row -> {
        out.add("ROW(");
        list(row.fields(), true);
        out.add(")" + (row.type() == null ? "" : "::" + name(row.type(), -1)));
      }
      case Tree.RowComparison comparison -> {
        out.add("(");
        print(comparison.left(), true);
        out.add(" " + comparison.symbol() + " ");
        print(comparison.right(), true);
        out.add(")");
      }
      case Tree.Subscript subscript -> subscript(subscript, implicit);
      case Tree.Field field -> {
        boolean plain =
            field.base() instanceof Tree.Subscript || field.base() instanceof Tree.Field;
        out.add(plain ? "" : "(");
        print(field.base(), true);
        out.add((plain ? "." : ").") + Identifiers.quote(field.name()));
      }
      case Tree.Collated collated ->
          enclosed(
              () -> {
                operand(collated.operand(), implicit, collated);
                out.add(" COLLATE " + collated.collation());
              });
      case Tree.SubSelect query -> subSelect(query);
    }
  }

  void list(List<Tree> trees, boolean implicit) {
    for (int i = 0; i < trees.size(); i++) {
      out.add(i == 0 ? "" : ", ");
      print(trees.get(i), implicit);
    }
  }

  private static String name(PgType type, int typmod) {
    return Types.formatType(type.oid(), typmod);
  }

  private void enclosed(Runnable work) {
    out.add(pretty ? "" : "(");
    work.run();
    out.add(pretty ? "" : ")");
  }

  /// Something in another expression, in parentheses where that needs them.
  private void operand(Tree tree, boolean implicit, Tree parent) {
    boolean parentheses = pretty && !Precedence.isSimple(tree, parent);
    out.add(parentheses ? "(" : "");
    print(tree, implicit);
    out.add(parentheses ? ")" : "");
  }

  /// @param typed whether its type is said where the text alone would have another
  void constant(Tree.Constant constant, boolean typed) {
    PgType type = constant.type();
    String text = constant.text();
    if (text == null) {
      out.add("NULL" + (typed ? "::" + name(type, -1) : ""));
      return;
    }
    boolean bare =
        type == Types.INT4 && !text.startsWith("-")
            || type == Types.NUMERIC && text.matches("[0-9].*[eE.].*");
    if (type == Types.BOOL) {
      out.add(text.equals("t") ? "true" : "false");
    } else {
      out.add(bare ? text : quoted(text));
      out.add(bare || type == Types.UNKNOWN || !typed ? "" : "::" + name(type, -1));
    }
  }

  /// A constant in ORDER BY, where a bare number would be that of a column.
  void labelled(Tree.Constant constant) {
    PgType type = constant.type();
    boolean bare =
        type == Types.INT4 || type == Types.NUMERIC || type == Types.BOOL || type == Types.UNKNOWN;
    constant(constant, true);
    if (bare && constant.text() != null && !out.toString().endsWith("::" + name(type, -1))) {
      out.add("::" + name(type, -1));
    }
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private void operator(Tree.Operator operator) {
    enclosed(
        () -> {
          if (operator.left() != null) {
            operand(operator.left(), true, operator);
            out.add(" ");
          }
          out.add(operator.symbol() + " ");
          operand(operator.right(), true, operator);
        });
  }

  private void call(Tree.Call call) {
    out.add(call.name() + "(");
    for (int i = 0; i < call.args().size(); i++) {
      out.add(i == 0 ? "" : ", ");
      out.add(call.variadic() && i == call.args().size() - 1 ? "VARIADIC " : "");
      String name = call.names().get(i);
      out.add(name == null ? "" : Identifiers.quote(name) + " => ");
      print(call.args().get(i), true);
    }
    out.add(")");
  }

  private void syntax(Tree.Syntax syntax) {
    String template = Syntaxes.template(syntax.function(), syntax.args());
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      if (c == '<') {
        operand(syntax.args().get(template.charAt(++i) - '0'), false, syntax);
        i++;
      } else if (c == '#') {
        out.add(((Tree.Constant) syntax.args().get(template.charAt(++i) - '0')).text());
      } else if (Character.isDigit(c)) {
        print(syntax.args().get(c - '0'), false);
      } else {
        out.add(c);
      }
    }
  }

  private void aggregate(Tree.Aggregate aggregate) {
    out.add(aggregate.name() + "(" + (aggregate.distinct() ? "DISTINCT " : ""));
    if (aggregate.star()) {
      out.add("*");
    }
    for (int i = 0; i < aggregate.args().size(); i++) {
      out.add(i == 0 ? "" : ", ");
      out.add(aggregate.variadic() && i == aggregate.args().size() - 1 ? "VARIADIC " : "");
      print(aggregate.args().get(i), true);
    }
    if (!aggregate.orderBy().isEmpty()) {
      out.add(aggregate.withinGroup() ? ") WITHIN GROUP (ORDER BY " : " ORDER BY ");
      sorts(aggregate.orderBy());
    }
    if (aggregate.filter() != null) {
      out.add(") FILTER (WHERE ");
      print(aggregate.filter(), false);
    }
    out.add(")");
    if (aggregate.over() != null) {
      out.add(" OVER ");
      window(aggregate.over());
    }
  }

  void sorts(List<Tree.Sort> sorts) {
    for (int i = 0; i < sorts.size(); i++) {
      out.add(i == 0 ? "" : ", ");
      key(sorts.get(i).key());
      out.add(sorts.get(i).suffix());
    }
  }

  /// An expression of GROUP BY, ORDER BY and their like.
  void key(Tree tree) {
    switch (tree) {
      case Tree.Constant constant -> labelled(constant);
      case Tree.Column _ -> print(tree, true);
      default -> {
        boolean call =
            tree instanceof Tree.Call
                || tree instanceof Tree.Syntax
                || tree instanceof Tree.Aggregate
                || tree instanceof Tree.Cast cast && cast.call();
        out.add(pretty || call ? "(" : "");
        print(tree, true);
        out.add(pretty || call ? ")" : "");
      }
    }
  }

  void window(Tree.Window window) {
    if (window.name() != null) {
      out.add(Identifiers.quote(window.name()));
      return;
    }
    out.add("(");
    String blank = "";
    if (window.base() != null) {
      out.add(Identifiers.quote(window.base()));
      blank = " ";
    } else if (!window.partitionBy().isEmpty()) {
      out.add("PARTITION BY ");
      for (int i = 0; i < window.partitionBy().size(); i++) {
        out.add(i == 0 ? "" : ", ");
        key(window.partitionBy().get(i));
      }
      blank = " ";
    }
    if (!window.orderBy().isEmpty()) {
      out.add(blank + "ORDER BY ");
      sorts(window.orderBy());
      blank = " ";
    }
    if (window.frame() != null) {
      Tree.Frame frame = window.frame();
      out.add(blank + frame.unit() + (frame.end() == null ? " " : " BETWEEN "));
      bound(frame.start());
      if (frame.end() != null) {
        out.add(" AND ");
        bound(frame.end());
      }
      out.add(frame.exclusion() == null ? "" : " EXCLUDE " + frame.exclusion());
    }
    out.add(")");
  }

  private void bound(Tree.Bound bound) {
    if (bound.offset() != null) {
      print(bound.offset(), false);
      out.add(" ");
    }
    out.add(bound.words());
  }

  private void cast(Tree.Cast cast, boolean implicit) {
    if (cast.implicit() && !implicit) {
      operand(cast.operand(), false, cast);
      return;
    }
    if (cast.operand() instanceof Tree.Constant constant
        && constant.type().oid() == cast.type().oid()) {
      constant(constant, false);
    } else {
      out.add(pretty ? "" : "(");
      operand(cast.operand(), false, cast);
      out.add(pretty ? "" : ")");
    }
    out.add("::" + name(cast.type(), cast.typmod()));
  }

  private void logic(Tree.Logic logic) {
    enclosed(
        () -> {
          if (logic.junction() == Tree.Junction.NOT) {
            out.add("NOT ");
          }
          for (int i = 0; i < logic.operands().size(); i++) {
            out.add(i == 0 ? "" : " " + logic.junction() + " ");
            operand(logic.operands().get(i), false, logic);
          }
        });
  }

  private void quantified(Tree.Quantified quantified) {
    enclosed(
        () -> {
          operand(quantified.left(), true, quantified);
          out.add(" " + quantified.symbol() + (quantified.all() ? " ALL (" : " ANY ("));
          operand(quantified.array(), true, quantified);
          out.add(")");
        });
  }

  private void choice(Tree.Choice choice) {
    out.line("CASE", 0, 4, 0);
    if (choice.operand() != null) {
      out.add(" ");
      print(choice.operand(), true);
    }
    for (int i = 0; i < choice.conditions().size(); i++) {
      out.line("WHEN ", 0, 0, 0);
      print(choice.conditions().get(i), false);
      out.add(" THEN ");
      print(choice.results().get(i), true);
    }
    out.line("ELSE ", 0, 0, 0);
    print(choice.results().getLast(), true);
    out.line("END", -4, 0, 0);
  }

  private void subscript(Tree.Subscript subscript, boolean implicit) {
    boolean plain =
        subscript.base() instanceof Tree.Column || subscript.base() instanceof Tree.Field;
    out.add(plain ? "" : "(");
    print(subscript.base(), implicit);
    out.add(plain ? "" : ")");
    for (List<Tree> bounds : subscript.bounds()) {
      out.add("[");
      for (int i = 0; i < bounds.size(); i++) {
        out.add(i == 0 ? "" : ":");
        if (bounds.get(i) != null) {
          print(bounds.get(i), false);
        }
      }
      out.add("]");
    }
  }

  private void subSelect(Tree.SubSelect select) {
    if (select.words() == null || select.words().equals("ARRAY")) {
      out.add(select.words() == null ? "(" : "ARRAY(");
      queries.accept(select.query());
      out.add(")");
      return;
    }
    out.add("(");
    out.add(select.row() ? "(" : "");
    list(select.tested(), true);
    out.add((select.row() ? ")" : "") + (select.tested().isEmpty() ? "" : " "));
    out.add(select.words() + " (");
    queries.accept(select.query());
    out.add("))");
  }
}
