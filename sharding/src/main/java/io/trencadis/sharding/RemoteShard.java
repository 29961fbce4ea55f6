package io.trencadis.sharding;

import io.trencadis.txn.distributed.Message;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.ReplyTo;
import io.trencadis.txn.message.Request;
import io.trencadis.txn.participant.Snapshots;
import java.util.function.BooleanSupplier;

/// A transaction's link to one shard: its requests are numbered, and said again until they are
/// answered (rule 7). Reads need that only once something was done at the shard.
final class RemoteShard implements ShardDoor {
  private final long txn;
  private final int shard;
  private final ClusterNetwork network;
  private final BooleanSupplier hasEffects;

  // Guarded by this object's monitor.
  private long term;
  private int number;

  /// Reads while nothing was done at the shard; their numbers are negative.
  private int reads;

  private Message.ToShard out;
  private boolean cancelled;
  private boolean abandoned;
  private ReplyTo replyTo;

  /// @param hasEffects whether the transaction has done something at the shard that must not be
  ///   forgotten there
  RemoteShard(long txn, int shard, ClusterNetwork network, BooleanSupplier hasEffects) {
    this.txn = txn;
    this.shard = shard;
    this.network = network;
    this.hasEffects = hasEffects;
  }

  @Override
  public void submit(Request request, ReplyTo to) {
    Message message;
    synchronized (this) {
      switch (request) {
        case Request.CancelWait _ -> {
          if (out == null) {
            return;
          }
          cancelled = true;
          message = new Message.CancelAtShard(txn, shard, out.number());
        }
        // The transaction says so to all shards at once when it is over.
        case Request.Abort _ -> {
          return;
        }
        default -> {
          if (abandoned) {
            to.reply(shard, Reply.Refused.INSTANCE);
            return;
          }
          boolean read =
              request instanceof Request.Get
                  || request instanceof Request.Scan
                  || request instanceof Request.ReadAll;
          out =
              read && !hasEffects.getAsBoolean()
                  ? new Message.ToShard(txn, shard, 0, - ++reads, request)
                  : new Message.ToShard(txn, shard, term, ++number, request);
          cancelled = false;
          replyTo = to;
          message = out;
        }
      }
    }
    network.toShard(shard, message);
  }

  /// Nothing was heard for a while.
  void again() {
    Message.ToShard pending;
    boolean cancel;
    synchronized (this) {
      pending = out;
      cancel = cancelled;
    }
    if (pending != null) {
      network.toShard(shard, pending);
      if (cancel) {
        network.toShard(shard, new Message.CancelAtShard(txn, shard, pending.number()));
      }
    }
  }

  void on(Message.FromShard message) {
    // With the monitor held: a reply that was given up must not come into the next one's place.
    synchronized (this) {
      if (out == null || out.number() != message.number()) {
        return;
      }
      if (term == 0 && message.number() > 0) {
        term = message.term();
      }
      out = null;
      replyTo.reply(shard, message.reply());
    }
  }

  @Override
  public boolean mayBeSilent() {
    return true;
  }

  /// The request keeps its number: a shard that has not seen it refuses to prepare.
  @Override
  public synchronized void abandon() {
    out = null;
    abandoned = true;
  }

  /// What the gateway believes of the shard.
  ///
  /// @param requests how many requests had an effect there
  synchronized Message.ShardState state(int requests) {
    return new Message.ShardState(shard, term, number, requests);
  }

  @Override
  public Snapshots snapshots() {
    return null;
  }
}
