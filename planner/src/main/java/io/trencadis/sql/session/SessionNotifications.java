package io.trencadis.sql.session;

import io.trencadis.base.SqlException;
import io.trencadis.base.SqlState;
import io.trencadis.sharding.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/// LISTEN, NOTIFY and UNLISTEN of one session. What a transaction says of them happens when it
/// commits. Confined to the session's thread, but for [#receive].
final class SessionNotifications {
  private static final int LONGEST_CHANNEL = 63;
  private static final int LONGEST_PAYLOAD = 7999;

  private final Notifications notifications;
  private final int databaseOid;
  private final int processId;
  private final Set<String> channels = new LinkedHashSet<>();
  private final Queue<Notification> arrived = new ConcurrentLinkedQueue<>();
  private volatile Runnable whenArrived = () -> {};

  /// What the transaction asks for, in order. Notifications that are equal are one.
  private Set<Request> pending = new LinkedHashSet<>();

  private int listens;

  private sealed interface Request {
    record Listen(String channel, int number) implements Request {}

    /// @param channel null for all
    record Unlisten(String channel, int number) implements Request {}

    record Notify(String channel, String payload) implements Request {}
  }

  SessionNotifications(Notifications notifications, int databaseOid, int processId) {
    this.notifications = notifications;
    this.databaseOid = databaseOid;
    this.processId = processId;
  }

  int databaseOid() {
    return databaseOid;
  }

  /// @param wake called by any thread when something has arrived; must not block
  void whenArrived(Runnable wake) {
    whenArrived = wake;
  }

  void listen(String channel) {
    pending.add(new Request.Listen(channel, listens++));
  }

  /// @param channel null for all
  void unlisten(String channel) {
    pending.add(new Request.Unlisten(channel, listens++));
  }

  /// @throws SqlException 22023
  void notify(String channel, String payload) {
    String obstacle =
        channel == null || channel.isEmpty()
            ? "channel name cannot be empty"
            : bytes(channel) > LONGEST_CHANNEL
                ? "channel name too long"
                : payload != null && bytes(payload) > LONGEST_PAYLOAD
                    ? "payload string too long"
                    : null;
    if (obstacle != null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, obstacle);
    }
    pending.add(new Request.Notify(channel, payload == null ? "" : payload));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  List<String> channels() {
    return List.copyOf(channels);
  }

  // ---------------------------------------------------------------- transactions

  /// Whether the transaction asked for anything.
  boolean pending() {
    return !pending.isEmpty();
  }

  /// A point that [#rollbackTo] can go back to.
  int mark() {
    return pending.size();
  }

  void rollbackTo(int mark) {
    Set<Request> kept = new LinkedHashSet<>();
    for (Request request : pending) {
      if (kept.size() < mark) {
        kept.add(request);
      }
    }
    pending = kept;
  }

  /// Commits a transaction that asked for something, and does it.
  void commit(Runnable commit) {
    notifications.commit(
        commit,
        () -> {
          List<Notification> messages = messages();
          carryOut();
          if (!messages.isEmpty()) {
            notifications.send(databaseOid, messages);
          }
        });
  }

  /// As [#commit], where other nodes hear of it, too.
  ///
  /// @param store gives the store's transaction, which can write
  void commit(NotificationQueue queue, Supplier<Transaction> store, Runnable commit) {
    List<Notification> messages = messages();
    if (!messages.isEmpty()) {
      queue.write(store.get(), databaseOid, messages);
    }
    if (pending.stream().anyMatch(Request.Listen.class::isInstance)) {
      queue.follow();
    }
    commit.run();
    carryOut();
    if (!messages.isEmpty()) {
      if (!channels.isEmpty()) {
        // A session that listens to itself hears it with the answer.
        queue.deliver();
      }
      queue.cleanIfDue();
    }
  }

  /// What the transaction notifies, in order.
  private List<Notification> messages() {
    List<Notification> messages = new ArrayList<>();
    for (Request request : pending) {
      if (request instanceof Request.Notify(String channel, String payload)) {
        messages.add(new Notification(processId, channel, payload));
      }
    }
    return messages;
  }

  private void carryOut() {
    for (Request request : pending) {
      switch (request) {
        case Request.Listen(String channel, _) -> channels.add(channel);
        case Request.Unlisten(String channel, _) -> {
          if (channel == null) {
            channels.clear();
          } else {
            channels.remove(channel);
          }
        }
        case Request.Notify _ -> {}
      }
    }
    pending = new LinkedHashSet<>();
    notifications.listen(this, channels);
  }

  /// Listens to nothing any more, at once.
  void close() {
    channels.clear();
    notifications.listen(this, channels);
  }

  // ---------------------------------------------------------------- arrival

  /// Any thread.
  void receive(List<Notification> messages) {
    arrived.addAll(messages);
    whenArrived.run();
  }

  void deliver(ResponseSink sink) {
    for (Notification next = arrived.poll(); next != null; next = arrived.poll()) {
      sink.notification(next.processId(), next.channel(), next.payload());
    }
  }
}
