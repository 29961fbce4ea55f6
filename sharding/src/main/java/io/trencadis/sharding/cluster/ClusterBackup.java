package io.trencadis.sharding.cluster;

import io.trencadis.sharding.Gateway;
import io.trencadis.sharding.RowCursor;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.sharding.local.RowBackup;
import io.trencadis.storage.Keys;
import io.trencadis.txn.HeldRow;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.RelationRef;
import java.util.function.BiConsumer;

/// All rows of a cluster at one timestamp, wherever they are: those of one read-only transaction,
/// whose snapshot keeps what is overwritten meanwhile. Confined to one thread.
final class ClusterBackup implements RowBackup.Source, AutoCloseable {
  /// A relation without a schema, in whose name keys of all others are read.
  private static final RelationRef ANY = new RelationRef(HeldRow.RELATION, 0, "backup");

  private static final byte[] FIRST = Keys.relationStart(0);
  private static final byte[] LAST = Keys.relationStart(-1);

  private final Transaction reader;

  ClusterBackup(Gateway gateway) {
    reader = gateway.begin(IsolationLevel.REPEATABLE_READ, true, WaitPolicy.PATIENT);
    reader.beginStatement();
  }

  @Override
  public long timestamp() {
    return reader.readTimestamp();
  }

  @Override
  public void read(int shard, BiConsumer<byte[], byte[]> row) {
    try (RowCursor rows =
        reader.scanUntracked(shard, ANY, FIRST, LAST, false, reader.writeMark())) {
      while (rows.next()) {
        row.accept(rows.key(), rows.value());
      }
    }
  }

  @Override
  public void close() {
    reader.rollback();
  }
}
