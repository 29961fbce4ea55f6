package io.trencadis.sharding;

import io.trencadis.base.Outside;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/// A node with four shards and shorthand for its transactions.
final class Fixture {
  static final RelationRef REL = new RelationRef(7, 0, "t");

  final Node node = new Node(Outside.real(), 4);

  static byte[] key(int n) {
    return new byte[] {0, 0, 0, 7, (byte) (n >>> 16), (byte) (n >>> 8), (byte) n};
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] row) {
    return row == null ? null : new String(row, StandardCharsets.UTF_8);
  }

  Transaction begin() {
    return begin(IsolationLevel.SERIALIZABLE);
  }

  Transaction begin(IsolationLevel level) {
    Transaction transaction = node.begin(level, false, WaitPolicy.PATIENT);
    transaction.beginStatement();
    return transaction;
  }

  static void put(Transaction transaction, int shard, int key, String value) {
    transaction.mutate(shard, REL, List.of(new Mutation.Put(key(key), bytes(value))));
  }

  static void delete(Transaction transaction, int shard, int key) {
    transaction.mutate(shard, REL, List.of(new Mutation.Delete(key(key))));
  }

  static String get(Transaction transaction, int shard, int key) {
    return text(transaction.get(shard, REL, key(key)));
  }

  static List<String> scan(Transaction transaction, int shard, int from, int to, boolean reverse) {
    List<String> rows = new ArrayList<>();
    try (RowCursor cursor = transaction.scan(shard, REL, key(from), key(to), reverse)) {
      while (cursor.next()) {
        rows.add(text(cursor.value()));
      }
    }
    return rows;
  }

  void commit(int shard, int key, String value) {
    Transaction transaction = begin();
    put(transaction, shard, key, value);
    transaction.commit();
  }

  static void assertFails(SqlState state, Executable call) {
    SqlException failure = Assertions.assertThrows(SqlException.class, call);
    Assertions.assertEquals(state, failure.state(), failure.getMessage());
  }

  /// Returns once a transaction waits for a lock.
  void untilSomebodyWaits() {
    while (node.waitingForLocks() == 0) {
      Thread.onSpinWait();
    }
  }
}
