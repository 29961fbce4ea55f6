package io.trencadis.sql.types;

import io.trencadis.base.SqlException;

/// Reads intervals.
final class IntervalInput {
  private IntervalInput() {}

  static Interval parse(String text, int fields, TypeContext cx) {
    throw SqlException.notSupported("interval input");
  }
}
