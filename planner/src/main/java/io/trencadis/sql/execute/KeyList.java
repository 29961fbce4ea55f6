package io.trencadis.sql.execute;

import io.trencadis.sql.types.SqlArray;
import io.trencadis.sql.types.TypeCodec;
import java.util.ArrayList;
import java.util.List;

/// The values of `column = ANY (array)`, for each of which a scan goes to its rows by key; or
/// ranges, for each of which it does.
///
/// @param slot where the scan reads the value, or the range's lower end, that it is to go to
/// @param array without columns of the scanned table in it
/// @param endSlot where the scan reads the range's upper end; unused for values
/// @param ends of the ranges, as many as `array` has; null for values
/// @param codec of the arrays' elements
public record KeyList(int slot, Eval array, int endSlot, Eval ends, TypeCodec codec) {
  /// @param last of a range, included; null for a value
  private record Stretch(Object first, Object last) {}

  /// The different ones in ascending order, where ranges do not overlap; no nulls, which equal
  /// nothing.
  private List<Stretch> stretches(Execution x) {
    SqlArray all = (SqlArray) array.eval(null, x);
    if (all == null) {
      return List.of();
    }
    SqlArray lasts = ends == null ? null : (SqlArray) ends.eval(null, x);
    List<Stretch> sorted = new ArrayList<>();
    for (int i = 0; i < all.elements().length; i++) {
      Object first = all.elements()[i];
      Object last = lasts == null ? null : lasts.elements()[i];
      boolean empty =
          first == null || lasts != null && (last == null || codec.compare(first, last) > 0);
      if (!empty) {
        sorted.add(new Stretch(first, last));
      }
    }
    sorted.sort((a, b) -> codec.compare(a.first, b.first));
    List<Stretch> different = new ArrayList<>(sorted.size());
    for (Stretch next : sorted) {
      Stretch before = different.isEmpty() ? null : different.getLast();
      if (before == null) {
        different.add(next);
      } else if (next.last == null) {
        if (!codec.equal(before.first, next.first)) {
          different.add(next);
        }
      } else if (codec.compare(next.first, before.last) > 0) {
        different.add(next);
      } else if (codec.compare(next.last, before.last) > 0) {
        different.set(different.size() - 1, new Stretch(before.first, next.last));
      }
    }
    return different;
  }

  private void set(Stretch stretch, Execution x) {
    x.setSlot(slot, stretch.first);
    if (ends != null) {
      x.setSlot(endSlot, stretch.last);
    }
  }

  /// Does something for each value or range, which the slots have then.
  void forEach(Execution x, Runnable work) {
    for (Stretch stretch : stretches(x)) {
      set(stretch, x);
      work.run();
    }
  }

  /// Runs a scan for each value or range, one after the other.
  RowSource rows(Execution x, java.util.function.Supplier<RowSource> scan) {
    List<Stretch> stretches = stretches(x);
    return new RowSource() {
      private RowSource current;
      private int next;

      @Override
      public Object[] next() {
        while (true) {
          if (current == null) {
            if (next == stretches.size()) {
              return null;
            }
            x.checkInterrupts();
            set(stretches.get(next++), x);
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
