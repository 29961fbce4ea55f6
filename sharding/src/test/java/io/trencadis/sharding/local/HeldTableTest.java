package io.trencadis.sharding.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trencadis.base.Outside;
import io.trencadis.sharding.Node;
import io.trencadis.sharding.PreparedTransactions;
import io.trencadis.sharding.Transaction;
import io.trencadis.sharding.WaitPolicy;
import io.trencadis.storage.disk.FaultyDisk;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.log.LogConfig;
import io.trencadis.storage.tree.MemoryTree;
import io.trencadis.txn.GlobalName;
import io.trencadis.txn.IsolationLevel;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What flushes keep of transactions that are prepared by name.
class HeldTableTest {
  private static final RelationRef REL = new RelationRef(7, 0, "t");

  private final FaultyDisk disk = new FaultyDisk(1);
  private final MemoryTree tree = new MemoryTree(2);

  private LocalStore open() throws IOException {
    return LocalStore.open(
        DataDirectory.open(disk, Path.of("/data")),
        2,
        new LocalConfig(
            LogConfig.small(1 << 16),
            new StorageConfig(1 << 24, 1 << 24, 100),
            1L << 40,
            1L << 40,
            1L << 40,
            (_, _) -> tree,
            _ -> new HeapVersions()),
        _ -> {});
  }

  private static void prepare(Node node, String gid) {
    Transaction transaction = node.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT);
    transaction.beginStatement();
    byte[] key = {0, 0, 0, 7, 1};
    transaction.mutate(0, REL, List.of(new Mutation.Put(key, key)));
    node.preparedTransactions().prepare(transaction, new GlobalName(gid, 1, 2, 3), 9);
  }

  private static List<String> gids(Node node) {
    return node.preparedTransactions().list().stream().map(view -> view.name().gid()).toList();
  }

  /// The tree has the first one's record when it has ended and a later life has given its number
  /// away.
  @Test
  void aNumberThatComesAgainIsAnotherTransactions() throws Exception {
    LocalStore store = open();
    Node node = new Node(Outside.real(), store);
    prepare(node, "first");
    long number =
        node.preparedTransactions().list().stream()
            .mapToLong(PreparedTransactions.View::transaction)
            .sum();
    node.checkpoint();
    node.preparedTransactions().finish("first", true, _ -> {});
    store.abandon();
    disk.crash();

    store = open();
    node = new Node(Outside.real(), store);
    assertEquals(List.of(), gids(node));
    Node again = node;
    LongStream.range(1, number)
        .forEach(
            _ -> again.begin(IsolationLevel.SERIALIZABLE, false, WaitPolicy.PATIENT).rollback());
    prepare(node, "second");
    assertEquals(number, node.preparedTransactions().list().getFirst().transaction());
    node.checkpoint();
    store.abandon();
    disk.crash();

    store = open();
    node = new Node(Outside.real(), store);
    assertEquals(List.of("second"), gids(node));
    node.preparedTransactions().finish("second", false, _ -> {});
    store.close();
  }
}
