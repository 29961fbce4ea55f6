package io.trencadis.sharding.fragment;

import io.trencadis.base.Clock;
import io.trencadis.base.SqlException;
import io.trencadis.storage.Keys;
import io.trencadis.storage.RowBlock;
import io.trencadis.txn.RelationRef;
import io.trencadis.txn.message.Reply;
import java.util.concurrent.locks.LockSupport;

/// The rows of a request's ranges, one range after the other, until its time is over. Confined to
/// one thread.
final class RangeRows implements FragmentEngine.Rows {
  /// How long to rest before it is looked again whether something has committed.
  private static final long REST_NANOS = 500_000;

  private final FragmentRequest request;
  private final FragmentServer.ShardReads[] reads;
  private final RelationRef relation;
  private final RelationRef[] others;
  private final Clock clock;
  private final long deadline;
  private Place place = new Place(0, null, 0);
  private Place kept = place;

  /// The range of the rows read last.
  private int current;

  /// Where reading has come to.
  ///
  /// @param range which is read
  /// @param last the last key read of it; null for none
  /// @param read how many rows were
  private record Place(int range, byte[] last, long read) {}

  /// Thrown where a shard has another answer than rows.
  static final class EndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient FragmentAnswer answer;

    EndedException(FragmentAnswer answer) {
      super("ended", null, false, false);
      this.answer = answer;
    }

    FragmentAnswer answer() {
      return answer;
    }
  }

  RangeRows(
      FragmentRequest request, FragmentServer.ShardReads[] reads, Clock clock, long pieceNanos) {
    this.request = request;
    this.reads = reads;
    this.clock = clock;
    this.deadline = clock.nanoTime() + pieceNanos;
    this.relation = new RelationRef(request.relationId(), request.schemaVersion(), "");
    this.others =
        request.others().stream()
            .map(other -> new RelationRef(other.relationId(), other.schemaVersion(), ""))
            .toArray(RelationRef[]::new);
  }

  @Override
  public void read(RowBlock into, int most) {
    while (place.range < reads.length && clock.nanoTime() - deadline < 0) {
      FragmentRequest.Range range = request.ranges().get(place.range);
      byte[] from = place.last == null ? range.from() : Keys.successor(place.last);
      Reply reply = reads[place.range].read(relation, from, range.to(), request.readTs(), most);
      switch (reply) {
        case Reply.Rows(RowBlock rows, boolean done) -> {
          current = place.range;
          int count = rows.count();
          byte[] last = count == 0 ? place.last : rows.key(count - 1);
          long read = place.read + count;
          place =
              done ? new Place(place.range + 1, null, read) : new Place(place.range, last, read);
          if (count > 0) {
            into.swap(rows);
            return;
          }
        }
        case Reply.WouldBlock _ -> LockSupport.parkNanos(this, REST_NANOS);
        default -> throw ended(reply);
      }
    }
  }

  private static EndedException ended(Reply reply) {
    return new EndedException(
        switch (reply) {
          case Reply.SchemaChanged(int changed, long version) ->
              new FragmentAnswer.SchemaChanged(changed, version);
          case Reply.Failed(SqlException why) -> new FragmentAnswer.Failed(why);
          default -> FragmentAnswer.Plain.NOT_LEADER;
        });
  }

  @Override
  public int shard() {
    return request.ranges().get(current).shard();
  }

  @Override
  public boolean look(int other, byte[] from, byte[] to, RowBlock into, int most) {
    while (true) {
      Reply reply = reads[current].read(others[other], from, to, request.readTs(), most);
      switch (reply) {
        case Reply.Rows(RowBlock rows, boolean done) -> {
          if (rows.count() > 0 || done) {
            into.swap(rows);
            return done;
          }
        }
        case Reply.WouldBlock _ -> {
          if (clock.nanoTime() - deadline > 0) {
            // What was read for this piece is given up: half a row's partners are nothing.
            throw new EndedException(FragmentAnswer.Plain.BUSY);
          }
          LockSupport.parkNanos(this, REST_NANOS);
        }
        default -> throw ended(reply);
      }
    }
  }

  @Override
  public byte[] slots() {
    return request.shipping() == null ? null : request.shipping().slots();
  }

  @Override
  public void keep() {
    kept = place;
  }

  @Override
  public void restart() {
    place = kept;
  }

  /// How many ranges were read to their end, of what is kept.
  int done() {
    return kept.range;
  }

  byte[] last() {
    return kept.last;
  }

  long read() {
    return kept.read;
  }
}
