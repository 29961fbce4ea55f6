package io.trencadis.sql.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Takes notifications from the sessions that send them to the sessions that listen, all of this
/// node. Thread-safe.
final class Notifications {
  /// Held by a transaction that notifies, from before it commits until its messages are out: so
  /// that they come in the order of commits.
  private final ReentrantLock order = new ReentrantLock(true);

  private final Map<SessionNotifications, Set<String>> listeners = new ConcurrentHashMap<>();

  /// Runs a commit and then sends what it notified. A commit that fails sends nothing.
  void commit(Runnable commit, Runnable send) {
    order.lock();
    try {
      commit.run();
      send.run();
    } finally {
      order.unlock();
    }
  }

  /// Whether any session listens.
  boolean any() {
    return !listeners.isEmpty();
  }

  void listen(SessionNotifications session, Set<String> channels) {
    if (channels.isEmpty()) {
      listeners.remove(session);
    } else {
      listeners.put(session, Set.copyOf(channels));
    }
  }

  void send(int databaseOid, List<Notification> messages) {
    for (Map.Entry<SessionNotifications, Set<String>> entry : listeners.entrySet()) {
      if (entry.getKey().databaseOid() != databaseOid) {
        continue;
      }
      List<Notification> heard = new ArrayList<>();
      for (Notification message : messages) {
        if (entry.getValue().contains(message.channel())) {
          heard.add(message);
        }
      }
      if (!heard.isEmpty()) {
        entry.getKey().receive(heard);
      }
    }
  }
}
