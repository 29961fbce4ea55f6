package io.trencadis.sql.execute;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sql.catalog.ErrorFields;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The table that a statement writes to, as the statement names it: one stored table, which others
/// may inherit from, or a partitioned table over several. Immutable and thread-safe; [Session] is
/// one statement's writing.
public final class WriteTarget {
  private final String name;
  private final List<Leaf> leaves;
  private final PartitionRouter router;
  private final TableWriter.RowIds rowIds;
  private final boolean exclusive;
  private final RowStatistics statistics;
  private final Eval[] generated;
  private final RowTriggers statementTriggers;

  /// A stored table, and where each of its columns is in a row of the named table.
  ///
  /// @param places by column of the leaf: its place in a row of the named table; -1 for a column
  ///   that the named table, from which this one inherits, has not
  /// @param rootWidth how many columns the named table has
  /// @param keys the foreign keys that its rows concern
  /// @param evals what its expression and partial indexes compute, by oid
  /// @param generated what its own generated columns are computed from, by place, where the named
  ///   table's are not enough; else null
  /// @param triggers that fire for its rows; null for none
  public record Leaf(
      StoredTable table,
      RowConstraints constraints,
      int[] places,
      int rootWidth,
      ForeignKeys keys,
      Map<Integer, IndexEvals> evals,
      Eval[] generated,
      RowTriggers triggers) {
    boolean sameShape() {
      if (places.length != rootWidth) {
        return false;
      }
      for (int i = 0; i < places.length; i++) {
        if (places[i] != i) {
          return false;
        }
      }
      return true;
    }

    /// A row of the named table, out of one of this leaf.
    Object[] fromLeaf(Object[] row) {
      if (sameShape()) {
        return row;
      }
      Object[] out = new Object[rootWidth];
      for (int i = 0; i < places.length; i++) {
        if (places[i] >= 0) {
          out[places[i]] = row[i];
        }
      }
      return out;
    }

    Object[] toLeaf(Object[] row) {
      if (sameShape() && row.length == places.length) {
        return row;
      }
      Object[] out = new Object[places.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = row[places[i]];
      }
      return out;
    }

    /// A row of this leaf as a row of the named table changes it.
    Object[] changed(Object[] before, Object[] row, Execution x) {
      if (generated == null && places.length == rootWidth) {
        return toLeaf(row);
      }
      Object[] out = before.clone();
      for (int i = 0; i < out.length; i++) {
        if (places[i] >= 0) {
          out[i] = row[places[i]];
        }
      }
      for (int i = 0; generated != null && i < generated.length; i++) {
        if (generated[i] != null) {
          out[i] = generated[i].eval(out, x);
        }
      }
      return out;
    }
  }

  /// Told how many rows tables gain and lose, so that plans know their sizes. Thread-safe.
  @FunctionalInterface
  public interface RowStatistics {
    void changed(int tableOid, long rows);
  }

  /// @param leaves where there is no router: new rows go to the first
  /// @param router which leaf a row of a partitioned table belongs to; else null
  /// @param exclusive whether nobody else can write to the table before the transaction ends
  /// @param generated what columns are computed from, by place, null for plain ones; null for none
  /// @param statementTriggers that fire once for a statement; null for none
  public WriteTarget(
      String name,
      List<Leaf> leaves,
      PartitionRouter router,
      TableWriter.RowIds rowIds,
      boolean exclusive,
      RowStatistics statistics,
      Eval[] generated,
      RowTriggers statementTriggers) {
    this.generated = generated;
    this.statementTriggers = statementTriggers;
    this.name = name;
    this.leaves = List.copyOf(leaves);
    this.router = router;
    this.rowIds = rowIds;
    this.exclusive = exclusive;
    this.statistics = statistics;
  }

  public String name() {
    return name;
  }

  /// Whether a change fires triggers.
  boolean hasTriggers() {
    return statementTriggers != null || leaves.stream().anyMatch(leaf -> leaf.triggers != null);
  }

  /// A row of the named table's columns.
  Object[] rowOf(RowLocator locator) {
    Object[] stored = locator.table().decode(locator.row());
    for (Leaf leaf : leaves) {
      if (leaf.table.descriptor().oid() == locator.table().descriptor().oid()) {
        return leaf.fromLeaf(stored);
      }
    }
    throw SqlException.internal("row of an unknown partition of " + name);
  }

  /// Writes for one statement.
  Session open(Execution x) {
    return new Session(x);
  }

  /// Writes rows that come from outside of a plan.
  public Rows writer(Execution x) {
    Session session = open(x);
    session.begin("I");
    return new Rows() {
      @Override
      public void insert(Object[] row) {
        session.insert(session.complete(row));
      }

      @Override
      public void finish() {
        session.finish();
      }
    };
  }

  /// Takes rows of the named table's columns. Confined to one thread.
  public interface Rows {
    /// @throws SqlException for what the row violates, perhaps only from a later call
    void insert(Object[] row);

    /// Sends what was gathered.
    void finish();
  }

  final class Session {
    private final Execution x;
    private final ReferenceQueue references;
    private final Map<StoredTable, TableWriter> writers = new IdentityHashMap<>();
    // By table: rows inserted, updated, deleted.
    private final Map<StoredTable, long[]> changes = new IdentityHashMap<>();

    // What was used last: one row after another goes to the same table.
    private StoredTable writerTable;
    private TableWriter lastWriter;
    private StoredTable countedTable;
    private long[] lastCounts;

    /// Keys of rows that this statement has inserted or updated, where it may meet them again.
    private final Set<ByteBuffer> affected = new HashSet<>();

    // Operations that the statement may do, as its triggers know them.
    private String operations = "";
    private List<Runnable> afterRows = List.of();
    private final Map<Character, TransitionRows> transitions = new HashMap<>();

    Session(Execution x) {
      this.x = x;
      this.references = new ReferenceQueue(x);
    }

    boolean hasTriggers() {
      return WriteTarget.this.hasTriggers();
    }

    /// The statement begins.
    ///
    /// @param kinds of `I`, `U` and `D` those that it may do
    void begin(String kinds) {
      if (statementTriggers == null) {
        return;
      }
      operations = kinds;
      for (int i = 0; i < kinds.length(); i++) {
        statementTriggers.fire('b', kinds.charAt(i), null, x);
      }
    }

    /// What triggers BEFORE a row's change make of it; null where they say to do nothing.
    private Object[] before(Leaf leaf, char operation, Object[] old, Object[] row) {
      if (leaf.triggers == null || !leaf.triggers.any('b', operation)) {
        return operation == 'D' ? old : row;
      }
      flush();
      return leaf.triggers.before(operation, old, row, x);
    }

    private void after(Leaf leaf, char operation, Object[] old, Object[] row) {
      note(leaf, leaf, operation, old, row);
      fireLater(leaf, operation, old, row);
    }

    /// Keeps a changed row where a trigger wants to read all of them.
    private void note(Leaf from, Leaf to, char operation, Object[] old, Object[] row) {
      boolean wanted =
          statementTriggers != null && statementTriggers.wantTransitions(operation)
              || to.triggers != null && to.triggers.wantTransitions(operation);
      if (wanted) {
        transitions
            .computeIfAbsent(operation, _ -> new TransitionRows())
            .add(old == null ? null : from.fromLeaf(old), row == null ? null : to.fromLeaf(row));
      }
    }

    private void fireLater(Leaf leaf, char operation, Object[] old, Object[] row) {
      if (leaf.triggers != null && leaf.triggers.any('a', operation)) {
        if (afterRows.isEmpty()) {
          afterRows = new ArrayList<>();
        }
        afterRows.add(
            () -> leaf.triggers.after(operation, old, row, transitions.get(operation), x));
      }
    }

    /// A row that triggers have changed: its generated columns, and its place.
    private Object[] reshaped(Leaf leaf, Object[] stored) {
      Object[] row = complete(leaf.fromLeaf(stored));
      if (router != null && leafOf(row) != leaf) {
        throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED,
            "moving row to another partition during a BEFORE FOR EACH ROW trigger is not supported");
      }
      return row;
    }

    private void flush() {
      for (TableWriter writer : new ArrayList<>(writers.values())) {
        writer.flush();
      }
    }

    private StoredTable changedTable;
    private byte[] changedKey;

    private Object[] changedRow;
    private boolean metConflict;

    /// Where the row is that was changed last; without its bytes.
    RowLocator changed() {
      byte[] key =
          changedRow == null || changedTable.key() == null
              ? changedKey
              : changedTable.keyOf(changedRow, 0);
      long lockedBy = metConflict ? x.cx().transactionId(true) & 0xffff_ffffL : 0;
      return new RowLocator(changedTable, 0, key, null, true, lockedBy);
    }

    /// @param key of the row, or of the one that `row` took the place of
    /// @param row what there is now, where its key may be another one; else null
    private void changed(StoredTable table, byte[] key, Object[] row) {
      changedTable = table;
      changedKey = key;
      changedRow = row;
      metConflict = false;
    }

    private TableWriter writer(StoredTable table) {
      if (table != writerTable) {
        lastWriter =
            writers.computeIfAbsent(
                table, t -> new TableWriter(t, x, rowIds, exclusive, leafOf(t).evals));
        writerTable = table;
      }
      return lastWriter;
    }

    private Leaf leafOf(Object[] row) {
      if (router == null) {
        return leaves.getFirst();
      }
      int leaf = router.leafOf(row, x);
      if (leaf < 0) {
        PartitionRouter refusing = router.refusing(row, x);
        throw ErrorFields.about(
            refusing.table(),
            new SqlException(
                    SqlState.CHECK_VIOLATION,
                    "no partition of relation \"" + refusing.table().name() + "\" found for row")
                .detail(
                    "Partition key of the failing row contains "
                        + refusing.describe(row, x)
                        + "."));
      }
      return leaves.get(leaf);
    }

    private Leaf leafOf(StoredTable table) {
      for (Leaf leaf : leaves) {
        // The plan that found the row may have been made with another copy of its definition.
        if (leaf.table.descriptor().oid() == table.descriptor().oid()) {
          return leaf;
        }
      }
      throw SqlException.internal("row of an unknown partition of " + name);
    }

    /// The row with its generated columns.
    Object[] complete(Object[] row) {
      if (generated == null) {
        return row;
      }
      Object[] out = row.clone();
      for (int place = 0; place < generated.length; place++) {
        if (generated[place] != null) {
          out[place] = generated[place].eval(row, x);
        }
      }
      return out;
    }

    /// @param row of the named table's columns, generated ones included
    /// @return the row as it was inserted; null where a trigger has prevented that
    Object[] insert(Object[] row) {
      Leaf leaf = leafOf(row);
      Object[] stored = leaf.toLeaf(row);
      Object[] made = row;
      if (leaf.triggers != null) {
        Object[] wanted = before(leaf, 'I', null, stored);
        if (wanted == null) {
          return null;
        }
        if (wanted != stored) {
          made = reshaped(leaf, wanted);
          stored = leaf.toLeaf(made);
        }
      }
      leaf.constraints.check(stored, x);
      changed(leaf.table, writer(leaf.table).insert(stored), null);
      references.inserted(leaf.keys, stored);
      count(leaf.table, 0);
      after(leaf, 'I', null, stored);
      return made;
    }

    /// Inserts a row, or does what `rule` says where its key is there already.
    ///
    /// @return the row as it is now, or null where nothing was done
    Object[] insertOr(Object[] proposed, ConflictRule rule) {
      Object[] row = proposed;
      Leaf leaf = leafOf(row);
      Object[] stored = leaf.toLeaf(row);
      if (leaf.triggers != null) {
        Object[] wanted = before(leaf, 'I', null, stored);
        if (wanted == null) {
          return null;
        }
        if (wanted != stored) {
          row = reshaped(leaf, wanted);
          stored = leaf.toLeaf(row);
        }
      }
      leaf.constraints.check(stored, x);
      TableWriter writer = writer(leaf.table);
      RowLocator there =
          writer.conflicting(
              stored, rule.arbiters().get(leaf.table), rule.updates() ? rule.lock() : null);
      if (there == null) {
        byte[] key = writer.insert(stored);
        writer.flush();
        affected.add(ByteBuffer.wrap(key));
        changed(leaf.table, key, null);
        references.inserted(leaf.keys, stored);
        count(leaf.table, 0);
        after(leaf, 'I', null, stored);
        return row;
      }
      if (!rule.updates()) {
        return null;
      }
      if (affected.contains(ByteBuffer.wrap(there.key())) || !x.firstChange(there.key())) {
        throw new SqlException(
                SqlState.CARDINALITY_VIOLATION,
                "ON CONFLICT DO UPDATE command cannot affect row a second time")
            .hint(
                "Ensure that no rows proposed for insertion within the same command"
                    + " have duplicate constrained values.");
      }
      return updateConflicting(leaf, there, row, rule);
    }

    private Object[] updateConflicting(
        Leaf leaf, RowLocator there, Object[] proposed, ConflictRule rule) {
      Object[] before = there.table().decode(there.row());
      Object[] both = Arrays.copyOf(leaf.fromLeaf(before), 2 * proposed.length);
      System.arraycopy(proposed, 0, both, proposed.length, proposed.length);
      if (rule.where() != null && !rule.where().holds(both, x)) {
        return null;
      }
      Object[] row = complete(RowNodes.evaluate(rule.set(), both, x));
      if (router != null && leafOf(row) != leaf) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "invalid ON UPDATE specification")
            .detail(
                "The result tuple would appear in a different partition than the original tuple.");
      }
      Object[] after = leaf.toLeaf(row);
      if (leaf.triggers != null) {
        Object[] wanted = before(leaf, 'U', before, after);
        if (wanted == null) {
          return null;
        }
        if (wanted != after) {
          row = reshaped(leaf, wanted);
          after = leaf.toLeaf(row);
        }
      }
      leaf.constraints.check(after, x);
      TableWriter writer = writer(leaf.table);
      writer.update(there, before, after);
      writer.flush();
      count(leaf.table, 1);
      references.updated(leaf.keys, before, after);
      after(leaf, 'U', before, after);
      affected.add(ByteBuffer.wrap(there.key()));
      changed(leaf.table, there.key(), after);
      metConflict = true;
      if (leaf.table.key() != null) {
        affected.add(ByteBuffer.wrap(leaf.table.keyOf(after, 0)));
      }
      return row;
    }

    /// Locks the old version unless that is done, and replaces it.
    ///
    /// @return the row as it is now; null where it is gone, because this statement has changed it
    ///   before, or where a trigger has prevented the change
    Object[] update(RowLocator old, Object[] wanted) {
      Object[] row = wanted;
      Object[] told = null;
      if (!x.firstChange(old.key())) {
        return null;
      }
      Object[] before = old.table().decode(old.row());
      Leaf source = leafOf(old.table());
      if (source.triggers != null && source.triggers.any('b', 'U')) {
        if (!lock(old, io.trencadis.txn.RowLock.UPDATE)) {
          return null;
        }
        Object[] proposed = source.changed(before, row, x);
        told = before(source, 'U', before, proposed);
        if (told == null) {
          return null;
        }
        row = told == proposed ? row : complete(source.fromLeaf(told));
      }
      Leaf leaf = router == null ? source : leafOf(row);
      Object[] after =
          leaf == source ? leaf.changed(told == null ? before : told, row, x) : leaf.toLeaf(row);
      leaf.constraints.check(after, x);
      if (leaf == source) {
        TableWriter writer = writer(leaf.table);
        if (!lock(old, writer.lockFor(before, after))) {
          return null;
        }
        writer.update(old, before, after);
        changed(leaf.table, old.key(), after);
        count(leaf.table, 1);
        references.updated(leaf.keys, before, after);
        after(leaf, 'U', before, after);
      } else {
        // The row moves to another partition.
        if (!lock(old, io.trencadis.txn.RowLock.UPDATE)) {
          return null;
        }
        writer(source.table).delete(old, before);
        changed(leaf.table, writer(leaf.table).insert(after), null);
        references.updated(source.keys, before, source.toLeaf(row));
        references.inserted(leaf.keys, after);
        count(source.table, 2);
        count(leaf.table, 0);
        // For the statement it is an update still.
        note(source, leaf, 'U', before, after);
        fireLater(source, 'D', before, null);
        fireLater(leaf, 'I', null, after);
      }
      return row;
    }

    boolean delete(RowLocator old) {
      if (!x.firstChange(old.key())) {
        return false;
      }
      if (!lock(old, io.trencadis.txn.RowLock.UPDATE)) {
        return false;
      }
      Leaf leaf = leafOf(old.table());
      Object[] before = leaf.table.decode(old.row());
      if (before(leaf, 'D', before, null) == null) {
        return false;
      }
      writer(leaf.table).delete(old, before);
      changed(leaf.table, old.key(), null);
      references.deleted(leaf.keys, before);
      count(leaf.table, 2);
      after(leaf, 'D', before, null);
      return true;
    }

    private boolean lock(RowLocator row, io.trencadis.txn.RowLock mode) {
      return row.locked()
          || x.transaction()
                  .lockAndGet(
                      row.shard(),
                      row.table().relation(),
                      row.key(),
                      mode,
                      io.trencadis.txn.LockWait.WAIT)
              != null;
    }

    private void count(StoredTable table, int what) {
      if (table != countedTable) {
        lastCounts = changes.computeIfAbsent(table, _ -> new long[3]);
        countedTable = table;
      }
      lastCounts[what]++;
    }

    /// Checks the unique constraints that could wait for the statement's end, or leaves them for
    /// the transaction's.
    private void checkUnique() {
      for (TableWriter writer : writers.values()) {
        for (RowCheck check : writer.takeUniqueChecks()) {
          if (x.deferred() != null && x.deferred().defers(check.identity())) {
            x.deferred().add(check.identity(), check::run);
          } else {
            check.run(x);
          }
        }
      }
    }

    void finish() {
      flush();
      checkUnique();
      references.run();
      afterRows.forEach(Runnable::run);
      for (int i = operations.length() - 1; i >= 0; i--) {
        // An operation that has met no row has had none.
        transitions.putIfAbsent(operations.charAt(i), new TransitionRows());
        statementTriggers.fire('a', operations.charAt(i), transitions.get(operations.charAt(i)), x);
      }
      changes.forEach(
          (table, rows) -> {
            statistics.changed(table.descriptor().oid(), rows[0] - rows[2]);
            x.changed(table.descriptor().oid(), rows);
          });
    }
  }
}
