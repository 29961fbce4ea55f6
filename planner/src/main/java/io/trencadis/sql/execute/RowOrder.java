package io.trencadis.sql.execute;

import io.trencadis.sql.types.TypeCodec;
import java.util.Comparator;
import java.util.List;

/// An order of rows by some of their columns. Immutable and thread-safe.
public final class RowOrder implements Comparator<Object[]> {
  private final int[] columns;
  private final TypeCodec[] codecs;
  private final boolean[] descending;
  private final boolean[] nullsFirst;

  /// One column of an order.
  public record Key(int column, TypeCodec codec, boolean descending, boolean nullsFirst) {}

  public RowOrder(List<Key> keys) {
    int n = keys.size();
    columns = new int[n];
    codecs = new TypeCodec[n];
    descending = new boolean[n];
    nullsFirst = new boolean[n];
    for (int i = 0; i < n; i++) {
      Key key = keys.get(i);
      columns[i] = key.column();
      codecs[i] = key.codec();
      descending[i] = key.descending();
      nullsFirst[i] = key.nullsFirst();
    }
  }

  @Override
  public int compare(Object[] a, Object[] b) {
    return compareFrom(0, a, b);
  }

  /// Compares rows that have the columns from a place on.
  int compareFrom(int first, Object[] a, Object[] b) {
    for (int i = 0; i < columns.length; i++) {
      Object x = a[first + columns[i]];
      Object y = b[first + columns[i]];
      int order;
      if (x == null || y == null) {
        order = x == y ? 0 : (x == null) == nullsFirst[i] ? -1 : 1;
      } else {
        order = codecs[i].compare(x, y);
        if (descending[i]) {
          order = -order;
        }
      }
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
