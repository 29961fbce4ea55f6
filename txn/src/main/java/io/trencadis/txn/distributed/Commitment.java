package io.trencadis.txn.distributed;

import io.trencadis.txn.Rule;
import io.trencadis.txn.Rules;
import io.trencadis.txn.message.ReadPart;
import io.trencadis.txn.message.Reply;
import io.trencadis.txn.message.TimestampAnswer;
import io.trencadis.txn.message.TimestampQuestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The commit of one transaction that wrote at one or several logs, at its gateway.
/// Single-threaded; no clock, thread or socket. What gets no answer is said again at each [#wake].
///
/// ```
/// PREPARING ──all prepared──► ASKING ──timestamp──► VALIDATING ──all valid──► DECIDING ──► COMMITTED
///     │ refused                  │ abort               │ a conflict              │
///     └──────────────────────────┴─────────────────────┴──► ABORTED ◄────────────┘ anchor says so
/// ```
///
/// Invariants:
/// - the commit timestamp is asked for when every log has said that it is prepared, durably
/// - what was read is validated, and shards where something is only locked are found in their term,
///   after it is known
/// - once Decide was sent, nothing but the anchor's answer ends it
/// - a question is answered "not asked for" only while the oracle has not been asked
public final class Commitment {
  /// Where the machine stands; see the class.
  public enum State {
    PREPARING,
    ASKING,
    VALIDATING,
    DECIDING,
    COMMITTED,
    ABORTED
  }

  /// What a step wants done. Called within the step.
  public interface Effects {
    void toLog(int log, Message message);

    /// Asks the oracle; what it issues goes to [Commitment#timestamp].
    ///
    /// @param number tells this question from all others that the gateway has asked for the
    ///   transaction; grows
    void askOracle(int number);

    /// Sends a shard the next numbered request of the transaction; its reply goes to
    /// [Commitment#checked].
    void validate(int shard, ReadPart reads, long upTo);

    void answer(int shard, TimestampAnswer answer);
  }

  private record Question(int shard, TimestampQuestion question) {}

  private static final ReadPart NOTHING = new ReadPart(new byte[0][], new byte[0][], new byte[0][]);

  private final long txn;
  private final Rules rules;
  private final SortedMap<Integer, List<Message.ShardState>> written;
  private final int anchor;
  private final Map<Integer, ReadPart> reads;
  private final boolean waits;
  private final List<Question> questions = new ArrayList<>();
  private final Set<Integer> awaited = new TreeSet<>();
  private State state = State.PREPARING;
  private int firstQuestion;
  private int lastQuestion;
  private long commitTs;

  /// @param written the shards written, by their log
  /// @param anchor the log of the first one
  /// @param reads what has to be valid at the commit timestamp, by shard; empty where something is
  ///   only locked
  /// @param waits whether it waits for transactions prepared by name; else it is refused where it
  ///   would have to
  /// @param questions how often the oracle has been asked for the transaction
  public Commitment(
      long txn,
      Map<Integer, List<Message.ShardState>> written,
      int anchor,
      Map<Integer, ReadPart> reads,
      boolean waits,
      int questions,
      Rules rules) {
    this.txn = txn;
    this.written = new TreeMap<>(written);
    this.anchor = anchor;
    this.reads = new TreeMap<>(reads);
    this.waits = waits;
    this.lastQuestion = questions;
    this.rules = rules;
  }

  public static ReadPart onlyLocks() {
    return NOTHING;
  }

  public State state() {
    return state;
  }

  /// The place in the order; 0 until there is one.
  public long commitTs() {
    return commitTs;
  }

  public void start(Effects out) {
    awaited.addAll(written.keySet());
    awaited.forEach(log -> sendPrepare(log, out));
  }

  private void sendPrepare(int log, Effects out) {
    List<Integer> logs = List.copyOf(written.keySet());
    out.toLog(log, new Message.Prepare(txn, log, written.get(log), anchor, logs, waits));
  }

  public void on(Message.Prepared answer, Effects out) {
    if (state != State.PREPARING) {
      return;
    }
    if (!answer.prepared()) {
      abort(out);
    } else if (awaited.remove(answer.log()) && awaited.isEmpty()) {
      state = State.ASKING;
      firstQuestion = lastQuestion + 1;
      ask(out);
    }
  }

  private void ask(Effects out) {
    out.askOracle(++lastQuestion);
  }

  /// What the oracle has issued for a question. An answer to an earlier question may be older than
  /// the marks (rule 1).
  public void timestamp(int number, long ts, Effects out) {
    if (state != State.ASKING || (number < firstQuestion && rules.has(Rule.TIMESTAMPS_ARE_FRESH))) {
      return;
    }
    commitTs = ts;
    questions.forEach(each -> out.answer(each.shard, answer(each.question, ts)));
    questions.clear();
    state = State.VALIDATING;
    reads.forEach(
        (shard, part) -> {
          if (part != NOTHING || rules.has(Rule.LOCKS_CONFIRM_THE_TERM)) {
            awaited.add(shard);
            out.validate(shard, part, ts);
          }
        });
    decideIfValid(out);
  }

  /// A shard's reply to the validation.
  public void checked(int shard, Reply reply, Effects out) {
    if (state != State.VALIDATING || !awaited.remove(shard)) {
      return;
    }
    if (reply == Reply.Valid.INSTANCE) {
      decideIfValid(out);
    } else {
      abort(out);
    }
  }

  private void decideIfValid(Effects out) {
    if (awaited.isEmpty()) {
      state = State.DECIDING;
      out.toLog(anchor, new Message.Decide(txn, commitTs));
    }
  }

  public void on(Message.Decision decision, Effects out) {
    if (state != State.DECIDING) {
      return;
    }
    if (decision.commitTs() == Message.ABORTED) {
      end(out);
    } else {
      state = State.COMMITTED;
    }
  }

  /// Gives up, in any state before DECIDING. No commit is ever sent for the id then, so nothing has
  /// to be written down about it.
  public void abort(Effects out) {
    if (state == State.DECIDING || state == State.COMMITTED) {
      throw new IllegalStateException("transaction " + txn + " may have been decided");
    }
    if (state != State.ABORTED) {
      end(out);
    }
  }

  private void end(Effects out) {
    state = State.ABORTED;
    questions.forEach(each -> out.answer(each.shard, answer(each.question, TimestampAnswer.ENDED)));
    questions.clear();
    written.keySet().forEach(log -> out.toLog(log, new Message.Resolve(txn, Message.ABORTED)));
  }

  /// Time has passed without an end.
  public void wake(Effects out) {
    switch (state) {
      case PREPARING -> awaited.forEach(log -> sendPrepare(log, out));
      case ASKING -> ask(out);
      case DECIDING -> out.toLog(anchor, new Message.Decide(txn, commitTs));
      // Numbered requests are said again by whoever numbers them.
      case VALIDATING, COMMITTED, ABORTED -> {}
    }
  }

  /// A shard asks for the timestamp.
  public void on(int shard, TimestampQuestion question, Effects out) {
    if (state == State.ABORTED) {
      out.answer(shard, answer(question, TimestampAnswer.ENDED));
    } else if (commitTs != 0) {
      out.answer(shard, answer(question, commitTs));
    } else if (state == State.PREPARING) {
      out.answer(shard, answer(question, TimestampAnswer.NOT_ASKED));
    } else {
      questions.add(new Question(shard, question));
    }
  }

  private static TimestampAnswer answer(TimestampQuestion question, long ts) {
    return new TimestampAnswer(question.about(), question.attempt(), question.askerTs(), ts);
  }
}
