package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.functions.Accumulator;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.sql.types.SqlRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The groups of one run of an [AggregateNode]. When they do not fit into memory, no more groups
/// are made: rows of those that are there are taken in as before, all others go to files by their
/// group, each of which is grouped by itself afterwards. What DISTINCT and ORDER BY in aggregates
/// keep is sorted on disk then. Confined to one thread.
final class Groups implements AutoCloseable {
  /// How often a part is parted again; rows of one group stay together anyway.
  private static final int MOST_LEVELS = 5;

  private static final int PARTS = 16;
  private static final int GROUP_BYTES = 96;
  private static final int ACCUMULATOR_BYTES = 56;
  private static final int MEMBER_BYTES = 96;

  /// Thrown by groups that have nowhere to put anything aside.
  static final class TooManyException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final TooManyException INSTANCE = new TooManyException();

    private TooManyException() {
      super("too many groups", null, false, false);
    }
  }

  private final AggregateNode node;
  private final AggregateNode.Call[] calls;
  private final int[] keys;
  private final Execution x;
  private final int level;
  private final boolean worker;

  /// Whether rows are groups that others have made.
  private final boolean merges;

  private final GroupTable<Group> table;
  private final Object[][] arguments;

  /// By aggregate, whether it takes all rows as they come.
  private final boolean[] simple;

  private final RowSorter[] sorters;
  private final SortedRows[] sortedRows;
  private final Group only;
  private long bytes;
  private long peak;
  private boolean full;
  private RowSpool[] parts;

  /// @param level how often the rows have been parted already
  /// @param worker whether a helper makes them, who can put nothing aside
  Groups(AggregateNode node, Execution x, int level, boolean worker) {
    this.node = node;
    this.calls = node.calls();
    this.keys = node.keys();
    this.x = x;
    this.level = level;
    this.worker = worker;
    this.merges = node.mode() == AggregateNode.Mode.FINALIZE;
    this.table = new GroupTable<>(node.keyCodecs());
    this.arguments = new Object[calls.length][];
    for (int i = 0; i < calls.length; i++) {
      arguments[i] = new Object[calls[i].arguments().length];
    }
    this.simple = new boolean[calls.length];
    for (int i = 0; i < calls.length; i++) {
      AggregateNode.Call call = calls[i];
      simple[i] =
          !merges
              && !call.buffered()
              && !call.distinct()
              && call.filter() < 0
              && call.arguments().length <= 1;
    }
    this.sorters = new RowSorter[calls.length];
    this.sortedRows = new SortedRows[calls.length];
    this.only = keys.length == 0 ? group(table.hash(RowNodes.NO_COLUMNS, keys), null) : null;
  }

  /// One group.
  private final class Group {
    final int number;
    final Accumulator[] accumulators = new Accumulator[calls.length];
    final List<List<Object[]>> buffers;
    final List<Set<Grouping>> seen;

    Group(int number) {
      this.number = number;
      boolean keeping = false;
      for (int i = 0; i < calls.length; i++) {
        accumulators[i] = calls[i].accumulator().newAccumulator();
        keeping |= calls[i].buffered() || calls[i].distinct();
      }
      buffers = keeping ? new ArrayList<>() : List.of();
      seen = keeping ? new ArrayList<>() : List.of();
      for (int i = 0; keeping && i < calls.length; i++) {
        buffers.add(calls[i].buffered() ? new ArrayList<>() : null);
        seen.add(calls[i].distinct() ? new HashSet<>() : null);
      }
    }

    void add(Object[] row) {
      for (int i = 0; i < calls.length; i++) {
        add(i, row);
      }
    }

    /// Takes in a row for one aggregate.
    void add(int i, Object[] row) {
      AggregateNode.Call call = calls[i];
      if (merges && !call.distinct()) {
        accumulators[i].merge((SqlRow) row[call.arguments()[0]]);
        return;
      }
      if (call.filter() >= 0 && !Boolean.TRUE.equals(row[call.filter()])) {
        return;
      }
      if (call.buffered()) {
        keep(i, row);
      } else {
        feed(i, row);
      }
    }

    private void keep(int i, Object[] row) {
      if (full && node.spills(x)) {
        sorter(i).add(numbered(number, row));
      } else {
        buffers.get(i).add(row);
        bytes += RowBytes.memory(row) + 8;
      }
    }

    private void feed(int i, Object[] row) {
      AggregateNode.Call call = calls[i];
      int[] columns = call.arguments();
      if (!call.distinct()) {
        Object[] values = arguments[i];
        for (int j = 0; j < columns.length; j++) {
          values[j] = row[columns[j]];
        }
        accumulators[i].add(values, x.cx());
        return;
      }
      Object[] values = new Object[columns.length];
      for (int j = 0; j < values.length; j++) {
        values[j] = row[columns[j]];
      }
      Grouping member = new Grouping(values, call.argumentCodecs());
      Set<Grouping> known = seen.get(i);
      if (full && !call.buffered() && node.spills(x) && call.sortsDistinct()) {
        // What was fed already is in the set; of the rest, the sort finds what is new.
        if (!known.contains(member)) {
          sorter(i).add(numbered(number, row));
        }
      } else if (known.add(member)) {
        if (!call.buffered()) {
          bytes += RowBytes.memory(values) + MEMBER_BYTES;
        }
        accumulators[i].add(values, x.cx());
      }
    }

    void merge(Group other) {
      for (int i = 0; i < calls.length; i++) {
        accumulators[i].merge(other.accumulators[i].state());
      }
    }

    Object result(int i) {
      if (calls[i].buffered()) {
        try (RowSorter own = new RowSorter(calls[i].order(), null, x, Long.MAX_VALUE)) {
          for (Object[] row : buffers.get(i)) {
            own.add(row);
          }
          RowSource fromMemory = own.sorted();
          RowSource fromDisk = sortedRows[i] == null ? () -> null : sortedRows[i].of(number);
          feedInOrder(i, fromMemory, fromDisk);
        }
      } else if (sortedRows[i] != null) {
        RowSource rest = sortedRows[i].of(number);
        RowOrder same = calls[i].distinctOrder();
        Object[] last = null;
        for (Object[] row = rest.next(); row != null; row = rest.next()) {
          if (last == null || same.compare(last, row) != 0) {
            Object[] values = new Object[calls[i].arguments().length];
            for (int j = 0; j < values.length; j++) {
              values[j] = row[calls[i].arguments()[j]];
            }
            accumulators[i].add(values, x.cx());
          }
          last = row;
        }
      }
      return accumulators[i].result(x.cx());
    }

    /// Of equal rows, those in memory were there first.
    private void feedInOrder(int i, RowSource fromMemory, RowSource fromDisk) {
      Object[] a = fromMemory.next();
      Object[] b = fromDisk.next();
      while (a != null || b != null) {
        boolean first = b == null || a != null && calls[i].order().compare(a, b) <= 0;
        feed(i, first ? a : b);
        if (first) {
          a = fromMemory.next();
        } else {
          b = fromDisk.next();
        }
      }
    }
  }

  /// A row behind the number of its group.
  private static Object[] numbered(int number, Object[] row) {
    Object[] out = new Object[row.length + 1];
    out[0] = number;
    System.arraycopy(row, 0, out, 1, row.length);
    return out;
  }

  private RowSorter sorter(int i) {
    if (sorters[i] == null) {
      RowOrder order = calls[i].buffered() ? calls[i].order() : calls[i].distinctOrder();
      sorters[i] =
          new RowSorter(
              (a, b) -> {
                int byNumber = Integer.compare((Integer) a[0], (Integer) b[0]);
                return byNumber != 0 ? byNumber : order.compareFrom(1, a, b);
              },
              AggregateNode.NUMBER.and(node.inputBytes()),
              x,
              Math.max(x.workMemBytes() / calls.length, 1 << 16));
    }
    return sorters[i];
  }

  /// Rows of all groups in the order of their numbers, handed out group by group.
  private static final class SortedRows {
    private final RowSource all;
    private Object[] next;

    SortedRows(RowSource all) {
      this.all = all;
      this.next = all.next();
    }

    RowSource of(int number) {
      return () -> {
        if (next == null || (Integer) next[0] != number) {
          return null;
        }
        Object[] row = new Object[next.length - 1];
        System.arraycopy(next, 1, row, 0, row.length);
        next = all.next();
        return row;
      };
    }
  }

  private Group group(long hash, Object[] row) {
    Object[] key = new Object[keys.length];
    for (int i = 0; i < keys.length; i++) {
      key[i] = row[keys[i]];
    }
    Group group = new Group(table.size());
    table.add(hash, key, group);
    bytes += RowBytes.memory(key) + GROUP_BYTES + (long) ACCUMULATOR_BYTES * calls.length;
    return group;
  }

  /// Takes in all rows.
  Groups read(RowSource source) {
    BatchSource batches = source.batches();
    if (batches != null) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        x.checkInterrupts();
        add(batch);
      }
    } else {
      readRows(source);
    }
    peak = Math.max(peak, bytes);
    long disk = 0;
    for (int i = 0; i < sorters.length; i++) {
      if (sorters[i] != null) {
        sortedRows[i] = new SortedRows(sorters[i].sorted());
        disk += sorters[i].isExternal() ? sorters[i].space() : 0;
      }
    }
    for (int i = 0; parts != null && i < PARTS; i++) {
      parts[i].finish();
      disk += parts[i].bytes();
    }
    NodeCounters counters = worker ? null : x.counters(node);
    if (counters != null && keys.length > 0) {
      counters.hashed(0, 1, peak, disk);
    }
    return this;
  }

  private void readRows(RowSource source) {
    int rows = 0;
    for (Object[] row = source.next(); row != null; row = source.next()) {
      if ((++rows & 0xfff) == 0) {
        x.checkInterrupts();
      }
      if (only != null) {
        only.add(row);
      } else {
        add(row);
      }
      giveWay();
    }
  }

  /// What the groups and what they keep take, roughly.
  long bytes() {
    return bytes;
  }

  int count() {
    return table.size();
  }

  /// The groups' own values, and behind them what other groups need of each aggregate in order to
  /// go on from there.
  ///
  /// @see AggregateNode.Mode#FINALIZE
  Object[] state(int place) {
    Object[] out = new Object[keys.length + calls.length];
    System.arraycopy(table.key(place), 0, out, 0, keys.length);
    for (int i = 0; i < calls.length; i++) {
      out[keys.length + i] = table.group(place).accumulators[i].state();
    }
    return out;
  }

  /// Finds each row's group, and then feeds the aggregates, one after the other.
  void add(Batch batch) {
    int[] places = batch.places();
    int count = batch.count();
    Group[] groups = new Group[count];
    if (only != null) {
      Arrays.fill(groups, only);
    } else {
      long[] hashes = table.hashes(batch, keys);
      int last = -1;
      for (int i = 0; i < count; i++) {
        // Neighbours are often alike.
        if (i > 0
            && hashes[i] == hashes[i - 1]
            && last >= 0
            && table.isAt(last, batch, places[i], keys)) {
          groups[i] = groups[i - 1];
          continue;
        }
        last = table.find(hashes[i], batch, places[i], keys);
        if (last >= 0) {
          groups[i] = table.group(last);
        } else if (parts == null) {
          last = table.size();
          groups[i] = group(hashes[i], batch.row(places[i]));
          giveWay();
        } else {
          parts[part(hashes[i])].add(batch.row(places[i]));
        }
      }
    }
    for (int c = 0; c < calls.length; c++) {
      if (simple[c]) {
        feed(c, batch, groups);
      } else {
        for (int i = 0; i < count; i++) {
          if (groups[i] != null) {
            groups[i].add(c, batch.row(places[i]));
            giveWay();
          }
        }
      }
    }
  }

  private void feed(int c, Batch batch, Group[] groups) {
    AggregateNode.Call call = calls[c];
    Object[] values = arguments[c];
    EvalContext cx = x.cx();
    for (int i = 0; i < groups.length; i++) {
      if (groups[i] != null) {
        call.feed(groups[i].accumulators[c], batch, batch.places()[i], values, cx);
      }
    }
  }

  private void giveWay() {
    if (!full && bytes > x.hashMemBytes()) {
      overflow();
    }
  }

  private void add(Object[] row) {
    long hash = table.hash(row, keys);
    int place = table.find(hash, row, keys);
    if (place >= 0) {
      table.group(place).add(row);
    } else if (parts == null) {
      group(hash, row).add(row);
    } else {
      parts[part(hash)].add(row);
    }
  }

  private int part(long hash) {
    return (int) (hash >>> 32 + level * 4) & PARTS - 1;
  }

  private void overflow() {
    if (worker) {
      throw TooManyException.INSTANCE;
    }
    full = true;
    if (keys.length > 0 && level < MOST_LEVELS && node.spills(x)) {
      parts = new RowSpool[PARTS];
      int buffer =
          Math.clamp(x.hashMemBytes() / PARTS / 4, RowSorter.LEAST_BUFFER, RowSorter.MOST_BUFFER);
      for (int i = 0; i < PARTS; i++) {
        parts[i] = new RowSpool(node.inputBytes(), x, buffer);
      }
    }
  }

  /// Takes in what others have made of other rows.
  void merge(Groups other) {
    for (int place = 0; place < other.table.size(); place++) {
      Object[] key = other.table.key(place);
      long hash = other.table.hashOf(place);
      int own = table.find(hash, key, node.keyPlaces());
      if (own >= 0) {
        table.group(own).merge(other.table.group(place));
      } else {
        table.add(hash, key, other.table.group(place));
      }
    }
  }

  /// The groups and what their aggregates give, those on disk last.
  RowSource rows() {
    return new RowSource() {
      private int at;
      private int part = -1;
      private Groups inPart;
      private RowSource partRows;

      @Override
      public Object[] next() {
        if (at < table.size()) {
          Object[] out = new Object[keys.length + calls.length];
          System.arraycopy(table.key(at), 0, out, 0, keys.length);
          Group group = table.group(at);
          for (int i = 0; i < calls.length; i++) {
            out[keys.length + i] = group.result(i);
          }
          table.forget(at++);
          return out;
        }
        while (parts != null) {
          Object[] row = partRows == null ? null : partRows.next();
          if (row != null) {
            return row;
          }
          if (inPart != null) {
            inPart.close();
            inPart = null;
            parts[part].close();
          }
          if (++part == PARTS) {
            parts = null;
            break;
          }
          inPart = new Groups(node, x, level + 1, false);
          partRows = inPart.read(parts[part].read()).rows();
        }
        return null;
      }

      @Override
      public void close() {
        if (inPart != null) {
          inPart.close();
        }
        Groups.this.close();
      }
    };
  }

  @Override
  public void close() {
    for (RowSorter sorter : sorters) {
      if (sorter != null) {
        sorter.close();
      }
    }
    for (int i = 0; parts != null && i < PARTS; i++) {
      parts[i].close();
    }
  }
}
