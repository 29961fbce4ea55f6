package io.trencadis.sql.execute;

import java.util.Arrays;

/// The rows of one partition in the order of its window, and their groups of peers. Not
/// thread-safe.
final class WindowPartition {
  private final WindowRows rows;
  private final int width;
  private final int size;
  private final int[] groupOf;
  private int[] groupStarts;
  private int groups;

  /// @param rows each row with what it is partitioned and ordered by behind its columns
  /// @param width columns of a row
  /// @param order null where all rows are peers
  WindowPartition(WindowRows rows, int width, RowOrder order) {
    this.rows = rows;
    this.width = width;
    this.size = rows.size();
    this.groupOf = new int[size];
    this.groupStarts = new int[8];
    Object[] last = null;
    for (int i = 0; i < size; i++) {
      Object[] row = order == null ? null : row(i);
      if (i == 0 || (order != null && order.compareFrom(width, last, row) != 0)) {
        if (groups + 1 == groupStarts.length) {
          groupStarts = Arrays.copyOf(groupStarts, groups * 2 + 2);
        }
        groupStarts[groups++] = i;
      }
      groupOf[i] = groups - 1;
      last = row;
    }
    groupStarts[groups] = size;
  }

  int size() {
    return size;
  }

  Object[] row(int index) {
    return rows.row(index);
  }

  /// Sets a row's value; rows come in order.
  void set(int index, int column, Object value) {
    rows.set(index, column, value);
  }

  /// One of the values that the row is partitioned and ordered by.
  Object key(int index, int key) {
    return row(index)[width + key];
  }

  int groups() {
    return groups;
  }

  /// The number of a row's group of peers, from 0.
  int group(int row) {
    return groupOf[row];
  }

  /// A group's first row; for the number after the last group, the partition's size.
  int groupStart(int group) {
    return groupStarts[group];
  }

  int firstPeer(int row) {
    return groupStarts[groupOf[row]];
  }

  /// The row after a row's last peer.
  int afterPeers(int row) {
    return groupStarts[groupOf[row] + 1];
  }
}
