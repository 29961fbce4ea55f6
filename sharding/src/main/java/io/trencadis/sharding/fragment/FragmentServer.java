package io.trencadis.sharding.fragment;

import io.trencadis.base.Clock;
import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.message.Reply;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Computes pieces of fragments over the shards that a node leads, for gateways of any node.
/// Thread-safe; it has as many threads as the machine has processors, and a bounded queue before
/// them.
public final class FragmentServer implements AutoCloseable {
  /// How long a piece is worked at. What is cancelled goes on for no longer than that.
  private static final long PIECE_NANOS = 30_000_000;

  private static final int MOST_QUEUED = 1_024;
  private static final int MOST_JOBS = 256;
  private static final long MOST_JOB_BYTES = 1 << 25;
  private static final long IDLE_SECONDS = 10;

  private final Shards shards;
  private final Clock clock;
  private final ExchangeServer exchanges;
  private final ThreadPoolExecutor threads;
  private final Jobs jobs = new Jobs();
  private volatile FragmentEngine engine = FragmentEngine.NONE;

  /// The shards of a node.
  @FunctionalInterface
  public interface Shards {
    /// Has a shard read, if this node leads it. Does not wait.
    ///
    /// @param provenTerm the term whose leadership was proven to this fragment before; 0 for none
    /// @param then told once how, on any thread; null where the node does not lead
    void open(int shard, long provenTerm, Consumer<ShardReads> then);
  }

  /// Sends requests to other nodes.
  @FunctionalInterface
  public interface Senders {
    /// Asks a node, which may be this one. Does not wait.
    ///
    /// @return completed exceptionally where no answer came
    CompletableFuture<byte[]> send(int node, byte[] request);
  }

  /// Reads of a shard whose leadership was proven after the fragment's snapshot was taken. For any
  /// thread, which it may make wait for what is being committed, not for long.
  public interface ShardReads {
    /// In which the node leads.
    long term();

    /// The next rows of a range at a snapshot.
    ///
    /// @return [Reply.Rows], [Reply.SchemaChanged] or [Reply.Failed]; [Reply.WouldBlock] where what
    ///   is being committed has to be waited for; [Reply.Refused] where the node leads no more
    Reply read(RelationRef relation, byte[] from, byte[] to, long readTs, int limit);

    /// Whether the node leads in that term still: if not, what was read may be wrong.
    boolean stands();
  }

  /// @param bytes what it takes in memory, roughly
  private record Job(FragmentEngine.Bound program, long bytes) {}

  /// What nodes have asked for not long ago, the oldest first. Guarded by itself.
  private static final class Jobs {
    private final Map<Long, Job> known = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    synchronized Job get(long id) {
      return known.get(id);
    }

    synchronized void put(long id, Job job) {
      Job before = known.put(id, job);
      bytes += job.bytes - (before == null ? 0 : before.bytes);
      var oldest = known.values().iterator();
      while (known.size() > MOST_JOBS || bytes > MOST_JOB_BYTES && known.size() > 1) {
        bytes -= oldest.next().bytes;
        oldest.remove();
      }
    }
  }

  public FragmentServer(Shards shards, Senders senders, Clock clock) {
    this.shards = shards;
    this.clock = clock;
    int count = Math.max(2, Runtime.getRuntime().availableProcessors());
    AtomicInteger number = new AtomicInteger();
    // Not virtual threads, of which a long one leaves the others no processor.
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_QUEUED),
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .name("fragment-" + number.incrementAndGet())
                    .unstarted(work));
    threads.allowCoreThreadTimeOut(true);
    exchanges = new ExchangeServer(senders, clock, threads, PIECE_NANOS);
  }

  /// Says who understands programs; until then nobody does.
  public void engine(FragmentEngine by) {
    engine = by;
  }

  /// To be called some times a second: what is kept for gateways that are gone is let go of.
  public void tick() {
    exchanges.sweep();
  }

  /// Answers a request, soon. Does not wait.
  ///
  /// @param answer takes the answer once, on any thread
  public void handle(byte[] body, Consumer<byte[]> answer) {
    FragmentRequest request;
    Job job;
    try {
      if (ExchangeRequest.isOne(body)) {
        exchanges.handle(engine, body, answer);
        return;
      }
      request = FragmentRequest.read(body);
      job = job(request);
    } catch (IllegalArgumentException | IndexOutOfBoundsException unknown) {
      answer.accept(FragmentAnswer.toBytes(FragmentAnswer.Plain.CANNOT));
      return;
    }
    if (job == null) {
      answer.accept(FragmentAnswer.toBytes(FragmentAnswer.Plain.UNKNOWN_JOB));
      return;
    }
    List<FragmentRequest.Range> ranges = request.ranges();
    AtomicReferenceArray<ShardReads> reads = new AtomicReferenceArray<>(ranges.size());
    AtomicInteger open = new AtomicInteger(ranges.size());
    for (int i = 0; i < ranges.size(); i++) {
      int at = i;
      shards.open(
          ranges.get(i).shard(),
          ranges.get(i).provenTerm(),
          found -> {
            reads.set(at, found);
            if (open.decrementAndGet() == 0) {
              begin(request, job, reads, answer);
            }
          });
    }
  }

  private Job job(FragmentRequest request) {
    if (request.program() == null) {
      return jobs.get(request.job());
    }
    FragmentEngine.Bound bound = engine.load(request.program()).bind(request.arguments());
    Job job = new Job(bound, request.program().length + bound.memory());
    jobs.put(request.job(), job);
    return job;
  }

  private void begin(
      FragmentRequest request,
      Job job,
      AtomicReferenceArray<ShardReads> reads,
      Consumer<byte[]> answer) {
    try {
      threads.execute(
          () -> {
            FragmentAnswer made = run(request, job, reads);
            if (request.shipping() != null && made instanceof FragmentAnswer.Part part) {
              exchanges.ship(request.shipping(), part, answer);
            } else {
              answer.accept(FragmentAnswer.toBytes(made));
            }
          });
    } catch (RejectedExecutionException full) {
      answer.accept(FragmentAnswer.toBytes(FragmentAnswer.Plain.BUSY));
    }
  }

  private FragmentAnswer run(
      FragmentRequest request, Job job, AtomicReferenceArray<ShardReads> reads) {
    ShardReads[] found = new ShardReads[reads.length()];
    for (int i = 0; i < found.length; i++) {
      found[i] = reads.get(i);
      if (found[i] == null) {
        return FragmentAnswer.Plain.NOT_LEADER;
      }
    }
    RangeRows rows = new RangeRows(request, found, clock, PIECE_NANOS);
    FragmentAnswer answer =
        answering(
            () -> {
              try {
                FragmentEngine.Output output = job.program.run(rows, request.mostRows());
                long[] terms = Arrays.stream(found).mapToLong(ShardReads::term).toArray();
                return new FragmentAnswer.Part(
                    rows.done(),
                    rows.last(),
                    terms,
                    rows.read(),
                    output.passed(),
                    output.rows(),
                    output.bytes());
              } catch (RangeRows.EndedException ended) {
                return ended.answer();
              }
            });
    // Whatever was found is true only if the node has led all the while.
    return Arrays.stream(found).allMatch(ShardReads::stands)
        ? answer
        : FragmentAnswer.Plain.NOT_LEADER;
  }

  /// What some work answers, or how it fails.
  static FragmentAnswer answering(Supplier<FragmentAnswer> work) {
    try {
      return work.get();
    } catch (SqlException failed) {
      return new FragmentAnswer.Failed(failed);
    } catch (IllegalArgumentException unknown) {
      return FragmentAnswer.Plain.CANNOT;
    } catch (RuntimeException broken) {
      System.getLogger(FragmentServer.class.getName())
          .log(System.Logger.Level.ERROR, "a fragment broke", broken);
      return new FragmentAnswer.Failed(
          new SqlException(SqlState.INTERNAL_ERROR, "a fragment failed: " + broken, broken));
    }
  }

  /// Returns when no piece is being worked at any more: nobody reads in the shards' stores then.
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(IDLE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchanges.close();
  }
}
