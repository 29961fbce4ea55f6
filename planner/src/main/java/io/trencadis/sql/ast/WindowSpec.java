package io.trencadis.sql.ast;

import java.util.List;

/// A window: what stands in the parentheses after OVER, or one definition of a WINDOW clause.
///
/// @param name the name a WINDOW clause gives it; for OVER, null
/// @param base the window it refers to, or null. `OVER w` and `OVER (w)` differ in `reference`
/// @param reference whether this is `OVER w`: the window `base` itself, with nothing added
/// @param frame null when no frame was written
public record WindowSpec(
    String name,
    String base,
    boolean reference,
    List<Expr> partitionBy,
    List<SortKey> orderBy,
    Frame frame,
    int pos) {

  /// `{ROWS|RANGE|GROUPS} BETWEEN start AND end EXCLUDE …`; a frame without BETWEEN ends at CURRENT
  /// ROW.
  public record Frame(FrameUnit unit, FrameBound start, FrameBound end, Exclusion exclusion) {}

  public enum FrameUnit {
    ROWS,
    RANGE,
    GROUPS
  }

  public enum BoundKind {
    UNBOUNDED_PRECEDING,
    PRECEDING,
    CURRENT_ROW,
    FOLLOWING,
    UNBOUNDED_FOLLOWING
  }

  public enum Exclusion {
    NO_OTHERS,
    CURRENT_ROW,
    GROUP,
    TIES
  }

  /// One end of a frame.
  ///
  /// @param offset the distance of PRECEDING and FOLLOWING; otherwise null
  public record FrameBound(BoundKind kind, Expr offset, int pos) {}
}
