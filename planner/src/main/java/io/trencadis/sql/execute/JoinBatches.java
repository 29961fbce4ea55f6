package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.RowsColumn;

/// Lets the rows of batches meet their partners in a hash table. Where each has one at the most,
/// the batch's columns stay as they are and the partners' stand beside them; else they are copied.
/// A column of a partner is looked at when somebody asks for it. Confined to one thread.
final class JoinBatches implements BatchSource {
  private final JoinTable table;
  private final JoinNode.Kind kind;
  private final int[] keys;
  private final int rightWidth;
  private final int[] rightColumns;
  private final BatchCondition condition;
  private final BatchSource lefts;
  private final Execution x;

  // What is left of a batch whose rows have several partners.
  private Batch batch;
  private int[] firsts;
  private int at;
  private int partner;

  /// @param kind INNER, or without a condition LEFT, SEMI or ANTI
  /// @param keys columns of the left rows
  /// @param rightColumns for each column of the table's rows, its place in a whole right row
  /// @param condition of joined rows, or null
  JoinBatches(
      JoinTable table,
      JoinNode.Kind kind,
      int[] keys,
      int rightWidth,
      int[] rightColumns,
      BatchCondition condition,
      BatchSource lefts,
      Execution x) {
    this.table = table;
    this.kind = kind;
    this.keys = keys;
    this.rightWidth = rightWidth;
    this.rightColumns = rightColumns;
    this.condition = condition;
    this.lefts = lefts;
    this.x = x;
  }

  @Override
  public Batch next() {
    while (true) {
      x.checkInterrupts();
      Batch joined;
      if (batch != null) {
        joined = several();
      } else {
        Batch left = lefts.next();
        if (left == null) {
          return null;
        }
        joined = met(left);
      }
      if (joined != null && condition != null) {
        condition.keep(joined, x);
      }
      if (joined != null && joined.count() > 0) {
        return joined;
      }
    }
  }

  /// Null where rows have several partners, which [#several] then gives.
  private Batch met(Batch left) {
    long[] hashes = table.hashes(left, keys);
    int[] places = left.places();
    int count = left.count();
    if (kind.isOnce()) {
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (table.first(hashes, left, i, keys) >= 0 == (kind == JoinNode.Kind.SEMI)) {
          places[kept++] = places[i];
        }
      }
      left.keep(kept);
      return left;
    }
    int[] found = new int[count];
    boolean several = false;
    for (int i = 0; i < count; i++) {
      found[i] = table.first(hashes, left, i, keys);
      several |= found[i] >= 0 && table.next(found[i], left, places[i], keys) >= 0;
    }
    if (several) {
      batch = left;
      firsts = found;
      at = -1;
      partner = -1;
      return null;
    }
    Object[][] partners = new Object[count == 0 ? 0 : places[count - 1] + 1][];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int place = places[i];
      if (found[i] >= 0) {
        partners[place] = table.row(found[i]);
        places[kept++] = place;
      } else if (kind == JoinNode.Kind.LEFT) {
        places[kept++] = place;
      }
    }
    Column[] columns = new Column[left.width() + rightWidth];
    for (int i = 0; i < left.width(); i++) {
      columns[i] = left.column(i);
    }
    addPartners(columns, left.width(), partners);
    return new Batch(columns, places, kept);
  }

  private void addPartners(Column[] columns, int from, Object[][] partners) {
    for (int i = 0; i < rightColumns.length; i++) {
      columns[from + rightColumns[i]] = new RowsColumn(partners, i);
    }
  }

  /// The next rows of a batch with several partners; it is given up with the last of them.
  private Batch several() {
    int[] lefts = new int[Batch.MOST];
    Object[][] partners = new Object[Batch.MOST][];
    int count = 0;
    while (count < Batch.MOST) {
      if (partner < 0) {
        if (++at == batch.count()) {
          break;
        }
        partner = firsts[at];
        if (partner < 0) {
          if (kind == JoinNode.Kind.LEFT) {
            lefts[count++] = batch.places()[at];
          }
          continue;
        }
      }
      int place = batch.places()[at];
      lefts[count] = place;
      partners[count++] = table.row(partner);
      partner = table.next(partner, batch, place, keys);
    }
    Column[] columns = new Column[batch.width() + rightWidth];
    for (int i = 0; i < batch.width(); i++) {
      Column column = batch.column(i);
      columns[i] = column == null ? null : column.gathered(lefts, count);
    }
    addPartners(columns, batch.width(), partners);
    if (at == batch.count()) {
      batch = null;
    }
    return Batch.whole(columns, count);
  }
}
