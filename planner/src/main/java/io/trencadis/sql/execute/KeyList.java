package io.trencadis.sql.execute;

import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayList;
import java.util.List;

/// The values of `column = ANY (array)`, for each of which a scan goes to its rows by key.
///
/// @param slot where the scan reads the value that it is to go to
/// @param array without columns of the scanned table in it
/// @param codec of the array's elements
public record KeyList(int slot, Eval array, TypeCodec codec) {
  /// The different ones in ascending order; no nulls, which equal nothing.
  List<Object> values(Execution x) {
    SqlArray all = (SqlArray) array.eval(null, x);
    if (all == null) {
      return List.of();
    }
    List<Object> sorted = new ArrayList<>();
    for (Object element : all.elements()) {
      if (element != null) {
        sorted.add(element);
      }
    }
    sorted.sort(codec::compare);
    List<Object> different = new ArrayList<>(sorted.size());
    for (Object value : sorted) {
      if (different.isEmpty() || !codec.equal(different.getLast(), value)) {
        different.add(value);
      }
    }
    return different;
  }

  /// Runs a scan for each value, one after the other.
  RowSource rows(Execution x, java.util.function.Supplier<RowSource> scan) {
    List<Object> values = values(x);
    return new RowSource() {
      private RowSource current;
      private int next;

      @Override
      public Object[] next() {
        while (true) {
          if (current == null) {
            if (next == values.size()) {
              return null;
            }
            x.checkInterrupts();
            x.setSlot(slot, values.get(next++));
            current = scan.get();
          }
          Object[] row = current.next();
          if (row != null) {
            return row;
          }
          current.close();
          current = null;
        }
      }

      @Override
      public void close() {
        if (current != null) {
          current.close();
        }
      }
    };
  }
}
