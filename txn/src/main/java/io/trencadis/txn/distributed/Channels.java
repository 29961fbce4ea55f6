package io.trencadis.txn.distributed;

import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import io.trencadis.txn.message.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// At one shard: which messages of a transaction are to be carried out (rule 7). Each once, in
/// order, in the term they were meant for; only the first one opens anything.
///
/// A channel, once closed, stays so until its gateway says that the transaction is over: else a
/// late copy of the first message would open it again, with other answers than the gateway had.
///
/// Without that, a transaction writes x1 here, the shard restarts and forgets it, the transaction
/// writes x2, and commits x2 only.
///
/// Single-threaded.
public final class Channels {
  /// What to do with a message.
  public enum Verdict {
    /// Carry it out.
    APPLY,
    /// It was carried out: send [#lastReply] again.
    REPEAT,
    /// It is being carried out, or comes too early or too late.
    IGNORE,
    /// The shard does not know what it builds on: answer [Reply.Refused].
    REFUSE
  }

  private static final class Channel {
    int last;

    /// To the last message; null while that is being carried out.
    Reply reply;

    /// Whether the transaction is over here, for whatever reason. What comes late must not open it
    /// again: the gateway may not know, and believe that what it was told before still holds.
    boolean closed;
  }

  private final long term;
  private final Rules rules;
  private final Map<Long, Channel> channels = new HashMap<>();

  /// @param term never that of an earlier life of the shard; greater than 0
  public Channels(long term, Rules rules) {
    this.term = term;
    this.rules = rules;
  }

  public long term() {
    return term;
  }

  /// Judges a message, and notes that it is carried out if so.
  public Verdict judge(Message.ToShard message) {
    boolean strict = rules.has(Rule.MESSAGES_NAME_THE_TERM);
    if (strict && message.term() != 0 && message.term() != term) {
      return Verdict.REFUSE;
    }
    Channel channel = channels.get(message.txn());
    if (channel == null) {
      if (strict && message.number() != 1) {
        return Verdict.REFUSE;
      }
      channel = new Channel();
      channel.last = message.number();
      channels.put(message.txn(), channel);
      return Verdict.APPLY;
    }
    if (channel.closed && strict) {
      return Verdict.REFUSE;
    }
    if (message.number() == channel.last) {
      return channel.reply == null ? Verdict.IGNORE : Verdict.REPEAT;
    }
    if (message.number() != channel.last + 1) {
      return Verdict.IGNORE;
    }
    channel.last = message.number();
    channel.reply = null;
    return Verdict.APPLY;
  }

  /// Whether one of a transaction's numbered messages is being carried out.
  boolean isBusy(long txn) {
    Channel channel = channels.get(txn);
    return channel != null && !channel.closed && channel.reply == null;
  }

  /// Whether the message of that number is being carried out.
  boolean isBusyWith(long txn, int number) {
    return isBusy(txn) && channels.get(txn).last == number;
  }

  /// Whether a message would open a channel.
  boolean opens(Message.ToShard message) {
    return message.number() == 1 && !channels.containsKey(message.txn());
  }

  /// The reply to the message that was carried out last.
  public void replied(long txn, int number, Reply reply) {
    Channel channel = channels.get(txn);
    if (channel != null && channel.last == number && !channel.closed) {
      channel.reply = reply;
    }
  }

  public Reply lastReply(long txn) {
    return channels.get(txn).reply;
  }

  /// Whether all that a gateway sent here was carried out here, in this term.
  public boolean agrees(long txn, Message.ShardState state) {
    if (!rules.has(Rule.MESSAGES_NAME_THE_TERM)) {
      return true;
    }
    Channel channel = channels.get(txn);
    return channel != null
        && !channel.closed
        && state.term() == term
        && channel.last == state.number()
        && channel.reply != null;
  }

  /// The transaction is over here.
  public void close(long txn) {
    Channel channel = channels.computeIfAbsent(txn, _ -> new Channel());
    channel.closed = true;
    channel.reply = null;
  }

  /// Adds those that are not over here.
  void addOpen(Collection<Long> to) {
    channels.forEach(
        (txn, channel) -> {
          if (!channel.closed) {
            to.add(txn);
          }
        });
  }

  /// Those of a gateway below an id that are not over here.
  public List<Long> openBelow(int gateway, long id) {
    List<Long> below = new ArrayList<>();
    channels.forEach(
        (txn, channel) -> {
          if (TransactionId.gateway(txn) == gateway && txn < id && !channel.closed) {
            below.add(txn);
          }
        });
    below.sort(null);
    return below;
  }

  /// Nothing comes any more of those of a gateway that are over here, below an id.
  public void forgetBelow(int gateway, long id) {
    channels
        .entrySet()
        .removeIf(
            entry ->
                TransactionId.gateway(entry.getKey()) == gateway
                    && entry.getKey() < id
                    && entry.getValue().closed);
  }
}
