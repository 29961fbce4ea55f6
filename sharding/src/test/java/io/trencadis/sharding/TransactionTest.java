package io.trencadis.sharding;

import static io.trencadis.sharding.Fixture.REL;
import static io.trencadis.sharding.Fixture.assertFails;
import static io.trencadis.sharding.Fixture.bytes;
import static io.trencadis.sharding.Fixture.delete;
import static io.trencadis.sharding.Fixture.get;
import static io.trencadis.sharding.Fixture.key;
import static io.trencadis.sharding.Fixture.put;
import static io.trencadis.sharding.Fixture.scan;
import static io.trencadis.sharding.Fixture.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.base.SqlState;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.LockWait;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.MutationResult;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.RowLock;
import io.trencadis.txn.SchemaChangedException;
import io.trencadis.txn.StatementRestartException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransactionTest {
  private final Fixture on = new Fixture();

  @Test
  void whatIsCommittedOnSeveralShardsIsSeenOnAll() {
    Transaction writer = on.begin();
    put(writer, 0, 1, "a");
    put(writer, 3, 2, "b");
    writer.commit();
    Transaction reader = on.begin();
    assertEquals("a", get(reader, 0, 1));
    assertEquals("b", get(reader, 3, 2));
    reader.commit();
    assertArrayEquals(new int[] {0, 3}, writer.report().shardsWritten());
    assertEquals(1, writer.report().phases());
    assertEquals(0, reader.report().phases());
    assertTrue(writer.report().commitTimestamp() <= reader.report().readTimestamp());
  }

  @Test
  void aSnapshotDoesNotMoveWhileOthersCommit() {
    on.commit(0, 1, "old");
    Transaction reader = on.begin();
    assertEquals("old", get(reader, 0, 1));
    on.commit(0, 1, "new");
    on.commit(1, 2, "new");
    reader.beginStatement();
    assertEquals("old", get(reader, 0, 1));
    assertNull(get(reader, 1, 2));
    reader.commit();
  }

  @Test
  void readCommittedSeesEachStatementsPresent() {
    Transaction reader = on.begin(IsolationLevel.READ_COMMITTED);
    assertNull(get(reader, 0, 1));
    on.commit(0, 1, "new");
    assertNull(get(reader, 0, 1));
    reader.beginStatement();
    assertEquals("new", get(reader, 0, 1));
  }

  @Test
  void writeSkewFailsAtCommit() {
    on.commit(0, 1, "on");
    on.commit(1, 2, "on");
    Transaction a = on.begin();
    Transaction b = on.begin();
    assertEquals("on", get(a, 1, 2));
    assertEquals("on", get(b, 0, 1));
    put(a, 0, 1, "off");
    put(b, 1, 2, "off");
    a.commit();
    assertFails(SqlState.SERIALIZATION_FAILURE, b::commit);
  }

  @Test
  void writeSkewIsAllowedInRepeatableRead() {
    on.commit(0, 1, "on");
    on.commit(1, 2, "on");
    Transaction a = on.begin(IsolationLevel.REPEATABLE_READ);
    Transaction b = on.begin(IsolationLevel.REPEATABLE_READ);
    get(a, 1, 2);
    get(b, 0, 1);
    put(a, 0, 1, "off");
    put(b, 1, 2, "off");
    a.commit();
    b.commit();
  }

  @Test
  void aPhantomFailsAtCommit() {
    Transaction a = on.begin();
    assertEquals(List.of(), scan(a, 0, 10, 20, false));
    put(a, 1, 1, "nobody there");
    on.commit(0, 15, "somebody");
    assertFails(SqlState.SERIALIZATION_FAILURE, a::commit);
  }

  @Test
  void aScanThatWasStoppedHasReadUpToItsLastKey() {
    on.commit(0, 10, "a");
    on.commit(0, 12, "b");
    Transaction a = on.begin();
    RowCursor cursor = a.scan(0, REL, key(0), key(100), false);
    assertTrue(cursor.next());
    put(a, 1, 1, "x");
    on.commit(0, 11, "beyond");
    a.commit();

    Transaction b = on.begin();
    cursor = b.scan(0, REL, key(0), key(100), true);
    assertTrue(cursor.next());
    assertEquals("b", text(cursor.value()));
    put(b, 1, 1, "y");
    on.commit(0, 13, "in between");
    assertFails(SqlState.SERIALIZATION_FAILURE, b::commit);
  }

  @Test
  void ownWritesLieOverTheSnapshot() {
    on.commit(0, 1, "1");
    on.commit(0, 2, "2");
    on.commit(0, 3, "3");
    Transaction a = on.begin();
    put(a, 0, 0, "0");
    put(a, 0, 2, "two");
    delete(a, 0, 3);
    put(a, 0, 9, "9");
    assertEquals(List.of("0", "1", "two", "9"), scan(a, 0, 0, 100, false));
    assertEquals(List.of("9", "two", "1", "0"), scan(a, 0, 0, 100, true));
    assertNull(get(a, 0, 3));
    a.rollback();
    assertEquals(List.of("1", "2", "3"), scan(on.begin(), 0, 0, 100, false));
  }

  @Test
  void aCursorDoesNotMeetWhatWasWrittenAfterItWasOpened() {
    for (int i = 0; i < 100; i++) {
      on.commit(0, i, "x");
    }
    Transaction a = on.begin();
    RowCursor cursor = a.scan(0, REL, key(0), key(100_000), false);
    int rows = 0;
    while (cursor.next()) {
      put(a, 0, 1000 + rows++, "moved ahead");
      delete(a, 0, rows);
    }
    assertEquals(100, rows);
  }

  @Test
  void aSavepointTakesBackItsWritesOnly() {
    Transaction a = on.begin();
    put(a, 0, 1, "kept");
    put(a, 0, 2, "first");
    int savepoint = a.savepoint();
    put(a, 0, 2, "second");
    put(a, 1, 3, "gone");
    a.rollbackTo(savepoint);
    assertEquals("first", get(a, 0, 2));
    put(a, 0, 2, "third");
    a.rollbackTo(savepoint);
    assertEquals("first", get(a, 0, 2));
    assertNull(get(a, 1, 3));
    a.release(savepoint);
    a.commit();
    assertEquals("kept", get(on.begin(), 0, 1));
  }

  @Test
  void rollingBackToASavepointLetsGoOfItsLocksAndWatchesWhatTheyGuarded() {
    on.commit(0, 1, "old");
    Transaction a = on.begin();
    put(a, 1, 9, "x");
    int savepoint = a.savepoint();
    assertEquals("old", text(a.lockAndGet(0, REL, key(1), RowLock.UPDATE, LockWait.WAIT)));
    a.rollbackTo(savepoint);
    Transaction b = on.begin();
    assertEquals("old", text(b.lockAndGet(0, REL, key(1), RowLock.UPDATE, LockWait.NOWAIT)));
    put(b, 0, 1, "new");
    b.commit();
    assertFails(SqlState.SERIALIZATION_FAILURE, a::commit);
  }

  @Test
  void anInsertReportsTheRowThatIsThere() {
    on.commit(0, 1, "first");
    Transaction a = on.begin();
    List<MutationResult> results =
        a.mutate(
            0,
            REL,
            List.of(
                new Mutation.Insert(key(2), bytes("other")),
                new Mutation.Insert(key(1), bytes("second")),
                new Mutation.Insert(key(2), bytes("again"))));
    assertEquals(true, results.get(0).applied());
    assertEquals("first", text(results.get(1).existing()));
    assertEquals("other", text(results.get(2).existing()));
  }

  @ParameterizedTest
  @EnumSource(IsolationLevel.class)
  void anInsertMeetsARowNewerThanItsSnapshot(IsolationLevel level) {
    Transaction a = on.begin(level);
    a.readTimestamp();
    on.commit(0, 1, "newer");
    List<Mutation> insert = List.of(new Mutation.Insert(key(1), bytes("mine")));
    assertThrows(StatementRestartException.class, () -> a.mutate(0, REL, insert));
    a.restartStatement();
    assertEquals("newer", text(a.mutate(0, REL, insert).getFirst().existing()));
    assertEquals("newer", get(a, 0, 1));
  }

  @Test
  void aLockedRowThatChangedMovesTheSnapshotWhenNothingElseWasRead() {
    on.commit(0, 1, "1");
    Transaction a = on.begin();
    long before = a.readTimestamp();
    on.commit(0, 1, "2");
    assertEquals("2", text(a.lockAndGet(0, REL, key(1), RowLock.UPDATE, LockWait.WAIT)));
    assertTrue(a.readTimestamp() > before);
    put(a, 0, 1, "3");
    a.commit();
  }

  @Test
  void aRefreshChecksWhatEarlierStatementsRead() {
    on.commit(0, 1, "1");
    on.commit(0, 2, "1");
    on.commit(0, 3, "1");
    Transaction unharmed = on.begin();
    get(unharmed, 0, 2);
    Transaction doomed = on.begin();
    get(doomed, 0, 3);
    on.commit(0, 1, "2");
    on.commit(0, 3, "2");
    unharmed.beginStatement();
    assertThrows(
        StatementRestartException.class,
        () -> unharmed.lockAndGet(0, REL, key(1), RowLock.UPDATE, LockWait.WAIT));
    unharmed.restartStatement();
    assertEquals("2", text(unharmed.lockAndGet(0, REL, key(1), RowLock.UPDATE, LockWait.WAIT)));
    unharmed.commit();
    doomed.beginStatement();
    assertThrows(
        StatementRestartException.class,
        () -> doomed.lockAndGet(0, REL, key(1), RowLock.UPDATE, LockWait.WAIT));
    assertFails(SqlState.SERIALIZATION_FAILURE, doomed::restartStatement);
    doomed.rollback();
  }

  @Test
  void repeatableReadRefusesARowThatChangedAfterItHasRead() {
    on.commit(0, 1, "1");
    Transaction a = on.begin(IsolationLevel.REPEATABLE_READ);
    get(a, 0, 2);
    on.commit(0, 1, "2");
    a.beginStatement();
    assertThrows(
        StatementRestartException.class,
        () -> a.lockAndGet(0, REL, key(1), RowLock.UPDATE, LockWait.WAIT));
    assertFails(SqlState.SERIALIZATION_FAILURE, a::restartStatement);
  }

  @Test
  void aForeignKeyCheckSeesThePresentAtEveryLevel() {
    Transaction a = on.begin(IsolationLevel.REPEATABLE_READ);
    get(a, 1, 1);
    on.commit(0, 1, "parent");
    assertEquals(
        "parent", text(a.lockAndGetNewest(0, REL, key(1), RowLock.KEY_SHARE, LockWait.WAIT)));
    assertNull(get(a, 0, 1));
  }

  @Test
  void aRequestForAnotherSchemaVersionIsRefused() {
    on.commit(0, 1, "row");
    Transaction reader = on.begin();
    assertEquals("row", get(reader, 0, 1));
    Transaction ddl = on.begin();
    ddl.setSchemaVersion(0, 7, 5);
    assertThrows(SchemaChangedException.class, () -> get(ddl, 0, 1));
    RelationRef newer = new RelationRef(7, 5, "t");
    assertEquals("row", text(ddl.get(0, newer, key(1))));
    ddl.commit();
    assertEquals("row", get(reader, 0, 1));
    assertThrows(SchemaChangedException.class, () -> reader.get(0, newer, key(1)));
    assertThrows(
        StatementRestartException.class,
        () -> reader.mutate(0, REL, List.of(new Mutation.Put(key(1), bytes("stale plan")))));
    SchemaChangedException refused =
        assertThrows(SchemaChangedException.class, () -> get(on.begin(), 0, 1));
    assertEquals(5, refused.currentVersion());
    assertEquals("row", text(on.begin().get(0, newer, key(1))));
  }

  @Test
  void aReadOnlyTransactionMayNotWrite() {
    Transaction a = on.node.begin(IsolationLevel.SERIALIZABLE, true, WaitPolicy.PATIENT);
    assertFails(SqlState.READ_ONLY_SQL_TRANSACTION, () -> put(a, 0, 1, "x"));
  }
}
