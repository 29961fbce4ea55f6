package io.trencadis.sql.execute;

import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.SharedScan;
import io.trencadis.sharding.Transaction;
import io.trencadis.sql.batch.Batch;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.storage.RowBlock;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;

/// Reads rows of one stored table: all of them, a range of the primary key or of an index, or the
/// one row of a whole unique key. The filter runs before a row leaves the node.
public final class TableScanNode extends PlanNode {
  /// What it costs at most to read a table whose shards are merged, which is about 10,000 rows;
  /// dearer ones are read one shard after the other, for merging takes time.
  private static final double MOST_MERGED = 101;

  private final StoredTable table;
  private final StoredIndex index;
  private final KeyRange range;
  private final boolean point;
  private final ShardChoice shards;
  private final Stage[] stages;
  private final int[] rest;

  /// Whether the filter looks at the locator.
  private final boolean sampled;

  private final boolean locator;

  /// The table, with the columns that are looked at.
  private final RelationRef reading;

  private final RowLock lock;
  private final Texts texts;
  private final KeyList list;
  private boolean ordered;
  private boolean backward;
  private Eval wanted;
  private EntryRows entries;
  private final int[] filteredPlaces;
  private final RuntimeFilter[] runtimeFilters;

  /// A conjunct of the filter.
  ///
  /// @param places of columns that it reads; of those, the ones that no conjunct before it reads
  ///   are decoded for it
  /// @param batches the same for batches; null where it has to be asked row by row
  /// @param outer whether it reads slots that are set from a row of another input
  public record Stage(int[] places, Eval filter, BatchCondition batches, boolean outer) {}

  /// What EXPLAIN says of the scan.
  ///
  /// @param condition what the key range stands for, or null
  /// @param filter the rest of the condition, or null
  public record Texts(String alias, String condition, String filter) {}

  /// @param index the index to go through; null for the table's own order
  /// @param point whether the range is a whole unique key, so that there is one row at the most
  /// @param needed places of the columns to decode; the others stay null
  /// @param locator whether a last column holds each row's [RowLocator]
  /// @param lock the lock to take before a point is read, or null
  /// @param filter what all must hold of a row
  /// @param list the values of one of the range's columns, or null where it is of one value
  /// @param filteredPlaces columns that joins further up want to have certain numbers in
  /// @param runtimeFilters by such column, the join's
  public TableScanNode(
      Estimate estimate,
      StoredTable table,
      StoredIndex index,
      KeyRange range,
      boolean point,
      ShardChoice shards,
      int[] needed,
      boolean locator,
      RowLock lock,
      List<Stage> filter,
      Texts texts,
      KeyList list,
      int[] filteredPlaces,
      RuntimeFilter[] runtimeFilters) {
    super(estimate);
    this.filteredPlaces = filteredPlaces;
    this.runtimeFilters = runtimeFilters;
    this.list = list;
    this.table = table;
    this.index = index;
    this.range = range;
    this.point = point;
    this.shards = shards;
    // A sample's filter reads the locator, too, which stands behind the columns.
    this.sampled =
        filter.stream()
            .flatMapToInt(stage -> Arrays.stream(stage.places))
            .anyMatch(place -> place >= table.width());
    BitSet decoded = new BitSet();
    this.stages = new Stage[filter.size()];
    for (int i = 0; i < stages.length; i++) {
      Stage stage = filter.get(i);
      stages[i] = new Stage(notIn(decoded, stage.places), stage.filter, stage.batches, stage.outer);
    }
    this.rest = notIn(decoded, needed);
    for (int place : filteredPlaces) {
      decoded.set(place);
    }
    this.reading =
        locator || sampled ? table.relation() : table.relation().reading(table.columnBits(decoded));
    this.locator = locator;
    this.lock = lock;
    this.texts = texts;
  }

  /// Adds places to those that are decoded.
  ///
  /// @return the ones that were not among them
  private int[] notIn(BitSet decoded, int[] places) {
    int[] fresh =
        Arrays.stream(places)
            .filter(place -> place < table.width() && !decoded.get(place))
            .toArray();
    for (int place : fresh) {
      decoded.set(place);
    }
    return fresh;
  }

  /// Its rows come in the order of the key that it reads by, or against it, whatever the shards.
  /// They are read as they are asked for. To be called before the first run.
  ///
  /// @param most how many will be asked for, about; null for one
  public void inOrder(boolean against, Eval most) {
    ordered = true;
    backward = against;
    wanted = most;
  }

  /// Its rows are made of the index's entries. To be called before the first run.
  public void readEntriesOnly(EntryRows made) {
    entries = made;
  }

  @Override
  public boolean isPoint() {
    return point && index == null && list == null;
  }

  @Override
  public boolean growsWithReads() {
    return lock == null && !sampled;
  }

  public StoredTable table() {
    return table;
  }

  @Override
  protected RowSource start(Execution x) {
    return list == null ? scan(x) : list.rows(x, () -> scan(x));
  }

  private RowSource scan(Execution x) {
    RowSource known = x.lookedUp(this);
    if (known != null) {
      return known;
    }
    KeyRange.Bytes bytes = bytes(x);
    int[] where = bytes == null ? new int[0] : shards.shards(x);
    NodeCounters counters = x.counters(this);
    if (counters != null) {
      for (int shard : where) {
        counters.shards.add(shard);
      }
    }
    return point && index == null
        ? new Point(x, where, bytes, counters)
        : new Scan(x, where, bytes, counters);
  }

  /// Some shards' rows, one after the other.
  RowSource scan(Execution x, int[] where, KeyRange.Bytes bytes) {
    return new Scan(x, where, bytes, null);
  }

  /// The keys to be read; null for none.
  KeyRange.Bytes bytes(Execution x) {
    KeyCodec key = index == null ? table.key() : index.key();
    return key == null || range == KeyRange.ALL
        ? whole(index == null ? table.firstKey() : index.key().begin().toByteArray())
        : range.bytes(key, x);
  }

  /// Whether it finds one row at the most by its key, and does nothing else to it.
  boolean isPlainPoint() {
    return isPoint() && lock == null && !locator;
  }

  /// Whether workers may open this node, each for itself.
  boolean sharesReads(Execution x) {
    return lock == null
        && !ordered
        && !locator
        && x.shareReads(table.placement().shards())
        && (index == null || x.shareReads(index.placement().shards()));
  }

  // ---- look-ups for several rows at once

  /// Whether look-ups for several rows may be made together.
  public boolean joinsBatches() {
    return list == null
        && !ordered
        && lock == null
        && !locator
        && !sampled
        && entries == null
        && (!point || isPlainPoint() || index != null);
  }

  /// Whether it may refuse rows that it finds.
  boolean hasFilter() {
    return stages.length > 0 || runtimeFilters.length > 0;
  }

  /// Whether it reads the table in its own order.
  boolean readsTable() {
    return index == null;
  }

  StoredIndex index() {
    return index;
  }

  /// The table, as its rows are read.
  RelationRef rowRelation() {
    return reading;
  }

  /// What it looks up in.
  RelationRef readRelation() {
    return index == null ? reading : index.relation();
  }

  int width() {
    return table.width();
  }

  /// How many shards the table is spread over.
  int shardCount() {
    return shards.total();
  }

  /// The shards to be read.
  int[] shards(Execution x) {
    return shards.shards(x);
  }

  /// A look-up has read rows.
  void scanned(Execution x, long rows) {
    x.scanned(table.descriptor().oid(), indexOid(), rows);
  }

  /// The row of a look-up; null if the filter refuses it. The slots are as they were for it.
  Object[] looked(byte[] bytes, Execution x, NodeCounters counters) {
    return row(bytes, null, 0, false, x, counters);
  }

  /// Rows of look-ups for several rows as columns; null where each has to be looked at with the
  /// slots as they were for it.
  ScanBatches partners(ScanBatches.Reader reader, Execution x, NodeCounters counters) {
    return Arrays.stream(stages).anyMatch(Stage::outer) ? null : batches(reader, x, counters);
  }

  @Override
  protected Parts parts(Execution x) {
    if (ordered
        || index != null
        || list != null
        || point
        || locator
        || lock != null
        || !x.sharesScans()) {
      return null;
    }
    KeyRange.Bytes bytes = bytes(x);
    int[] where = bytes == null ? new int[0] : shards.shards(x);
    if (where.length < 2) {
      return null;
    }
    SharedScan[] scans = new SharedScan[where.length];
    for (int i = 0; i < where.length; i++) {
      x.touched(where[i]);
      scans[i] = x.transaction().shareScan(where[i], reading, bytes.from(), bytes.to());
      if (scans[i] == null) {
        return null;
      }
    }
    return new ShardParts(this, x, where, bytes, scans);
  }

  private static KeyRange.Bytes whole(byte[] prefix) {
    return new KeyRange.Bytes(prefix, KeyCodec.successor(prefix));
  }

  /// The index that is gone through: the primary key where a part of the table's own order is read;
  /// null where all of it is.
  private IndexDescriptor followed() {
    if (index != null) {
      return index.descriptor();
    }
    return texts.condition() == null && !ordered ? null : table.descriptor().primaryKey();
  }

  /// 0 for none.
  private int indexOid() {
    IndexDescriptor followed = followed();
    return followed == null ? 0 : followed.oid();
  }

  /// Null where rows have to be looked at one by one.
  ScanBatches batches(ScanBatches.Reader reader, Execution x, NodeCounters counters) {
    if (locator || sampled) {
      return null;
    }
    for (Stage stage : stages) {
      if (stage.batches == null) {
        return null;
      }
    }
    return new ScanBatches(
        table, stages, rest, filteredPlaces, runtimeFilters, reader, x, counters);
  }

  Object[] emptyRow() {
    return new Object[table.width() + (locator ? 1 : 0)];
  }

  /// Whether the filter takes a row. If so, `row` has all columns that are needed; if not, it may
  /// be used for the next one.
  boolean fill(
      Object[] row,
      byte[] bytes,
      byte[] key,
      int shard,
      boolean locked,
      Execution x,
      NodeCounters counters) {
    if (sampled) {
      row[table.width()] = new RowLocator(table, shard, key, bytes, locked);
    }
    // What nobody asks for if the row is refused is decoded last.
    for (Stage stage : stages) {
      table.decode(bytes, stage.places, row);
      if (!holds(stage, row, x, counters)) {
        return false;
      }
    }
    for (int i = 0; i < runtimeFilters.length; i++) {
      RuntimeFilter.Numbers numbers = x.filtered(runtimeFilters[i]);
      if (numbers != null && !numbers.has(table.decode(bytes, filteredPlaces[i]))) {
        if (counters != null) {
          counters.removedByRuntimeFilter++;
        }
        return false;
      }
    }
    table.decode(bytes, rest, row);
    if (locator && !sampled) {
      row[table.width()] = new RowLocator(table, shard, key, bytes, locked);
    }
    return true;
  }

  private static boolean holds(Stage stage, Object[] row, Execution x, NodeCounters counters) {
    if (stage.filter.holds(row, x)) {
      return true;
    }
    if (counters != null) {
      counters.removedByFilter++;
    }
    return false;
  }

  /// The finished row, or null if the filter refuses it.
  private Object[] row(
      byte[] bytes, byte[] key, int shard, boolean locked, Execution x, NodeCounters counters) {
    Object[] row = emptyRow();
    return fill(row, bytes, key, shard, locked, x, counters) ? row : null;
  }

  /// Below SERIALIZABLE a row that somebody is about to insert is not there, and not waited for
  /// (PostgreSQL 15 manual, 13.2.1).
  private byte[] lockAndGet(Transaction transaction, int shard, byte[] key) {
    if (transaction.isolation() != IsolationLevel.SERIALIZABLE) {
      byte[] free =
          transaction.lockAndGet(shard, table.relation(), key, lock, LockWait.SKIP_LOCKED);
      if (!transaction.skipped()) {
        return free;
      }
      if (transaction.getAt(shard, table.relation(), key, transaction.readTimestamp()) == null) {
        // Read once more, as something that stays so at REPEATABLE READ.
        return transaction.get(shard, table.relation(), key);
      }
    }
    return transaction.lockAndGet(shard, table.relation(), key, lock, LockWait.WAIT);
  }

  private final class Point implements RowSource {
    private final Execution x;
    private final int[] where;
    private final KeyRange.Bytes bytes;
    private final NodeCounters counters;
    private boolean done;

    Point(Execution x, int[] where, KeyRange.Bytes bytes, NodeCounters counters) {
      this.x = x;
      this.where = where;
      this.bytes = bytes;
      this.counters = counters;
    }

    @Override
    public Object[] next() {
      if (done || where.length == 0) {
        return null;
      }
      done = true;
      Transaction transaction = x.transaction();
      byte[] found =
          lock == null
              ? x.get(where[0], reading, bytes.from())
              : lockAndGet(transaction, where[0], bytes.from());
      x.scanned(table.descriptor().oid(), indexOid(), found == null ? 0 : 1);
      x.touched(where[0]);
      x.read(found == null ? 0 : found.length);
      return found == null ? null : row(found, bytes.from(), where[0], lock != null, x, counters);
    }
  }

  private final class Scan implements RowSource {
    private final Execution x;
    private final int[] where;
    private final KeyRange.Bytes bytes;
    private final NodeCounters counters;
    private int nextShard;
    private int shard;
    private RowCursor cursor;
    private ShardMerge merge;

    /// Of all shards, where they are asked at once.
    private List<RowCursor> opened;

    private int steps;
    private Object[] spare;
    private FetchedRows indexed;
    private long read;
    private long readBytes;
    private boolean ended;

    Scan(Execution x, int[] where, KeyRange.Bytes bytes, NodeCounters counters) {
      this.x = x;
      this.where = where;
      this.bytes = bytes;
      this.counters = counters;
    }

    /// The next shard; all of them at once where the rows are few, in the order of their keys.
    private void open() {
      if (where.length == 1 || !ordered && index == null && estimate().cost() > MOST_MERGED) {
        shard = where[nextShard++];
        cursor = scan(shard);
        return;
      }
      if (opened == null) {
        opened = new ArrayList<>(where.length);
        for (int each : where) {
          opened.add(scan(each));
        }
        opened.forEach(RowCursor::ask);
      }
      if (index != null && !ordered) {
        shard = where[nextShard];
        cursor = opened.get(nextShard++);
        return;
      }
      nextShard = where.length;
      merge = new ShardMerge(opened, where, backward);
      cursor = merge;
    }

    @Override
    public BatchSource batches() {
      return ordered || entries != null
          ? null
          : TableScanNode.this.batches(this::read, x, counters);
    }

    private void read(RowBlock into) {
      x.checkInterrupts();
      if (index == null) {
        while (into.count() < Batch.MOST && step()) {
          cursor.addTo(into);
        }
        return;
      }
      if (indexed == null) {
        indexed = indexed(true);
      }
      while (into.count() < Batch.MOST && indexed.next()) {
        into.add(null, indexed.row());
      }
    }

    /// @param all whether all rows will be asked for
    private FetchedRows indexed(boolean all) {
      Object most = wanted == null ? null : wanted.eval(RowNodes.NO_COLUMNS, x);
      long first = most == null ? 1 : ((Number) most).longValue();
      return new FetchedRows(reading, this::addNamed, locator, all, first, x, counters);
    }

    private boolean addNamed(RowFetch to) {
      if (!step()) {
        return false;
      }
      byte[] entry = cursor.value();
      to.add(index.rowShard(entry), StoredIndex.rowKey(entry));
      return true;
    }

    private RowCursor scan(int from) {
      x.touched(from);
      return x.scan(
          from, index == null ? reading : index.relation(), bytes.from(), bytes.to(), backward);
    }

    /// Moves to the next row or entry.
    private boolean step() {
      while (true) {
        if (cursor == null) {
          if (nextShard == where.length) {
            end();
            return false;
          }
          open();
        }
        if ((++steps & 0xff) == 0) {
          x.checkInterrupts();
        }
        if (cursor.next()) {
          read++;
          readBytes += cursor.length();
          x.charge(cursor.length());
          if (merge != null) {
            shard = merge.shard();
          }
          return true;
        }
        cursor.close();
        cursor = null;
      }
    }

    @Override
    public Object[] next() {
      if (entries != null) {
        return nextOfEntries();
      }
      return index == null ? nextOfTable() : nextOfIndex();
    }

    private Object[] nextOfEntries() {
      while (step()) {
        Object[] row = spare == null ? emptyRow() : spare;
        entries.fill(row, cursor.key(), cursor.value());
        boolean taken = holds(row);
        spare = taken ? null : row;
        if (taken) {
          return row;
        }
      }
      return null;
    }

    private boolean holds(Object[] row) {
      for (Stage stage : stages) {
        if (!TableScanNode.holds(stage, row, x, counters)) {
          return false;
        }
      }
      return true;
    }

    private Object[] nextOfIndex() {
      if (indexed == null) {
        indexed = indexed(false);
      }
      while (indexed.next()) {
        Object[] row = row(indexed.row(), indexed.key(), indexed.shard(), false, x, counters);
        if (row != null) {
          return row;
        }
      }
      return null;
    }

    private Object[] nextOfTable() {
      while (step()) {
        Object[] row = spare == null ? emptyRow() : spare;
        boolean taken = fill(row, cursor.value(), cursor.key(), shard, false, x, counters);
        spare = taken ? null : row;
        if (taken) {
          return row;
        }
      }
      return null;
    }

    private void end() {
      if (!ended) {
        ended = true;
        x.scanned(table.descriptor().oid(), indexOid(), read);
        x.read(readBytes);
      }
    }

    @Override
    public void close() {
      end();
      if (cursor != null) {
        cursor.close();
        cursor = null;
      }
      for (; opened != null && nextShard < opened.size(); nextShard++) {
        opened.get(nextShard).close();
      }
    }
  }

  /// The index that is gone through, or null.
  public String indexName() {
    IndexDescriptor followed = followed();
    return followed == null ? null : followed.name();
  }

  /// Whether its rows are made of an index's entries.
  public boolean readsEntries() {
    return entries != null;
  }

  /// Whether it reads a key against its order.
  public boolean isBackward() {
    return backward;
  }

  /// The name that the query has for the table.
  public String alias() {
    return texts.alias() == null ? table.descriptor().name() : texts.alias();
  }

  @Override
  public String label() {
    String on = " on " + table.descriptor().name();
    if (texts.alias() != null && !texts.alias().equals(table.descriptor().name())) {
      on += " " + texts.alias();
    }
    IndexDescriptor followed = followed();
    return followed == null
        ? "Seq Scan" + on
        : (entries != null ? "Index Only Scan " : "Index Scan ")
            + (backward ? "Backward " : "")
            + "using "
            + followed.name()
            + on;
  }

  @Override
  public List<String> details() {
    List<String> lines = new ArrayList<>();
    if (texts.condition() != null) {
      lines.add("Index Cond: " + texts.condition());
    }
    if (texts.filter() != null) {
      lines.add("Filter: " + texts.filter());
    }
    if (runtimeFilters.length > 0) {
      List<String> columns = new ArrayList<>();
      for (int place : filteredPlaces) {
        columns.add(table.column(place).name());
      }
      lines.add("Runtime Filter: " + String.join(", ", columns));
    }
    return lines;
  }

  private int[] shardsOfList(Execution x) {
    TreeSet<Integer> all = new TreeSet<>();
    list.forEach(
        x,
        () -> {
          for (int shard : shards.shards(x)) {
            all.add(shard);
          }
        });
    return all.stream().mapToInt(Integer::intValue).toArray();
  }

  /// How many shards are asked of how many, for EXPLAIN; the numbers of the shards where they are
  /// known.
  public String shardText(Execution x) {
    int[] where;
    try {
      where = list == null ? shards.shards(x) : shardsOfList(x);
    } catch (RuntimeException unknown) {
      // A value that only exists while the plan runs, such as a column of an outer row.
      where = null;
    }
    if (where == null) {
      return "1 of " + shards.total();
    }
    List<String> numbers = new ArrayList<>();
    for (int number : where) {
      numbers.add(Integer.toString(number));
    }
    return where.length
        + " of "
        + shards.total()
        + (numbers.isEmpty() ? "" : " (" + String.join(", ", numbers) + ")");
  }
}
