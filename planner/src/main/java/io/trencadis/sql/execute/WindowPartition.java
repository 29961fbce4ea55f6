package io.trencadis.sql.execute;

import java.util.Arrays;

/// The rows of one partition in the order of its window, and their groups of peers. Not
/// thread-safe.
final class WindowPartition {
  private final WindowNode.Keyed[] rows;
  private final int start;
  private final int size;
  private final int[] groupOf;
  private int[] groupStarts;
  private int groups;

  /// @param rows all rows, of which those from `start` to before `end` are this partition
  /// @param order null where all rows are peers
  WindowPartition(WindowNode.Keyed[] rows, int start, int end, RowOrder order) {
    this.rows = rows;
    this.start = start;
    this.size = end - start;
    this.groupOf = new int[size];
    this.groupStarts = new int[8];
    for (int i = 0; i < size; i++) {
      if (i == 0 || (order != null && order.compare(keys(i - 1), keys(i)) != 0)) {
        if (groups + 1 == groupStarts.length) {
          groupStarts = Arrays.copyOf(groupStarts, groups * 2 + 2);
        }
        groupStarts[groups++] = i;
      }
      groupOf[i] = groups - 1;
    }
    groupStarts[groups] = size;
  }

  int size() {
    return size;
  }

  Object[] row(int index) {
    return rows[start + index].row();
  }

  /// What the row is partitioned and ordered by.
  Object[] keys(int index) {
    return rows[start + index].keys();
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
