package io.trencadis.sharding.replica;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.Clock;
import io.trencadis.base.Outside;
import io.trencadis.base.Timers;
import io.trencadis.sharding.raft.NoLog;
import io.trencadis.sharding.raft.ReplicatedMachine;
import io.trencadis.sharding.raft.ReplicationLog;
import io.trencadis.txn.oracle.TimestampOracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A node's copy of the timestamp oracle: every copy knows the bound below which timestamps may
/// have been issued; the one that leads issues those above it, each batch after a majority has
/// confirmed that it still leads (rule 2). Its log has the list of the cluster's nodes, too.
/// Thread-safe.
///
/// A record of eight bytes is a bound; a longer one is [#MEMBERS] and a list of nodes.
public final class OracleReplica implements ReplicatedMachine {
  private static final System.Logger LOG = System.getLogger(OracleReplica.class.getName());
  private static final String FILE = "bound";
  private static final String MEMBERS_FILE = "members";
  private static final int MEMBERS = 1;
  private static final long RETRY_MILLIS = 20;

  /// Timestamps, all issued after they were asked for.
  ///
  /// @param catalogTs the highest timestamp issued to a change of the catalog before them
  public record Issued(long[] timestamps, long catalogTs) {}

  private final Clock clock;
  private final Timers timers;
  private final Consumer<Throwable> onFailure;
  private final Consumer<Members> onMembers;
  private volatile ReplicationLog log = NoLog.INSTANCE;

  /// Null before the log has any.
  private volatile Members members;

  private volatile long bound;
  private volatile Leader leader;

  /// In which this node leads; 0 if it does not.
  private volatile long term;

  /// While this node leads.
  private static final class Leader {
    final long term;
    final TimestampOracle oracle;
    long catalogTs;

    Leader(long term, TimestampOracle oracle) {
      this.term = term;
      this.oracle = oracle;
      // What the leader before has issued to changes of the catalog is not known.
      catalogTs = oracle.next();
    }
  }

  /// @param onMembers told each list of nodes that the log has, and must not wait for the log
  public OracleReplica(
      Outside outside, Consumer<Throwable> onFailure, Consumer<Members> onMembers) {
    this.clock = outside.clock();
    this.timers = outside.timers();
    this.onMembers = onMembers;
    this.onFailure = onFailure;
  }

  /// What a copy has saved that knows a bound and no nodes; by file names.
  public static Map<String, byte[]> saved(long bound) {
    return Map.of(FILE, new ByteWriter(8).putLong(bound).toByteArray());
  }

  /// The log that feeds this, as it may have begun to. Not two at a time.
  public void attach(ReplicationLog opened) {
    log = opened;
  }

  /// This node has no copy any more; the log is closed. What was known of bound and nodes stays: it
  /// only grows.
  public void detach() {
    log = NoLog.INSTANCE;
    follow();
  }

  public ReplicationLog log() {
    return log;
  }

  /// The cluster's nodes, as far as the log has come here; null as long as it has no list.
  public Members members() {
    return members;
  }

  /// Whether this node leads, and has applied what was decided before it did.
  public boolean leads() {
    return term != 0;
  }

  /// Puts a list of nodes in the place of the one before it.
  ///
  /// @param next of the version after the present one
  /// @return whether it is the list now; false where this node does not lead, or another change
  ///   came first
  public CompletableFuture<Boolean> change(Members next) {
    CompletableFuture<Boolean> changed = new CompletableFuture<>();
    long mine = term;
    if (mine == 0) {
      return CompletableFuture.completedFuture(false);
    }
    log.append(
        new ByteWriter().putByte(MEMBERS).putBytes(next.toBytes()).toByteArray(),
        mine,
        survives -> changed.complete(survives && next.equals(members)));
    return changed;
  }

  /// Issues timestamps.
  ///
  /// @param forCatalog whether they are for a transaction that changes the catalog
  /// @param answer told null if this node does not lead; on a thread that may wait
  public void issue(int count, boolean forCatalog, Consumer<Issued> answer) {
    log.confirm(
        leads -> {
          Leader mine = leader;
          if (!leads || mine == null || mine.term != term) {
            answer.accept(null);
          } else {
            // It may have to wait for the bound.
            Thread.ofVirtual()
                .name("oracle")
                .start(() -> answer.accept(issue(mine, count, forCatalog)));
          }
        });
  }

  private static Issued issue(Leader leader, int count, boolean forCatalog) {
    synchronized (leader) {
      long[] timestamps = new long[count];
      try {
        for (int i = 0; i < count; i++) {
          timestamps[i] = leader.oracle.next();
        }
      } catch (RuntimeException leadsNoMore) {
        return null;
      }
      if (forCatalog) {
        leader.catalogTs = timestamps[count - 1];
      }
      return new Issued(timestamps, leader.catalogTs);
    }
  }

  @Override
  public void apply(long index, byte[] record) {
    ByteReader in = new ByteReader(record);
    if (record.length == Long.BYTES) {
      bound = Math.max(bound, in.getLong());
      return;
    }
    if (in.getByte() != MEMBERS) {
      failed(new IOException("the oracle's log has a record that this version does not know"));
      return;
    }
    Members next = Members.read(in);
    // Of two changes of the same list the first counts.
    if (next.version() == (members == null ? 0 : members.version()) + 1) {
      members = next;
      onMembers.accept(next);
    }
  }

  @Override
  public void lead(long begun) {
    term = begun;
    // The first timestamp waits for a record of this term, which this thread would have to apply.
    Thread.ofVirtual()
        .name("oracle")
        .start(
            () -> {
              try {
                leader =
                    new Leader(
                        begun,
                        new TimestampOracle(
                            clock, bound, (higher, outcome) -> raise(higher, begun, outcome)));
              } catch (RuntimeException leadsNoMore) {
                LOG.log(System.Logger.Level.DEBUG, "led the oracle for a moment only", leadsNoMore);
              }
            });
  }

  /// Says it again as long as the term lasts: it may be refused for want of room, or because who
  /// leads alone does so before this has its log. No timestamp is issued without it.
  private void raise(long higher, long inTerm, Consumer<Exception> outcome) {
    log.append(
        new ByteWriter(8).putLong(higher).toByteArray(),
        inTerm,
        survives -> {
          if (survives) {
            outcome.accept(null);
          } else if (term == inTerm) {
            timers.after(RETRY_MILLIS, () -> raise(higher, inTerm, outcome));
          } else {
            outcome.accept(new IOException("another node leads"));
          }
        });
  }

  @Override
  public void follow() {
    term = 0;
  }

  @Override
  public void save(Path directory, Consumer<IOException> done) {
    try {
      Files.write(directory.resolve(FILE), new ByteWriter(8).putLong(bound).toByteArray());
      if (members != null) {
        Files.write(directory.resolve(MEMBERS_FILE), members.toBytes());
      }
      done.accept(null);
    } catch (IOException e) {
      done.accept(e);
    }
  }

  @Override
  public void load(Path directory, long index) throws IOException {
    bound = Math.max(bound, new ByteReader(Files.readAllBytes(directory.resolve(FILE))).getLong());
    Path list = directory.resolve(MEMBERS_FILE);
    if (Files.exists(list)) {
      Members saved = Members.read(new ByteReader(Files.readAllBytes(list)));
      if (members == null || members.version() < saved.version()) {
        members = saved;
        onMembers.accept(saved);
      }
    }
  }

  @Override
  public void failed(Throwable why) {
    onFailure.accept(why);
  }
}
