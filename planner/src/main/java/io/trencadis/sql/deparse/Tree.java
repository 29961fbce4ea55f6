package io.trencadis.sql.deparse;

import io.trencadis.sql.ast.Query;
import io.trencadis.sql.types.PgType;
import java.util.List;

/// An expression as it was understood: every conversion is a node of its own, and constructs that
/// are shorthand for others are those others.
sealed interface Tree {
  /// A column, or with a star a whole row. `item` is null where no name stands before it.
  record Column(String item, String name) implements Tree {}

  /// A constant as its type's output function writes it; null for NULL.
  record Constant(String text, PgType type) implements Tree {}

  record Parameter(int number) implements Tree {}

  /// A word that stands for a value, such as `CURRENT_DATE`.
  record Word(String text) implements Tree {}

  /// An operator; `left` is null for a prefix operator.
  record Operator(String symbol, Tree left, Tree right) implements Tree {}

  /// A call.
  ///
  /// @param name quoted, and qualified where it has to be
  /// @param names of the arguments, null where they have none
  record Call(String name, List<Tree> args, List<String> names, boolean variadic) implements Tree {}

  /// A call in a way of writing that SQL has for the function.
  record Syntax(String function, List<Tree> args) implements Tree {}

  /// @param over null for an aggregate
  record Aggregate(
      String name,
      boolean star,
      boolean distinct,
      boolean variadic,
      List<Tree> args,
      boolean withinGroup,
      List<Sort> orderBy,
      Tree filter,
      Window over)
      implements Tree {}

  /// @param suffix what follows the expression, such as ` DESC`
  record Sort(Tree key, String suffix) {}

  /// @param name the window that is meant as a whole, or null
  /// @param base the window that it adds to, or null
  /// @param frame null for the default
  record Window(
      String name, String base, List<Tree> partitionBy, List<Sort> orderBy, Frame frame) {}

  /// @param end null where only the start was written
  record Frame(String unit, Bound start, Bound end, String exclusion) {}

  /// @param offset what stands before the words, or null
  record Bound(Tree offset, String words) {}

  /// A conversion.
  ///
  /// @param implicit whether it is left out where the reader would supply it
  /// @param call whether a function does it
  record Cast(Tree operand, PgType type, int typmod, boolean implicit, boolean call)
      implements Tree {}

  enum Junction {
    AND,
    OR,
    NOT
  }

  record Logic(Junction junction, List<Tree> operands) implements Tree {}

  /// `operand IS …`.
  ///
  /// @param ofNull whether it asks for NULL, not for a truth value
  record Test(Tree operand, String words, boolean ofNull) implements Tree {}

  record Distinct(Tree left, Tree right) implements Tree {}

  record Quantified(Tree left, String symbol, boolean all, Tree array) implements Tree {}

  record Choice(Tree operand, List<Tree> conditions, List<Tree> results) implements Tree {}

  /// COALESCE and its like: a word and arguments in parentheses.
  record Listing(String word, List<Tree> args) implements Tree {}

  /// @param type written after it where there are no elements
  record ArrayOf(List<Tree> elements, PgType type) implements Tree {}

  /// @param type written after it, or null
  record Row(List<Tree> fields, PgType type) implements Tree {}

  record RowComparison(Tree left, String symbol, Tree right) implements Tree {}

  /// @param bounds for each pair of brackets one tree, or two for a slice, of which each may be
  ///   null
  record Subscript(Tree base, List<List<Tree>> bounds) implements Tree {}

  record Field(Tree base, String name) implements Tree {}

  record Collated(Tree operand, String collation) implements Tree {}

  /// A sub-select.
  ///
  /// @param tested the values on the left, empty for none
  /// @param words between them and the query; EXISTS or ARRAY where there are none
  record SubSelect(List<Tree> tested, boolean row, String words, Query query) implements Tree {}
}
