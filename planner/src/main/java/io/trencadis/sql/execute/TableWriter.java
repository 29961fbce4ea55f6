package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Transaction;
import io.trencadis.sql.catalog.ErrorFields;
import io.trencadis.sql.catalog.IndexDescriptor;
import io.trencadis.sql.catalog.KeyPart;
import io.trencadis.sql.types.Identifiers;
import io.trencadis.sql.types.TypeCodec;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import io.trencadis.storage.encoding.KeyWriter;
import io.trencadis.storage.encoding.RowWriter;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.MutationResult;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.StatementRestartException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Writes rows of one stored table with their index entries, and finds what they violate. Writes
/// are gathered by shard and sent together; [#flush] sends the rest. Confined to one thread.
public final class TableWriter {
  private static final int BATCH = 256;

  private final StoredTable table;
  private final Transaction transaction;
  private final TypeContext cx;
  private final RowIds rowIds;
  private final boolean exclusive;
  private final Map<Integer, IndexEvals> evals;
  private final Execution x;
  private final Map<Target, Pending> pending = new LinkedHashMap<>();
  private final RowWriter rowBytes = new RowWriter();
  private final KeyWriter keyBytes = new KeyWriter();

  /// By shard what is pending of the table itself: the same as in `pending`.
  private final Map<Integer, Pending> ofRows = new HashMap<>();

  private final List<RowCheck> uniqueChecks = new ArrayList<>();
  private int gathered;

  /// Writes the same where the rows are on their way to; null if they stay.
  private final TableWriter mirror;

  /// Shards that have copies of all rows.
  private final int[] copies;

  /// Whose writes this one's are sent with, and whose locks and checks are this one's, too; null
  /// for a writer of its own.
  private final TableWriter original;

  private record Target(int shard, RelationRef relation) {}

  /// Operations on their way to one relation at one shard, and what each violates if it is not
  /// applied.
  private static final class Pending {
    final List<Mutation> ops = new ArrayList<>();
    final List<Conflict> conflicts = new ArrayList<>();
  }

  private record Conflict(IndexDescriptor index, Object[] row) {}

  /// Hands out hidden row ids. Thread-safe.
  @FunctionalInterface
  public interface RowIds {
    /// A number that no row of any table has had.
    long next();
  }

  /// @param exclusive whether nobody else can write to the table before the transaction ends: no
  ///   row is locked
  /// @param evals what its expression and partial indexes compute, by oid
  public TableWriter(
      StoredTable table,
      Execution x,
      RowIds rowIds,
      boolean exclusive,
      Map<Integer, IndexEvals> evals) {
    this(table, x, rowIds, exclusive, evals, null);
  }

  private TableWriter(
      StoredTable table,
      Execution x,
      RowIds rowIds,
      boolean exclusive,
      Map<Integer, IndexEvals> evals,
      TableWriter original) {
    this.original = original;
    this.table = table;
    this.transaction = x.transaction();
    this.cx = x.cx();
    this.x = x;
    this.evals = evals;
    this.rowIds = rowIds;
    this.exclusive = exclusive;
    this.copies = table.placement().copies();
    this.mirror =
        table.destination() == null
            ? null
            : new TableWriter(table.destination(), x, rowIds, exclusive, evals, this);
  }

  /// Whether an index has an entry for a row.
  private boolean covers(StoredIndex index, Object[] row) {
    IndexEvals computed = evals.get(index.descriptor().oid());
    return computed == null || computed.covers(row, x);
  }

  /// The row with what an index computes from it.
  private Object[] keyRow(StoredIndex index, Object[] row) {
    IndexEvals computed = evals.get(index.descriptor().oid());
    return computed == null ? row : computed.extended(row, table.width(), x);
  }

  /// Adds a row whose constraints other than uniqueness were checked.
  ///
  /// @throws SqlException 23505, perhaps only from a later call
  ///
  /// @return the key of the stored row
  public byte[] insert(Object[] row) {
    return insert(row, table.encode(row, rowBytes));
  }

  /// The same of a row that is encoded already.
  ///
  /// @param row at least what decides its place and its entries in indexes: see [#needed]
  public byte[] insert(Object[] row, byte[] value) {
    long rowId = table.key() == null || table.partitionColumns().width() == 0 ? rowIds.next() : 0;
    byte[] partition = table.partitionBytes(row, rowId, keyBytes);
    byte[] key = table.keyOf(row, rowId, keyBytes);
    requireKeySize(key);
    int shard = table.placement().shardOf(partition);
    if (table.key() == null) {
      add(ofRows(shard), new Mutation.Put(key, value, true), null);
    } else {
      add(ofRows(shard), new Mutation.Insert(key, value, exclusive), conflict(primary(), row));
    }
    copy(key, value);
    for (StoredIndex index : table.indexes()) {
      insertEntry(index, row, key, partition);
    }
    if (mirror != null) {
      mirror.place(key, row, value, partition);
    }
    flushIfFull();
    return key;
  }

  /// Writes a row's copies, which its lock covers.
  ///
  /// @param value null where the row goes
  private void copy(byte[] key, byte[] value) {
    for (int shard : copies) {
      add(
          shard,
          table.relation(),
          value == null ? new Mutation.Delete(key, true) : new Mutation.Put(key, value, true),
          null);
    }
  }

  /// Writes a row as it is in the original.
  private void place(byte[] originalKey, Object[] row, byte[] value, byte[] partition) {
    byte[] key = table.keyLike(originalKey);
    add(
        table.placement().shardOf(partition),
        table.relation(),
        new Mutation.Put(key, value, true),
        null);
    copy(key, value);
    for (StoredIndex index : table.indexes()) {
      insertEntry(index, row, key, partition);
    }
  }

  /// Writes a row of the table where it is on its way to. The row must be locked against changes.
  ///
  /// @param value the row's bytes
  public void relocate(byte[] rowKey, byte[] value) {
    Object[] row = table.decode(value);
    mirror.place(rowKey, row, value, partitionOf(rowKey, row));
    flushIfFull();
  }

  /// The row that is there under a key of this one, or null. Where there is none, the keys are
  /// locked, so that none can come before this transaction ends. Nothing may be waiting to be sent.
  ///
  /// A key is first read at the snapshot and only locked where it is free: rows that stay as they
  /// are stand in nobody's way. A row that came after the snapshot makes the statement begin again.
  ///
  /// @param lock what to lock the row with that is there, or null
  RowLocator conflicting(Object[] row, ConflictRule.Arbiters arbiters, RowLock lock) {
    byte[] partition = table.partitionBytes(row, 0);
    if (arbiters.primary()) {
      byte[] key = table.keyOf(row, 0);
      requireKeySize(key);
      int shard = table.placement().shardOf(partition);
      byte[] found =
          lock == null
              ? transaction.get(shard, table.relation(), key)
              : transaction.lockAndGet(shard, table.relation(), key, lock, LockWait.WAIT);
      if (found == null && lock == null) {
        found = transaction.lockAndGet(shard, table.relation(), key, RowLock.UPDATE, LockWait.WAIT);
      }
      if (found != null) {
        return new RowLocator(table, shard, key, found, lock != null);
      }
    }
    for (StoredIndex index : arbiters.others()) {
      if (!covers(index, row)) {
        continue;
      }
      if (index.descriptor().deferrable()) {
        throw ErrorFields.about(
            table.descriptor(),
            index.descriptor().name(),
            new SqlException(
                SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                "ON CONFLICT does not support deferrable unique constraints/exclusion constraints"
                    + " as arbiters"));
      }
      Object[] keyRow = keyRow(index, row);
      if (!index.enforcesUniqueness(keyRow)) {
        continue;
      }
      byte[] key = index.entryKey(keyRow, null);
      int shard = index.shardOf(keyRow, partition);
      byte[] entry = transaction.get(shard, index.relation(), key);
      if (entry == null) {
        entry = transaction.lockAndGet(shard, index.relation(), key, RowLock.UPDATE, LockWait.WAIT);
      }
      if (entry != null) {
        return rowOf(index, entry, lock);
      }
    }
    return null;
  }

  private RowLocator rowOf(StoredIndex index, byte[] entry, RowLock lock) {
    byte[] key = StoredIndex.rowKey(entry);
    int shard = index.rowShard(entry);
    byte[] found =
        lock == null
            ? transaction.get(shard, table.relation(), key)
            : transaction.lockAndGet(shard, table.relation(), key, lock, LockWait.WAIT);
    if (found == null) {
      // An entry and its row are written together: the snapshot has moved between the two reads.
      throw new StatementRestartException();
    }
    return new RowLocator(table, shard, key, found, lock != null);
  }

  private IndexDescriptor primary() {
    return table.descriptor().primaryKey();
  }

  private void requireKeySize(byte[] key) {
    if (key.length > StoredIndex.MAX_KEY_BYTES && table.key() != null) {
      throw new SqlException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "index row size "
              + key.length
              + " exceeds btree version 4 maximum "
              + StoredIndex.MAX_KEY_BYTES
              + " for index \""
              + primary().name()
              + "\"");
    }
  }

  private static Conflict conflict(IndexDescriptor index, Object[] row) {
    return new Conflict(index, row);
  }

  private void insertEntry(StoredIndex index, Object[] whole, byte[] rowKey, byte[] partition) {
    if (!covers(index, whole)) {
      return;
    }
    Object[] row = keyRow(index, whole);
    if (index.inverted()) {
      byte[] value = StoredIndex.entryValue(partition, rowKey);
      for (byte[] key : index.entryKeys(row, rowKey)) {
        add(
            index.shardOf(row, partition),
            index.relation(),
            new Mutation.Put(key, value, true),
            null);
      }
      return;
    }
    byte[] entryKey = index.entryKey(row, rowKey);
    byte[] entryValue = StoredIndex.entryValue(partition, rowKey);
    int shard = index.shardOf(row, partition);
    if (original == null && index.enforcesUniqueness(row)) {
      add(
          shard,
          index.relation(),
          new Mutation.Insert(entryKey, entryValue, exclusive),
          conflict(index.descriptor(), row));
    } else {
      // The lock on the row covers its entries here: nobody else writes an entry of this row. What
      // is written in another place, too, is locked and checked in the first.
      add(shard, index.relation(), new Mutation.Put(entryKey, entryValue, true), null);
      if (original != null) {
        return;
      }
      if (index.keepsUnique(row)) {
        uniqueChecks.add(
            new UniqueCheck(
                index,
                shard,
                index.key().keyOf(row),
                violation(conflict(index.descriptor(), row))));
      }
      if (index.descriptor().exclusion() && !index.key().hasNull(row)) {
        exclude(index, shard, row, rowKey);
      }
    }
  }

  private void exclude(StoredIndex index, int shard, Object[] row, byte[] rowKey) {
    RowCheck check =
        new ExclusionCheck(
            table,
            index,
            shard,
            row,
            rowKey,
            evals.get(index.descriptor().oid()).conflict(),
            other -> exclusionViolation(index, row, other));
    if (index.descriptor().deferrable()) {
      uniqueChecks.add(check);
    } else {
      flush();
      check.run(x);
    }
  }

  private SqlException exclusionViolation(StoredIndex index, Object[] row, Object[] other) {
    return ErrorFields.about(
        table.descriptor(),
        index.descriptor().name(),
        new SqlException(
                SqlState.EXCLUSION_VIOLATION,
                "conflicting key value violates exclusion constraint \""
                    + index.descriptor().name()
                    + "\"")
            .detail(
                "Key "
                    + described(index.descriptor(), row)
                    + " conflicts with existing key "
                    + described(index.descriptor(), other)
                    + "."));
  }

  /// Adds a row's entry to one index, for a build over rows that are there.
  public void insertEntryOf(StoredIndex index, Object[] row, byte[] rowKey) {
    insertEntry(index, row, rowKey, partitionOf(rowKey, row));
    flushIfFull();
  }

  /// Adds the entry of a row, unless it is there, for a build beside running writes. The row must
  /// be locked against changes.
  ///
  /// @throws SqlException 23505 where another row has its place in a unique index
  public void addEntryOf(StoredIndex index, Object[] whole, byte[] rowKey) {
    if (!covers(index, whole)) {
      return;
    }
    Object[] row = keyRow(index, whole);
    if (index.inverted() || !index.enforcesUniqueness(row)) {
      insertEntryOf(index, whole, rowKey);
      return;
    }
    byte[] partition = partitionOf(rowKey, whole);
    byte[] entryKey = index.entryKey(row, rowKey);
    int shard = index.shardOf(row, partition);
    byte[] there =
        transaction.lockAndGetNewest(
            shard, index.relation(), entryKey, RowLock.UPDATE, LockWait.WAIT);
    if (there == null) {
      add(
          shard,
          index.relation(),
          new Mutation.Put(entryKey, StoredIndex.entryValue(partition, rowKey), true),
          null);
      flush();
    } else if (!Arrays.equals(StoredIndex.rowKey(there), rowKey)) {
      throw violation(conflict(index.descriptor(), row));
    }
  }

  private void deleteEntry(StoredIndex index, Object[] whole, byte[] rowKey, byte[] partition) {
    if (!covers(index, whole)) {
      return;
    }
    Object[] row = keyRow(index, whole);
    if (index.inverted()) {
      for (byte[] key : index.entryKeys(row, rowKey)) {
        add(index.shardOf(row, partition), index.relation(), new Mutation.Delete(key, true), null);
      }
      return;
    }
    add(
        index.shardOf(row, partition),
        index.relation(),
        new Mutation.Delete(
            index.entryKey(row, rowKey),
            exclusive || original != null || !index.enforcesUniqueness(row)),
        null);
  }

  /// Replaces a row by a new version of itself in the same table. The row must be locked.
  ///
  /// @param before all columns of the old version
  public void update(RowLocator old, Object[] before, Object[] after) {
    boolean keyStays = table.key() == null || same(table.key().columns(), before, after);
    boolean partitionStays = same(table.partitionColumns().places(), before, after);
    if (!keyStays || !partitionStays) {
      delete(old, before);
      // Sent before the new version, which may take the key of a row that went before it.
      insert(after);
      flush();
      return;
    }
    byte[] partition = partitionOf(old.key(), before);
    byte[] value = table.encode(after);
    replace(old.shard(), old.key(), partition, value, before, after);
    if (mirror != null) {
      mirror.replace(
          mirror.table.placement().shardOf(partition),
          mirror.table.keyLike(old.key()),
          partition,
          value,
          before,
          after);
    }
    flushIfFull();
  }

  /// Writes another version of a row, whose key and place stay.
  private void replace(
      int shard, byte[] key, byte[] partition, byte[] value, Object[] before, Object[] after) {
    add(shard, table.relation(), new Mutation.Put(key, value, true), null);
    copy(key, value);
    for (StoredIndex index : table.indexes()) {
      if (sameKey(index, before, after) && same(index.partitionColumns().places(), before, after)) {
        continue;
      }
      if (index.inverted()) {
        updateTerms(index, key, partition, before, after);
        continue;
      }
      deleteEntry(index, before, key, partition);
      insertEntry(index, after, key, partition);
    }
  }

  /// Writes what differs between the terms of two versions of a row, whose entries are in its
  /// shard.
  private void updateTerms(
      StoredIndex index, byte[] rowKey, byte[] partition, Object[] before, Object[] after) {
    Map<ByteBuffer, byte[]> old = new LinkedHashMap<>();
    if (covers(index, before)) {
      for (byte[] key : index.entryKeys(keyRow(index, before), rowKey)) {
        old.put(ByteBuffer.wrap(key), key);
      }
    }
    int shard = index.shardOf(after, partition);
    if (covers(index, after)) {
      byte[] value = StoredIndex.entryValue(partition, rowKey);
      for (byte[] key : index.entryKeys(keyRow(index, after), rowKey)) {
        if (old.remove(ByteBuffer.wrap(key)) == null) {
          add(shard, index.relation(), new Mutation.Put(key, value, true), null);
        }
      }
    }
    for (byte[] gone : old.values()) {
      add(shard, index.relation(), new Mutation.Delete(gone, true), null);
    }
  }

  /// Removes a row. The row must be locked.
  public void delete(RowLocator old, Object[] before) {
    byte[] partition = partitionOf(old.key(), before);
    remove(old.shard(), old.key(), partition, before);
    if (mirror != null) {
      int shard = mirror.table.placement().shardOf(partition);
      mirror.remove(shard, mirror.table.keyLike(old.key()), partition, before);
    }
    flushIfFull();
  }

  private void remove(int shard, byte[] key, byte[] partition, Object[] before) {
    add(shard, table.relation(), new Mutation.Delete(key, true), null);
    copy(key, null);
    for (StoredIndex index : table.indexes()) {
      deleteEntry(index, before, key, partition);
    }
  }

  private byte[] partitionOf(byte[] rowKey, Object[] row) {
    if (table.partitionColumns().width() > 0) {
      return table.partitionColumns().bytesOf(row);
    }
    // Keyed and placed by the row id, which follows the relation id in the key.
    return Arrays.copyOfRange(rowKey, 4, rowKey.length);
  }

  /// Whether an index has the same of two versions of a row.
  private boolean sameKey(StoredIndex index, Object[] before, Object[] after) {
    if (index.descriptor().isPlain()) {
      return same(index.key().columns(), before, after);
    }
    boolean covered = covers(index, before);
    if (covered != covers(index, after)) {
      return false;
    }
    if (!covered) {
      return true;
    }
    Object[] old = keyRow(index, before);
    Object[] now = keyRow(index, after);
    for (int part = 0; part < index.key().width(); part++) {
      int place = index.key().columns()[part];
      if (!same(index.key().codec(part), old[place], now[place])) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(TypeCodec codec, Object a, Object b) {
    return a == null || b == null ? a == b : codec.equal(a, b);
  }

  private boolean same(int[] places, Object[] before, Object[] after) {
    for (int place : places) {
      if (!same(table.codec(place), before[place], after[place])) {
        return false;
      }
    }
    return true;
  }

  /// The lock that changing a row needs before it is done.
  public RowLock lockFor(Object[] before, Object[] after) {
    boolean keyStays = table.key() == null || same(table.key().columns(), before, after);
    for (StoredIndex index : table.indexes()) {
      keyStays &= !index.descriptor().unique() || sameKey(index, before, after);
    }
    return keyStays ? RowLock.NO_KEY_UPDATE : RowLock.UPDATE;
  }

  /// The places of the columns that [#insert(Object[], byte[])] looks at; null for all of them.
  public int[] needed() {
    BitSet places = new BitSet();
    for (int place : table.partitionColumns().places()) {
      places.set(place);
    }
    if (table.key() != null) {
      IntStream.of(table.key().columns()).forEach(places::set);
    }
    for (StoredIndex index : table.indexes()) {
      if (!index.descriptor().isPlain()) {
        return null;
      }
      IntStream.of(index.key().columns()).forEach(places::set);
      IntStream.of(index.partitionColumns().places()).forEach(places::set);
    }
    return places.stream().toArray();
  }

  private Pending ofRows(int shard) {
    Pending batch = ofRows.get(shard);
    if (batch == null) {
      batch = pending(shard, table.relation());
      ofRows.put(shard, batch);
    }
    return batch;
  }

  private Pending pending(int shard, RelationRef relation) {
    return pending.computeIfAbsent(new Target(shard, relation), _ -> new Pending());
  }

  private void add(int shard, RelationRef relation, Mutation op, Conflict conflict) {
    if (original != null) {
      original.add(shard, relation, op, conflict);
      return;
    }
    add(pending(shard, relation), op, conflict);
  }

  private void add(Pending batch, Mutation op, Conflict conflict) {
    batch.ops.add(op);
    batch.conflicts.add(conflict);
    gathered++;
  }

  private void flushIfFull() {
    if (gathered >= BATCH) {
      flush();
    }
  }

  /// Sends what was gathered.
  ///
  /// @throws SqlException 23505 for the first row that is there already
  public void flush() {
    if (pending.isEmpty()) {
      return;
    }
    List<Transaction.Writes> writes = new ArrayList<>(pending.size());
    pending.forEach(
        (target, batch) -> {
          x.touched(target.shard);
          writes.add(new Transaction.Writes(target.shard, target.relation, batch.ops));
        });
    Iterator<List<MutationResult>> results = transaction.mutateAll(writes).iterator();
    for (Pending batch : pending.values()) {
      List<Conflict> conflicts = batch.conflicts;
      List<MutationResult> outcomes = results.next();
      for (int i = 0; i < outcomes.size(); i++) {
        if (!outcomes.get(i).applied()) {
          throw violation(conflicts.get(i));
        }
      }
    }
    pending.clear();
    ofRows.clear();
    gathered = 0;
  }

  /// What has to be checked of the rows written since the last call, now that they were sent:
  /// deferrable unique and exclusion constraints.
  List<RowCheck> takeUniqueChecks() {
    List<RowCheck> taken = List.copyOf(uniqueChecks);
    uniqueChecks.clear();
    return taken;
  }

  /// Sends what was gathered and makes all checks that could wait for the statement's end.
  ///
  /// @throws SqlException 23505
  public void finish() {
    flush();
    takeUniqueChecks().forEach(check -> check.run(x));
  }

  private SqlException violation(Conflict conflict) {
    return ErrorFields.about(
        table.descriptor(),
        conflict.index.name(),
        new SqlException(
                SqlState.UNIQUE_VIOLATION,
                "duplicate key value violates unique constraint \"" + conflict.index.name() + "\"")
            .detail("Key " + described(conflict.index, conflict.row) + " already exists."));
  }

  /// The names of an index's columns and a row's values, as in `(id)=(5)`.
  private String described(IndexDescriptor index, Object[] row) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    int expressions = 0;
    for (KeyPart part : index.parts()) {
      TypeCodec codec;
      Object value;
      if (part.expression() != null) {
        names.add(part.expression().text());
        codec = Types.byOid(part.expression().typeOid()).codec(part.expression().collation());
        value = row[table.width() + expressions++];
      } else {
        int place = table.place(part.column());
        names.add(Identifiers.quote(table.column(place).name()));
        codec = table.codec(place);
        value = row[place];
      }
      values.add(value == null ? "null" : codec.format(value, cx));
    }
    return "(" + String.join(", ", names) + ")=(" + String.join(", ", values) + ")";
  }
}
