package io.trencadis.sharding.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.trencadis.sharding.raft.ReplicationLog;
import io.trencadis.storage.disk.Disk;
import io.trencadis.storage.disk.RealDisk;
import io.trencadis.storage.history.HeapVersions;
import io.trencadis.storage.levels.NodeStorage;
import io.trencadis.storage.levels.StorageConfig;
import io.trencadis.storage.run.RunDirectory;
import io.trencadis.storage.tree.LmdbSize;
import io.trencadis.storage.tree.LmdbTree;
import io.trencadis.txn.Mutation;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.distributed.TransactionId;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.message.TimestampQuestion;
import io.trencadis.txn.participant.LargeWrites;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A leader that runs out of memory in the middle of a request.
class BrokenRequestTest {
  private static final RelationRef REL = new RelationRef(70, 0, "t");

  @TempDir Path folder;
  private final List<Message> told = new ArrayList<>();
  private final AtomicReference<Throwable> failed = new AtomicReference<>();

  /// What the disk throws when a file is made; null for nothing.
  private Error onCreate;

  private final ReplicaNetwork network =
      new ReplicaNetwork() {
        @Override
        public void toGateway(Message message) {
          told.add(message);
        }

        @Override
        public void toLog(int fromLog, int log, Message message) {}

        @Override
        public void ask(int fromShard, TimestampQuestion question) {}

        @Override
        public void toLocalShard(int shard, Request request) {}
      };

  private Disk disk() {
    RealDisk real = new RealDisk();
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              if (onCreate != null && method.getName().equals("create")) {
                throw onCreate;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  /// Of a leader that nobody deposes.
  private static ReplicationLog log() {
    return (ReplicationLog)
        Proxy.newProxyInstance(
            ReplicationLog.class.getClassLoader(),
            new Class<?>[] {ReplicationLog.class},
            (_, method, arguments) -> {
              if (method.getName().equals("confirm")) {
                ((ReplicationLog.Outcome) arguments[0]).done(true);
                return null;
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  private static Message write(long txn, int number, byte key) {
    List<Mutation> put = List.of(new Mutation.Put(new byte[] {0, 0, 0, 70, key}, new byte[9]));
    return new Message.ToShard(txn, 0, 0, number, new Request.Mutate(txn, REL, put, 10, 1, true));
  }

  private Reply lastReply() {
    return ((Message.FromShard) told.getLast()).reply();
  }

  @Test
  void anErrorCostsItsTransactionAlone() throws Exception {
    try (NodeStorage storage =
        NodeStorage.open(
            LmdbTree.open(folder.resolve("tree"), 1, LmdbSize.DEFAULT),
            _ -> new HeapVersions(),
            new StorageConfig(1 << 22, 1 << 20, 100))) {
      RunDirectory runs = new RunDirectory(disk(), folder.resolve("runs"));
      ShardReplica replica =
          new ShardReplica(
              0,
              storage.shard(0),
              null,
              new ShardReplica.Surroundings(
                  network,
                  new WaitGraph(),
                  runs,
                  new LargeWrites(runs, 1, 1),
                  null,
                  () -> 0,
                  () -> 0,
                  null,
                  failed::set));
      replica.attach(log());
      replica.lead(1);
      long unlucky = TransactionId.of(0, 1, 1);
      onCreate = new OutOfMemoryError("of a test");
      replica.receive(write(unlucky, 1, (byte) 1), -1);
      Reply.Failed reply = assertInstanceOf(Reply.Failed.class, lastReply());
      assertSame(onCreate, reply.cause());

      onCreate = null;
      replica.receive(new Message.EndAtShard(unlucky, 0), -1);
      replica.receive(write(TransactionId.of(0, 1, 2), 1, (byte) 1), -1);
      assertInstanceOf(Reply.Mutated.class, lastReply());
      assertEquals(2, told.size());
      assertNull(failed.get());
      replica.follow();
    }
  }
}
