package io.trencadis.sql.execute;

import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.batch.Column;
import io.trencadis.sql.batch.RowsColumn;
import io.trencadis.storage.RowBlock;
import java.util.Arrays;

/// A look-up join of batches: the look-ups of a batch's rows are made together. The joined rows
/// come in the order of the left ones. Confined to one thread.
final class LookupBatches implements BatchSource {
  private final TableScanNode right;
  private final JoinNode.Kind kind;
  private final int[] slots;
  private final int[] arguments;
  private final int leftWidth;
  private final BatchSource lefts;
  private final Execution x;
  private final NodeCounters counters;
  private final LookupMemory memory;
  private final Lookups lookups;

  // The batch whose rows are being joined.
  private Batch batch;

  /// For each row of the batch the number of its look-up, unless what it finds is known.
  private int[] lookupOf = {};

  /// For each row of the batch what it is known to find, or null.
  private Object[][] known = {};

  /// For each row of the batch whether the memory wants to know what it finds.
  private boolean[] remembers = {};

  /// Whether partners come as columns, of which those that the joins above leave are decoded; else
  /// row by row.
  private boolean inColumns;

  private int at;

  /// Makes columns of partners, or null where they have to be looked at one by one.
  private final ScanBatches partners;

  /// For each partner read last, the place of the row that it belongs to.
  private int[] leftPlaces = {};

  private int read;

  /// The next one of the current row's partners.
  private int partner;

  private boolean matched;
  private RowSource late;

  /// @param arguments columns of left rows, what the slots are set to
  /// @param memory of look-ups made before; null where none is kept
  LookupBatches(
      TableScanNode right,
      JoinNode.Kind kind,
      int[] slots,
      int[] arguments,
      int leftWidth,
      BatchSource lefts,
      LookupMemory memory,
      Execution x) {
    this.right = right;
    this.kind = kind;
    this.slots = slots;
    this.arguments = arguments;
    this.leftWidth = leftWidth;
    this.lefts = lefts;
    this.memory = memory;
    this.x = x;
    this.counters = x.counters(right);
    boolean first = kind.isOnce();
    this.lookups = new Lookups(right, first && !right.hasFilter() ? 1 : Integer.MAX_VALUE, x);
    this.partners =
        kind == JoinNode.Kind.INNER ? right.partners(this::readPartners, x, counters) : null;
  }

  @Override
  public Batch next() {
    while (true) {
      x.checkInterrupts();
      if (batch == null) {
        batch = lefts.next();
        if (batch == null) {
          return null;
        }
        lookUp();
      }
      long start = counters == null ? 0 : x.nanoTime();
      Batch joined = inColumns ? columns() : rows();
      if (counters != null) {
        counters.totalNanos += x.nanoTime() - start;
      }
      if (joined != null && joined.count() > 0) {
        return joined;
      }
    }
  }

  private void lookUp() {
    long start = counters == null ? 0 : x.nanoTime();
    lookups.clear();
    if (lookupOf.length < batch.count()) {
      lookupOf = new int[batch.count()];
      known = new Object[batch.count()][];
      remembers = new boolean[batch.count()];
    }
    boolean remembering = false;
    int[] places = batch.places();
    for (int i = 0; i < batch.count(); i++) {
      Object argument = memory == null ? null : batch.column(arguments[0]).get(places[i]);
      remembers[i] = memory != null && memory.takes(argument);
      known[i] = remembers[i] ? memory.get(argument) : null;
      remembering |= remembers[i];
      if (known[i] == null) {
        setSlots(places[i]);
        lookupOf[i] = lookups.add();
      }
    }
    lookups.run();
    inColumns = partners != null && !remembering && lookups.most() <= Batch.MOST;
    at = 0;
    begin();
    if (counters != null) {
      counters.loops += batch.count();
      counters.totalNanos += x.nanoTime() - start;
    }
  }

  private void setSlots(int place) {
    for (int i = 0; i < slots.length; i++) {
      x.setSlot(slots[i], batch.column(arguments[i]).get(place));
    }
  }

  private void begin() {
    partner = 0;
    matched = false;
    late = null;
  }

  // ---- partners as rows

  private Batch rows() {
    // As many as there are at least, where none has several partners.
    leftPlaces = new int[batch.count()];
    Object[][] rows = new Object[batch.count()][];
    boolean once = kind.isOnce();
    int count = 0;
    while (count < Batch.MOST && at < batch.count()) {
      Object[] row = partner();
      boolean given = row != null && kind != JoinNode.Kind.ANTI;
      if (row == null && !matched) {
        given = kind == JoinNode.Kind.LEFT || kind == JoinNode.Kind.ANTI;
      }
      matched |= row != null;
      if (given) {
        if (count == rows.length) {
          int larger = Math.min(Batch.MOST, count * 4);
          leftPlaces = Arrays.copyOf(leftPlaces, larger);
          rows = Arrays.copyOf(rows, larger);
        }
        leftPlaces[count] = batch.places()[at];
        rows[count++] = row;
      }
      if (row == null || once) {
        if (late != null) {
          late.close();
        }
        at++;
        begin();
      }
    }
    Column[] columns = gathered(leftPlaces, count, once ? leftWidth : leftWidth + right.width());
    for (int i = 0; !once && i < right.width(); i++) {
      columns[leftWidth + i] = new RowsColumn(rows, i);
    }
    if (at == batch.count()) {
      batch = null;
    }
    return Batch.whole(columns, count);
  }

  private Column[] gathered(int[] places, int count, int width) {
    Column[] columns = new Column[width];
    for (int i = 0; i < leftWidth; i++) {
      Column column = batch.column(i);
      columns[i] = column == null ? null : column.gathered(places, count);
    }
    return columns;
  }

  /// The current row's next partner, or null.
  private Object[] partner() {
    if (known[at] != null) {
      return partner++ > 0 || LookupMemory.isNothing(known[at]) ? null : known[at];
    }
    int lookup = lookupOf[at];
    if (partner == 0) {
      setSlots(batch.places()[at]);
    }
    if (lookups.isLate(lookup)) {
      if (late == null) {
        late = right.start(x);
        partner = 1;
      }
      return counted(late.next());
    }
    Object[] row = null;
    while (row == null && partner < lookups.count(lookup)) {
      byte[] bytes = lookups.row(lookup, partner++);
      row = bytes == null ? null : right.looked(bytes, x, counters);
    }
    if (remembers[at] && !matched) {
      memory.put(batch.column(arguments[0]).get(batch.places()[at]), row);
    }
    return counted(row);
  }

  private Object[] counted(Object[] row) {
    if (counters != null && row != null) {
      counters.rows++;
    }
    return row;
  }

  // ---- partners as columns

  private Batch columns() {
    Batch found = partners.next();
    if (found == null) {
      batch = null;
      return null;
    }
    if (counters != null) {
      counters.rows += found.count();
    }
    Column[] columns = gathered(leftPlaces, read, leftWidth + right.width());
    for (int i = 0; i < right.width(); i++) {
      columns[leftWidth + i] = found.column(i);
    }
    return new Batch(columns, found.places(), found.count());
  }

  /// Gives partners of the next rows, and notes whose they are.
  private void readPartners(RowBlock into) {
    while (at < batch.count() && into.count() + lookups.count(lookupOf[at]) <= Batch.MOST) {
      int lookup = lookupOf[at];
      for (int i = 0; i < lookups.count(lookup); i++) {
        byte[] row = lookups.row(lookup, i);
        if (row != null) {
          if (into.count() == leftPlaces.length) {
            leftPlaces = Arrays.copyOf(leftPlaces, Math.max(16, into.count() * 4));
          }
          leftPlaces[into.count()] = batch.places()[at];
          into.add(null, row);
        }
      }
      at++;
    }
    read = into.count();
  }

  /// Rows one by one as batches.
  ///
  /// @param width columns of a row
  /// @param first how many rows the first batch has at the most; the next ones have more each time
  static BatchSource of(RowSource rows, int width, long first) {
    return new BatchSource() {
      private int most = Math.clamp(first, 1, Batch.MOST);

      @Override
      public Batch next() {
        Object[][] some = new Object[Math.min(16, most)][];
        int count = 0;
        while (count < most) {
          Object[] row = rows.next();
          if (row == null) {
            break;
          }
          if (count == some.length) {
            some = Arrays.copyOf(some, count * 4);
          }
          some[count++] = row;
        }
        most = Math.min(Batch.MOST, most * 2);
        if (count == 0) {
          return null;
        }
        Column[] columns = new Column[width];
        for (int i = 0; i < width; i++) {
          columns[i] = new RowsColumn(some, i);
        }
        return Batch.whole(columns, count);
      }
    };
  }
}
