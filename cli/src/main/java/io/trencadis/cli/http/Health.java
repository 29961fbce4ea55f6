package io.trencadis.cli.http;

import java.util.Locale;
import java.util.function.Supplier;

/// Whether a node is alive and ready for clients, and if not, why. Thread-safe.
///
/// A node of a cluster that is up may have to wait for others: `waiting`, until it goes on.
///
/// ```
///   RECOVERING ──▶ READY ──▶ DRAINING
///        └───────────┴──────────┴────▶ FAILED
/// ```
public final class Health {
  enum State {
    RECOVERING,
    READY,
    DRAINING,
    FAILED
  }

  private record Now(State state, String reason) {}

  /// What a node that is up has to wait for; null for nothing.
  private volatile Supplier<String> obstacle = () -> null;

  private Now now = new Now(State.RECOVERING, "the node is starting and reads its log");

  /// Says what a node that is not ready yet is doing.
  public synchronized void starting(String reason) {
    if (now.state == State.RECOVERING) {
      now = new Now(State.RECOVERING, reason);
    }
  }

  /// Clients are served from now on.
  public void ready() {
    become(State.READY, null);
  }

  /// From now on a node that is up is ready only while nothing is in the way.
  ///
  /// @param what tells what is, or null; must not wait
  public void obstacle(Supplier<String> what) {
    obstacle = what;
  }

  /// The node is about to end, and new clients had better go elsewhere.
  public void draining() {
    become(State.DRAINING, "the node is shutting down");
  }

  /// The node stops at once.
  ///
  /// @param reason for the operator
  public void failed(String reason) {
    become(State.FAILED, reason);
  }

  /// States are only ever left for later ones: a start that ends behind a stop does not undo it.
  private synchronized void become(State state, String reason) {
    if (state.compareTo(now.state) > 0) {
      now = new Now(state, reason);
    }
  }

  private synchronized Now now() {
    return now;
  }

  /// Whether clients are served and none is asked to go.
  public boolean isReady() {
    return now().state == State.READY && obstacle.get() == null;
  }

  /// The process answers: all that a probe of life should ask, since what a restart does not heal
  /// is no reason for one.
  public Answer live() {
    return json(200, "live", null);
  }

  /// 200 if new clients are welcome, else 503 and the reason.
  public Answer readiness() {
    Now at = now();
    String waitsFor = at.state == State.READY ? obstacle.get() : null;
    if (waitsFor != null) {
      return json(503, "waiting", waitsFor);
    }
    return json(
        at.state == State.READY ? 200 : 503, at.state.name().toLowerCase(Locale.ROOT), at.reason);
  }

  private static Answer json(int status, String state, String reason) {
    String body =
        "{\"status\":\""
            + state
            + "\""
            + (reason == null ? "" : ",\"reason\":\"" + escaped(reason) + "\"")
            + "}\n";
    return new Answer(status, "application/json", body);
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
