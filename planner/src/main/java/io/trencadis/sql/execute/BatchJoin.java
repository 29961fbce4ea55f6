package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.RowsColumn;
import io.trencadis.sql.types.TypeCodec;
import java.util.Arrays;
import java.util.function.Consumer;

/// A join of batches whose partners may come some at a time, each time in a [JoinTable]. Immutable
/// and thread-safe.
public final class BatchJoin {
  private final JoinNode.Kind kind;
  private final int[] leftKeys;
  private final TypeCodec[] codecs;
  private final int rightWidth;
  private final int[] rightColumns;
  private final int[] keptKeys;
  private final BatchCondition condition;

  /// @param kind INNER, LEFT, SEMI or ANTI
  /// @param leftKeys columns of left rows that equal those of right rows, place by place; one at
  ///   least
  /// @param codecs how they are compared
  /// @param rightWidth columns of a right row
  /// @param rightColumns which of them are kept, the equal ones among them, ascending
  /// @param condition over the joined row, beyond the equal columns; null for none
  public BatchJoin(
      JoinNode.Kind kind,
      int[] leftKeys,
      int[] rightKeys,
      TypeCodec[] codecs,
      int rightWidth,
      int[] rightColumns,
      BatchCondition condition) {
    this.kind = kind;
    this.leftKeys = leftKeys;
    this.codecs = codecs;
    this.rightWidth = rightWidth;
    this.rightColumns = rightColumns;
    this.keptKeys =
        Arrays.stream(rightKeys).map(key -> Arrays.binarySearch(rightColumns, key)).toArray();
    this.condition = condition;
  }

  /// Columns of a joined row.
  ///
  /// @param leftWidth columns of a left row
  public int width(int leftWidth) {
    return isOnce() ? leftWidth : leftWidth + rightWidth;
  }

  /// A table of right rows, of which the kept columns count.
  JoinTable table(BatchSource right) {
    JoinTable table = newTable();
    for (Batch batch = right.next(); batch != null; batch = right.next()) {
      add(batch, table);
    }
    table.finish();
    return table;
  }

  /// A table to be filled by [#add], and finished.
  JoinTable newTable() {
    return new JoinTable(keptKeys, codecs);
  }

  void add(Batch right, JoinTable table) {
    Column[] kept = new Column[rightColumns.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = right.column(rightColumns[i]);
    }
    for (int i = 0; i < right.count(); i++) {
      int place = right.places()[i];
      Object[] row = new Object[kept.length];
      for (int j = 0; j < row.length; j++) {
        row[j] = kept[j] == null ? null : kept[j].get(place);
      }
      table.add(row);
    }
  }

  TypeCodec[] codecs() {
    return codecs;
  }

  JoinNode.Kind kind() {
    return kind;
  }

  int[] leftKeys() {
    return leftKeys;
  }

  /// Places of the equal columns in a whole right row.
  public int[] rightKeys() {
    return Arrays.stream(keptKeys).map(kept -> rightColumns[kept]).toArray();
  }

  private boolean isOnce() {
    return kind.isOnce();
  }

  /// @param out takes the joined rows, and is done with them when it returns
  Meeting meeting(Batch left, Execution x, Consumer<Batch> out) {
    return new Meeting(left, x, out);
  }

  /// The rows of one batch and their partners. Confined to one thread.
  final class Meeting {
    private final Batch left;
    private final Execution x;
    private final Consumer<Batch> out;
    private final boolean[] met;
    private final int[] pairs = new int[Batch.MOST];
    private final Object[][] partners = new Object[Batch.MOST][];
    private int count;

    private Meeting(Batch left, Execution x, Consumer<Batch> out) {
      this.left = left;
      this.x = x;
      this.out = out;
      this.met = new boolean[left.count()];
    }

    /// Some of the right rows; each of them comes once.
    ///
    /// @param table filled and finished
    void with(JoinTable table) {
      long[] hashes = table.hashes(left, leftKeys);
      for (int i = 0; i < met.length; i++) {
        if (isOnce() && met[i]) {
          continue;
        }
        int place = left.places()[i];
        int found = table.first(hashes, left, i, leftKeys);
        for (; found >= 0; found = table.next(found, left, place, leftKeys)) {
          if (condition == null && isOnce()) {
            met[i] = true;
            break;
          }
          pairs[count] = i;
          partners[count++] = table.row(found);
          if (count == Batch.MOST) {
            give();
          }
        }
      }
      give();
    }

    /// All right rows have come.
    void end() {
      if (isOnce()) {
        once();
      } else if (kind == JoinNode.Kind.LEFT) {
        for (int i = 0; i < met.length; i++) {
          if (!met[i]) {
            pairs[count] = i;
            partners[count++] = null;
          }
        }
        if (count > 0) {
          out.accept(joined());
          count = 0;
        }
      }
    }

    private void once() {
      int[] places = left.places();
      int kept = 0;
      for (int i = 0; i < met.length; i++) {
        if (met[i] == (kind == JoinNode.Kind.SEMI)) {
          places[kept++] = places[i];
        }
      }
      left.keep(kept);
      if (kept > 0) {
        out.accept(left);
      }
    }

    /// Pairs for which the condition holds.
    private void give() {
      if (count == 0) {
        return;
      }
      x.checkInterrupts();
      Batch joined = joined();
      if (condition != null) {
        condition.keep(joined, x);
      }
      for (int i = 0; i < joined.count(); i++) {
        met[pairs[joined.places()[i]]] = true;
      }
      count = 0;
      if (!isOnce() && joined.count() > 0) {
        out.accept(joined);
      }
    }

    private Batch joined() {
      int[] lefts = new int[count];
      for (int i = 0; i < count; i++) {
        lefts[i] = left.places()[pairs[i]];
      }
      Column[] columns = new Column[left.width() + rightWidth];
      for (int i = 0; i < left.width(); i++) {
        Column column = left.column(i);
        columns[i] = column == null ? null : column.gathered(lefts, count);
      }
      Object[][] rows = Arrays.copyOf(partners, count);
      for (int i = 0; i < rightColumns.length; i++) {
        columns[left.width() + rightColumns[i]] = new RowsColumn(rows, i);
      }
      return Batch.whole(columns, count);
    }
  }
}
