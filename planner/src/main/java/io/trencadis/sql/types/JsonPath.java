package io.trencadis.sql.types;

import io.trencadis.sql.regex.Regex;
import java.util.List;

/// A value of type `jsonpath`: a query on JSON values (PostgreSQL 15 manual, 9.16.2). Immutable and
/// thread-safe. Two of them are equal where their texts are; SQL compares none.
///
/// @param lax whether structural errors are overlooked and arrays are taken apart where an element
///   is wanted
public record JsonPath(boolean lax, Item root) {
  /// What an item does. Those with a symbol are operators.
  public enum Kind {
    NULL(null, 6),
    BOOL(null, 6),
    NUMBER(null, 6),
    STRING(null, 6),
    VARIABLE(null, 6),
    ROOT(null, 6),
    CURRENT(null, 6),
    LAST(null, 6),
    OR("||", 0),
    AND("&&", 1),
    NOT("!", 6),
    IS_UNKNOWN(null, 6),
    EXISTS(null, 6),
    EQUAL("==", 2),
    NOT_EQUAL("!=", 2),
    LESS("<", 2),
    LESS_OR_EQUAL("<=", 2),
    GREATER(">", 2),
    GREATER_OR_EQUAL(">=", 2),
    STARTS_WITH("starts with", 2),
    LIKE_REGEX(null, 6),
    ADD("+", 3),
    SUBTRACT("-", 3),
    MULTIPLY("*", 4),
    DIVIDE("/", 4),
    MODULO("%", 4),
    PLUS("+", 5),
    MINUS("-", 5),
    KEY(null, 6),
    ANY_KEY(null, 6),
    ANY_ITEM(null, 6),
    SUBSCRIPTS(null, 6),
    ANY_LEVEL(null, 6),
    FILTER(null, 6),
    METHOD(null, 6),
    DATETIME(null, 6);

    private final String symbol;
    private final int priority;

    Kind(String symbol, int priority) {
      this.symbol = symbol;
      this.priority = priority;
    }

    /// How an operator is written; null of what is none.
    public String symbol() {
      return symbol;
    }

    int priority() {
      return priority;
    }

    /// Whether it answers true, false or unknown and may stand in a filter.
    public boolean isPredicate() {
      return compareTo(OR) >= 0 && compareTo(LIKE_REGEX) <= 0;
    }
  }

  /// A step and what is done with its results.
  ///
  /// @param value a constant's value ([Numeric], String or Boolean); the name of a key, variable or
  ///   method; [Levels], [Like] or a list of [Subscript]; null where the kind says all
  /// @param left the first operand or the condition; null without one
  /// @param right the second operand; null without one
  /// @param next what is applied to each result; null at the end of a path
  public record Item(Kind kind, Object value, Item left, Item right, Item next) {
    static Item of(Kind kind, Object value) {
      return new Item(kind, value, null, null, null);
    }

    static Item of(Kind kind, Item left, Item right) {
      return new Item(kind, null, left, right, null);
    }

    /// This path with a step at its end.
    Item then(Item step) {
      return new Item(kind, value, left, right, next == null ? step : next.then(step));
    }

    public String text() {
      return (String) value;
    }

    @SuppressWarnings("unchecked")
    public List<Subscript> subscripts() {
      return (List<Subscript>) value;
    }
  }

  /// `[from to to]`; `to` is null for a lone subscript.
  public record Subscript(Item from, Item to) {}

  /// `**{first to last}`.
  public record Levels(long first, long last) {
    /// The level of values that contain no others.
    public static final long LEAVES = 0xffff_ffffL;
  }

  /// The pattern of `like_regex`.
  ///
  /// @param flags in the order in which they are shown
  public record Like(String source, String flags, Regex pattern) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Like like && source.equals(like.source) && flags.equals(like.flags);
    }

    @Override
    public int hashCode() {
      return source.hashCode();
    }
  }

  /// Reads the text form.
  ///
  /// @throws io.trencadis.base.SqlException 42601 and others, as PostgreSQL says them
  public static JsonPath parse(String text) {
    return new JsonPathParser(text).parse();
  }

  /// The text form, with all the parentheses that make its structure plain.
  public String text() {
    StringBuilder out = new StringBuilder(lax ? "" : "strict ");
    new JsonPathText(out).write(root, false, true);
    return out.toString();
  }
}
