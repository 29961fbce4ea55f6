package io.trencadis.sql.ast;

import java.util.List;

/// An expression as written: nothing is resolved, typed or folded, except that a minus sign
/// directly before a number belongs to the number, as in PostgreSQL.
public sealed interface Expr {
  /// Where an error about this expression points.
  int pos();

  /// What a number token is by its own digits: `integer` if it fits, else `bigint`, else `numeric`.
  /// A negated number may fit a smaller type than its digits alone: see
  /// [NumberLiteral#effectiveClass].
  enum NumberClass {
    INT4,
    INT8,
    NUMERIC
  }

  /// A number.
  ///
  /// @param digits the token's text, without sign
  /// @param numberClass the class of the digits without the sign
  /// @param negated whether a minus sign was folded in; `pos` is then that of the sign
  record NumberLiteral(
      String digits, NumberClass numberClass, boolean negated, int pos, int literalIndex)
      implements Expr {
    /// The number's text with its sign.
    public String text() {
      return negated ? "-" + digits : digits;
    }

    /// The type PostgreSQL gives the constant, sign included: `-2147483648` is an `integer`.
    public NumberClass effectiveClass() {
      if (negated && numberClass != NumberClass.INT4) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        if (significant.equals("2147483648")) {
          return NumberClass.INT4;
        }
        if (significant.equals("9223372036854775808")) {
          return NumberClass.INT8;
        }
      }
      return numberClass;
    }
  }

  /// A string constant of any form, decoded.
  record StringLiteral(String value, int pos, int literalIndex) implements Expr {}

  /// `B'101'` or `X'1F'`.
  record BitStringLiteral(String digits, boolean hex, int pos) implements Expr {}

  record BooleanLiteral(boolean value, int pos) implements Expr {}

  record NullLiteral(int pos) implements Expr {}

  /// `date '2026-01-01'`: a constant of the given type.
  record TypedLiteral(TypeName type, StringLiteral value, int pos) implements Expr {}

  /// `$1` has number 1.
  record Param(int number, int pos) implements Expr {}

  /// A column, or a table's whole row, by its dotted name.
  ///
  /// @param parts the names before the star if there is one; empty for a lone `*`
  record ColumnRef(List<String> parts, boolean star, int pos) implements Expr {}

  /// `(row).field`, or `(row).*` when `field` is null.
  record FieldAccess(Expr base, String field, int pos) implements Expr {}

  /// One pair of brackets. An element has its index in `upper`; a slice may lack either bound
  /// (null).
  ///
  /// @param continued whether the brackets follow those of `base` directly: `a[1:2][1]` is a slice
  ///   of two dimensions, `(a[1:2])[1]` an element of a slice
  record Subscript(Expr base, boolean slice, Expr lower, Expr upper, boolean continued, int pos)
      implements Expr {}

  /// A prefix operator.
  record UnaryOp(OperatorName operator, Expr operand, int pos) implements Expr {}

  /// An infix operator; `pos` is the operator's.
  record BinaryOp(OperatorName operator, Expr left, Expr right, int pos) implements Expr {}

  /// Two or more operands; a chain `a AND b AND c` is one node.
  record And(List<Expr> operands, int pos) implements Expr {}

  /// Two or more operands; a chain `a OR b OR c` is one node.
  record Or(List<Expr> operands, int pos) implements Expr {}

  record Not(Expr operand, int pos) implements Expr {}

  /// What an IS test asks for.
  enum TestKind {
    NULL,
    TRUE,
    FALSE,
    UNKNOWN
  }

  /// `operand IS [NOT] {NULL|TRUE|FALSE|UNKNOWN}`, also ISNULL and NOTNULL.
  record IsTest(Expr operand, TestKind kind, boolean negated, int pos) implements Expr {}

  /// `left IS [NOT] DISTINCT FROM right`; negated means NOT DISTINCT.
  record IsDistinctFrom(Expr left, Expr right, boolean negated, int pos) implements Expr {}

  record Between(Expr operand, Expr low, Expr high, boolean symmetric, boolean negated, int pos)
      implements Expr {}

  record InList(Expr operand, List<Expr> items, boolean negated, int pos) implements Expr {}

  record InQuery(Expr operand, Query query, boolean negated, int pos) implements Expr {}

  enum PatternKind {
    LIKE,
    ILIKE,
    SIMILAR
  }

  /// `operand [NOT] {LIKE|ILIKE|SIMILAR TO} pattern [ESCAPE escape]`; `escape` may be null.
  record PatternMatch(
      PatternKind kind, Expr operand, Expr pattern, Expr escape, boolean negated, int pos)
      implements Expr {}

  /// `left op {ANY|ALL} (array)`. `LIKE ANY` arrives as the operator `~~`, and so on.
  record QuantifiedArray(Expr left, OperatorName operator, boolean all, Expr array, int pos)
      implements Expr {}

  /// `left op {ANY|ALL} (query)`.
  record QuantifiedQuery(Expr left, OperatorName operator, boolean all, Query query, int pos)
      implements Expr {}

  record Exists(Query query, int pos) implements Expr {}

  record ScalarSubquery(Query query, int pos) implements Expr {}

  /// `ARRAY(query)`.
  record ArraySubquery(Query query, int pos) implements Expr {}

  /// `ARRAY[…]`, or a nested `[…]` in one.
  record ArrayConstructor(List<Expr> elements, int pos) implements Expr {}

  /// `ROW(…)` (explicit) or `(a, b, …)`.
  record Row(List<Expr> fields, boolean explicit, int pos) implements Expr {}

  /// @param operand null for `CASE WHEN`
  /// @param otherwise null without ELSE
  record Case(Expr operand, List<When> whens, Expr otherwise, int pos) implements Expr {}

  /// One arm of a CASE.
  record When(Expr condition, Expr result, int pos) {}

  record Coalesce(List<Expr> args, int pos) implements Expr {}

  record NullIf(Expr left, Expr right, int pos) implements Expr {}

  record Greatest(List<Expr> args, int pos) implements Expr {}

  record Least(List<Expr> args, int pos) implements Expr {}

  /// `CAST(operand AS type)` or `operand::type`.
  record Cast(Expr operand, TypeName type, int pos) implements Expr {}

  /// A function, aggregate or window function call, or a construct that PostgreSQL's grammar turns
  /// into one: EXTRACT, POSITION, SUBSTRING, TRIM, OVERLAY, COLLATION FOR, NORMALIZE, IS
  /// NORMALIZED, OVERLAPS and AT TIME ZONE. Those are named in `pg_catalog` and have `sqlSyntax`
  /// set.
  ///
  /// @param star `count(*)`; `args` is then empty
  /// @param variadic whether the last argument was marked VARIADIC
  /// @param orderBy the ORDER BY inside the parentheses, or that of WITHIN GROUP
  /// @param filter the FILTER condition, or null
  /// @param over the window, or null
  record FunctionCall(
      QualifiedName name,
      List<Argument> args,
      boolean star,
      boolean distinct,
      boolean variadic,
      List<SortKey> orderBy,
      boolean withinGroup,
      Expr filter,
      WindowSpec over,
      boolean sqlSyntax,
      int pos)
      implements Expr {
    /// `name(args)`, and nothing more.
    public static FunctionCall plain(QualifiedName name, List<Argument> args, int pos) {
      return new FunctionCall(
          name, args, false, false, false, List.of(), false, null, null, false, pos);
    }

    /// The same call with other arguments.
    public FunctionCall withArgs(List<Argument> others) {
      return new FunctionCall(
          name,
          others,
          star,
          distinct,
          variadic,
          orderBy,
          withinGroup,
          filter,
          over,
          sqlSyntax,
          pos);
    }
  }

  /// One argument; `name` is null unless `name => value` was written.
  record Argument(String name, Expr value, int pos) {}

  enum ValueFunction {
    CURRENT_DATE,
    CURRENT_TIME,
    CURRENT_TIMESTAMP,
    LOCALTIME,
    LOCALTIMESTAMP,
    CURRENT_ROLE,
    CURRENT_USER,
    USER,
    SESSION_USER,
    CURRENT_CATALOG,
    CURRENT_SCHEMA
  }

  /// A function that SQL calls without parentheses.
  ///
  /// @param precision the digits in `CURRENT_TIMESTAMP(3)`, or null
  record SqlValueFunction(ValueFunction function, NumberLiteral precision, int pos)
      implements Expr {}

  record Collate(Expr operand, QualifiedName collation, int pos) implements Expr {}

  /// `GROUPING(…)`.
  record GroupingCall(List<Expr> args, int pos) implements Expr {}

  /// `DEFAULT`, which only VALUES of an INSERT and SET of an UPDATE allow.
  record Default(int pos) implements Expr {}

  /// `WHERE CURRENT OF cursor`.
  record CurrentOf(String cursor, int pos) implements Expr {}
}
