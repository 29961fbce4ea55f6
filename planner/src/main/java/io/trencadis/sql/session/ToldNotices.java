package io.trencadis.sql.session;

import java.util.ArrayList;
import java.util.List;

/// The notices that functions have sent while a request runs. A statement that has to start again
/// sends them again: the client gets what it has got already no second time. Confined to the
/// session's thread.
final class ToldNotices {
  private static final int MOST = 1_000;

  private final List<Notice> sent = new ArrayList<>();
  private int at;

  /// A request begins.
  void begin() {
    if (!sent.isEmpty()) {
      sent.clear();
    }
    at = 0;
  }

  /// A statement begins; what came before it stays told.
  ///
  /// @return where it begins, for [#again]
  int mark() {
    return at;
  }

  /// The statement that began at a mark is run again.
  void again(int mark) {
    at = Math.min(mark, sent.size());
  }

  /// Whether anything was told since the request began.
  boolean any() {
    return !sent.isEmpty();
  }

  /// Notes a notice.
  ///
  /// @return whether the client has it from the last time
  boolean repeats(Notice notice) {
    if (at < sent.size() && sent.get(at).equals(notice)) {
      at++;
      return true;
    }
    while (sent.size() > at) {
      sent.removeLast();
    }
    if (sent.size() < MOST) {
      sent.add(notice);
      at = sent.size();
    }
    return false;
  }
}
