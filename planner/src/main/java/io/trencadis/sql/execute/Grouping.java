package io.trencadis.sql.execute;

import io.trencadis.sql.types.TypeCodec;

/// A row's values in some columns, as a key of hash tables. Nulls equal each other here; where they
/// must not (joins), the caller leaves rows with nulls out.
final class Grouping {
  private final Object[] values;
  private final TypeCodec[] codecs;
  private final int hash;

  Grouping(Object[] values, TypeCodec[] codecs) {
    this.values = values;
    this.codecs = codecs;
    long mixed = 0;
    for (int i = 0; i < values.length; i++) {
      mixed = mixed * 31 + (values[i] == null ? 0 : codecs[i].hash(values[i]));
    }
    hash = (int) (mixed ^ (mixed >>> 32));
  }

  Object[] values() {
    return values;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Grouping that) || that.hash != hash) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      Object a = values[i];
      Object b = that.values[i];
      if (a == null || b == null ? a != b : !codecs[i].equal(a, b)) {
        return false;
      }
    }
    return true;
  }
}
