package io.trencadis.sql.types;

import io.trencadis.base.SqlException;

/// Reads dates and times.
public final class DateTimeInput {
  private DateTimeInput() {}

  public static int date(String text, TypeContext cx) {
    throw SqlException.notSupported("date input");
  }

  public static long time(String text, TypeContext cx) {
    throw SqlException.notSupported("time input");
  }

  public static TimeTz timetz(String text, TypeContext cx) {
    throw SqlException.notSupported("timetz input");
  }

  public static long timestamp(String text, TypeContext cx) {
    throw SqlException.notSupported("timestamp input");
  }

  public static long timestamptz(String text, TypeContext cx) {
    throw SqlException.notSupported("timestamptz input");
  }
}
