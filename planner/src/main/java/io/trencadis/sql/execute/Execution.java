package io.trencadis.sql.execute;

import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.SharedReads;
import io.trencadis.sharding.SharedScan;
import io.trencadis.sharding.Transaction;
import io.trencadis.sql.functions.EvalContext;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.WouldBlockException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/// One run of a plan: what the plan's nodes and expressions read and change. Confined to the thread
/// of its session.
public final class Execution {
  /// What a scanned row costs beside its bytes, in bytes.
  private static final int ROW_BYTES = 100;

  private final Transaction transaction;
  private final Object[] slots;
  private final EvalContext cx;
  private final Interrupts interrupts;
  private final LongSupplier nanoClock;
  private final long workMemBytes;
  private final int writeMark;
  private final DeferredReferences deferred;
  private final long presentTimestamp;
  private final int depth;
  private boolean readsAtMark;
  private boolean guarded;
  private Set<ByteBuffer> changedRows;
  private Map<Object, Object> memory;
  private Map<PlanNode, NodeCounters> counters;
  private AccessCounts accesses;
  private Helpers helpers = Helpers.NONE;
  private Routines routines = Routines.NONE;
  private CursorRows cursors;
  private SpillSpace spill;
  private StatementReads reads;
  private Map<RuntimeFilter, RuntimeFilter.Numbers> filters;
  private long hashMemBytes;
  private long scansLeft = Long.MAX_VALUE;

  /// By scan, what was looked up for several rows; null for none.
  private Map<TableScanNode, Lookups> lookups;

  /// What workers read with, or a worker's own; null where they read by no key.
  private SharedReads shared;

  private Queue<Execution> workers;

  /// How a running statement learns that it should stop.
  @FunctionalInterface
  public interface Interrupts {
    /// Returns at once unless the statement was cancelled.
    ///
    /// @throws io.trencadis.base.SqlException the reason to stop, such as 57014
    void check();
  }

  /// @param slots values by slot; the array is changed while the plan runs
  /// @param workMemBytes what one sort or hash table may take before it has to give way
  /// @param deferred takes the checks that wait for the transaction's end; null makes them at once
  public Execution(
      Transaction transaction,
      Object[] slots,
      EvalContext cx,
      Interrupts interrupts,
      LongSupplier nanoClock,
      long workMemBytes,
      DeferredReferences deferred) {
    this(transaction, slots, cx, interrupts, nanoClock, workMemBytes, deferred, 0, 0, -1);
  }

  private Execution(
      Transaction transaction,
      Object[] slots,
      EvalContext cx,
      Interrupts interrupts,
      LongSupplier nanoClock,
      long workMemBytes,
      DeferredReferences deferred,
      long presentTimestamp,
      int depth,
      int mark) {
    this.transaction = transaction;
    this.slots = slots;
    this.cx = cx;
    this.interrupts = interrupts;
    this.nanoClock = nanoClock;
    this.workMemBytes = workMemBytes;
    this.deferred = deferred;
    this.presentTimestamp = presentTimestamp;
    this.depth = depth;
    this.writeMark = mark >= 0 ? mark : transaction == null ? 0 : transaction.writeMark();
  }

  /// A run of another plan for a function that this run calls.
  ///
  /// @param fresh whether it sees what this transaction has written up to now, or only what this
  ///   run itself sees of that
  public Execution within(Object[] otherSlots, boolean fresh) {
    Execution inner = inside(otherSlots, 0, 0, fresh ? -1 : writeMark);
    inner.guarded = !fresh;
    inner.cursors = cursors;
    return inner;
  }

  /// Single rows, too, are read as they were when the run began, once functions that it calls have
  /// written.
  public Execution guarded() {
    guarded = true;
    return this;
  }

  /// A run of another plan inside of this one, which sees what is there now, whatever the snapshot,
  /// and all writes of this transaction. For foreign keys, which lock what their answers depend on.
  Execution atPresent(Object[] otherSlots) {
    Execution inner = inside(otherSlots, transaction.freshTimestamp(), depth + 1, -1);
    inner.changedRows = changedRows;
    return inner;
  }

  private Execution inside(Object[] otherSlots, long timestamp, int itsDepth, int mark) {
    Execution inner =
        new Execution(
            transaction,
            otherSlots,
            cx,
            interrupts,
            nanoClock,
            workMemBytes,
            deferred,
            timestamp,
            itsDepth,
            mark);
    inner.accesses = accesses;
    inner.routines = routines;
    inner.spill = spill;
    inner.reads = reads;
    return inner;
  }

  /// A run of the same plan's expressions on another thread, which reads what it is given and asks
  /// nothing of the transaction.
  ///
  /// @param stop how it learns that it should
  Execution worker(Interrupts stop) {
    Execution worker =
        new Execution(
            null,
            slots.clone(),
            cx,
            stop,
            nanoClock,
            workMemBytes,
            null,
            presentTimestamp,
            depth,
            0);
    worker.hashMemBytes = hashMemBytes();
    worker.filters = filters;
    if (shared != null) {
      worker.shared = shared.fork();
      worker.accesses = accesses == null ? null : new WorkerAccesses();
      worker.reads = reads == null ? null : new StatementReads();
      workers.add(worker);
    }
    return worker;
  }

  /// Lets workers read by key in some shards, until [#endSharedReads].
  ///
  /// @return false where they cannot
  boolean shareReads(int[] shards) {
    if (!sharesScans()) {
      return false;
    }
    SharedReads all = shared == null ? transaction.shareReads() : shared;
    if (all == null || !Arrays.stream(shards).allMatch(all::covers)) {
      return false;
    }
    shared = all;
    workers = workers == null ? new ConcurrentLinkedQueue<>() : workers;
    return true;
  }

  /// Takes over what the workers have read.
  void endSharedReads() {
    if (workers == null) {
      return;
    }
    for (Execution worker = workers.poll(); worker != null; worker = workers.poll()) {
      transaction.endSharedReads(worker.shared);
      if (worker.reads != null) {
        reads.add(worker.reads);
      }
      if (worker.accesses instanceof WorkerAccesses own) {
        own.tell(accesses);
      }
    }
    shared = null;
  }

  /// Says who is told which shards are asked; until then nobody is.
  public Execution reading(StatementReads by) {
    reads = by;
    return this;
  }

  void touched(int shard) {
    if (reads != null) {
      reads.touched(shard);
    }
  }

  /// @param bytes of a row or of several
  void read(long bytes) {
    if (reads != null) {
      reads.read(bytes);
    }
  }

  /// Lets the run scan so much and no more, in bytes of rows: where it wants more, the thread is
  /// not one for it, and it has to begin again on another.
  public Execution scanningAtMost(long bytes) {
    scansLeft = bytes;
    return this;
  }

  /// Counts a scanned row against what the run may scan.
  ///
  /// @throws WouldBlockException if that was too much
  void charge(int bytes) {
    scansLeft -= bytes + ROW_BYTES;
    if (scansLeft < 0) {
      throw WouldBlockException.INSTANCE;
    }
  }

  /// Says where to put what does not fit into memory; until then all of it stays there.
  public Execution spilling(SpillSpace to) {
    spill = to;
    return this;
  }

  /// Says what a filter lets through; null for everything.
  void filter(RuntimeFilter filter, RuntimeFilter.Numbers numbers) {
    if (filters == null) {
      filters = new IdentityHashMap<>();
    }
    filters.put(filter, numbers);
  }

  /// Null for everything.
  RuntimeFilter.Numbers filtered(RuntimeFilter filter) {
    return filters == null ? null : filters.get(filter);
  }

  /// What a scan has looked up for several rows; nothing until somebody asks.
  Lookups lookups(TableScanNode scan) {
    if (lookups == null) {
      lookups = new IdentityHashMap<>();
    }
    return lookups.computeIfAbsent(scan, _ -> new Lookups(scan, Integer.MAX_VALUE, this));
  }

  /// The rows of a scan where they were looked up ahead, else null.
  RowSource lookedUp(TableScanNode scan) {
    Lookups known = lookups == null ? null : lookups.get(scan);
    return known == null ? null : known.rows();
  }

  /// Where temporary files are made, or null where nothing may be put aside.
  SpillSpace spill() {
    return spill;
  }

  /// Says who may help with reading; until then nobody does.
  public Execution helped(Helpers by) {
    helpers = by;
    return this;
  }

  /// Says who runs the functions of users; until then nobody does.
  public Execution calling(Routines by) {
    routines = by;
    return this;
  }

  public Routines routines() {
    return routines;
  }

  /// Says where cursors stand; until then there are none.
  public Execution cursors(CursorRows rows) {
    cursors = rows;
    return this;
  }

  public CursorRows cursors() {
    return cursors;
  }

  Helpers helpers() {
    return helpers;
  }

  /// Whether rows are read as they were at the transaction's snapshot.
  boolean readsSnapshot() {
    return transaction != null && presentTimestamp == 0;
  }

  /// Whether rows can be read in parts: as they were when the statement began, and uncounted.
  boolean sharesScans() {
    return helpers != Helpers.NONE && presentTimestamp == 0 && counters == null && !readsAtMark;
  }

  /// Says who is told of scans and changes; until then nobody is.
  public Execution counted(AccessCounts by) {
    accesses = by;
    return this;
  }

  void scanned(int tableOid, int indexOid, long rows) {
    if (accesses != null) {
      accesses.scanned(tableOid, indexOid, rows);
    }
  }

  void changed(int tableOid, long[] rows) {
    if (accesses != null) {
      accesses.changed(tableOid, rows[0], rows[1], rows[2]);
    }
  }

  /// How many runs this one is inside of.
  int depth() {
    return depth;
  }

  DeferredReferences deferred() {
    return deferred;
  }

  /// From now on single rows, too, are read as they were when the run began: several changes run
  /// side by side in it.
  void readAtMark() {
    readsAtMark = true;
    if (changedRows == null) {
      changedRows = new HashSet<>();
    }
  }

  /// Notes that a row is about to be changed.
  ///
  /// @return false where another change of this run has changed it already: what was read of it is
  ///   not what is there any more, and as in PostgreSQL the first change stands
  boolean firstChange(byte[] key) {
    boolean first = changedRows == null || changedRows.add(ByteBuffer.wrap(key));
    // A foreign key's action reads what is there.
    return first || depth > 0;
  }

  /// A row as this run sees it, or null.
  byte[] get(int shard, RelationRef relation, byte[] key) {
    if (transaction == null) {
      byte[] row = shared.get(shard, relation, key);
      if (shared.inDoubt()) {
        throw Parts.InDoubtException.INSTANCE;
      }
      return row;
    }
    if (readsAtMark || guarded && transaction.writeMark() != writeMark) {
      try (RowCursor one = scan(shard, relation, key, Keys.successor(key))) {
        return one.next() ? one.value() : null;
      }
    }
    return presentTimestamp == 0
        ? transaction.get(shard, relation, key)
        : transaction.getAt(shard, relation, key, presentTimestamp);
  }

  /// What [#get] gives for each of several keys of a shard; best in order.
  void get(int shard, RelationRef relation, byte[][] keys, int count, byte[][] rows) {
    if (transaction == null) {
      shared.get(shard, relation, keys, count, rows);
      if (shared.inDoubt()) {
        throw Parts.InDoubtException.INSTANCE;
      }
    } else if (readsAtMark || guarded || presentTimestamp != 0) {
      for (int i = 0; i < count; i++) {
        rows[i] = get(shard, relation, keys[i]);
      }
    } else {
      transaction.get(shard, relation, keys, count, rows);
    }
  }

  /// Reads keys of different shards at once where that saves time.
  ///
  /// @see Transaction#lookUp
  List<RowBlock[]> lookUpKeys(RelationRef relation, List<Transaction.Lookup> lookups) {
    return transaction == null || readsAtMark || guarded || presentTimestamp != 0
        ? null
        : transaction.lookUp(relation, lookups, 1, Integer.MAX_VALUE);
  }

  /// Whether [#lookUpRanges] saves time.
  boolean looksUpTogether() {
    return readsSnapshot() && transaction.looksUpTogether();
  }

  /// Reads short ranges of different shards at once where that saves time.
  ///
  /// @see Transaction#lookUp
  List<RowBlock[]> lookUpRanges(
      RelationRef relation, List<Transaction.Lookup> lookups, int mostEach) {
    return readsSnapshot() ? transaction.lookUp(relation, lookups, mostEach, writeMark) : null;
  }

  /// Rows as this run sees them.
  RowCursor scan(int shard, RelationRef relation, byte[] from, byte[] to) {
    return scan(shard, relation, from, to, false);
  }

  /// @param backward against the order of the keys; only in a run of its own statement
  RowCursor scan(int shard, RelationRef relation, byte[] from, byte[] to, boolean backward) {
    if (transaction == null) {
      SharedScan scan = shared.scan(shard, relation, from, to);
      if (scan == null) {
        throw Parts.InDoubtException.INSTANCE;
      }
      return new SharedCursor(scan);
    }
    return presentTimestamp == 0
        ? transaction.scan(shard, relation, from, to, backward, writeMark)
        : transaction.scanAt(shard, relation, from, to, presentTimestamp);
  }

  public Transaction transaction() {
    return transaction;
  }

  public Object slot(int index) {
    return slots[index];
  }

  public void setSlot(int index, Object value) {
    slots[index] = value;
  }

  public EvalContext cx() {
    return cx;
  }

  /// To be called every so often in loops that may be long.
  public void checkInterrupts() {
    interrupts.check();
  }

  public long workMemBytes() {
    return workMemBytes;
  }

  /// What one hash table may take, in bytes.
  long hashMemBytes() {
    if (hashMemBytes == 0) {
      hashMemBytes = (long) (workMemBytes * (spill == null ? 1 : spill.hashMultiplier()));
    }
    return hashMemBytes;
  }

  /// The point in the transaction's writes that this statement's scans show: its own later writes
  /// stay invisible to it, as PostgreSQL's command ids see to.
  public int writeMark() {
    return writeMark;
  }

  /// Nanoseconds of a clock that only goes forward, for measuring.
  long nanoTime() {
    return nanoClock.getAsLong();
  }

  /// Something that one node or expression keeps for the length of the run, such as the hash table
  /// of an uncorrelated sub-select.
  public Map<Object, Object> memory() {
    if (memory == null) {
      memory = new IdentityHashMap<>();
    }
    return memory;
  }

  /// Starts counting rows and time for EXPLAIN ANALYZE.
  public void countNodes() {
    counters = new IdentityHashMap<>();
  }

  /// The node's counters, or null where nothing is being counted.
  public NodeCounters counters(PlanNode node) {
    return counters == null ? null : counters.computeIfAbsent(node, _ -> new NodeCounters());
  }
}
