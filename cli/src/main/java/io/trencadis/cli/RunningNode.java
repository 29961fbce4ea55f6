package io.trencadis.cli;

import io.trencadis.cli.http.Health;
import io.trencadis.sql.session.settings.SettingsRegistry;
import java.util.concurrent.CountDownLatch;

/// A node that serves clients, and how it stops. Thread-safe.
///
/// The words are PostgreSQL's (manual, 19.5). *Smart*: no new clients, and transactions may end by
/// themselves, but not for ever as there, and sessions without one need not wait for their clients
/// to go. *Fast*: all sessions end now, transactions are rolled back. Both end with a checkpoint.
/// *Immediate* is what a kill or a loss of power does; the log has all that was acknowledged.
final class RunningNode implements AutoCloseable {
  /// The setting of how long a smart stop waits, in seconds.
  static final String DRAIN_SECONDS = "trencadis.drain_seconds";

  private final ServerAssembly server;
  private final OperatorPort operator;
  private final Health health;
  private final SettingsRegistry settings;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private boolean stopping;
  private volatile boolean hurried;

  RunningNode(
      ServerAssembly server, OperatorPort operator, Health health, SettingsRegistry settings) {
    this.server = server;
    this.operator = operator;
    this.health = health;
    this.settings = settings;
  }

  ServerAssembly server() {
    return server;
  }

  /// Where metrics are, or null if nowhere.
  String httpAddress() {
    return operator.url();
  }

  /// Begins a smart stop, or turns one that has begun into a fast one. Returns at once.
  void stopSmart() {
    stop(false);
  }

  /// Begins a fast stop. Returns at once.
  void stopFast() {
    stop(true);
  }

  private synchronized void stop(boolean fast) {
    health.draining();
    if (fast || stopping) {
      hurried = true;
      server.hurry();
    }
    if (!stopping) {
      stopping = true;
      Thread.ofPlatform().name("shutdown").start(this::drainAndClose);
    }
  }

  private void drainAndClose() {
    try {
      long seconds = Long.parseLong(settings.serverValue(settings.require(DRAIN_SECONDS)));
      server.beginHandOver(hurried ? 0 : seconds * 1_000);
      server.drain(seconds * 1_000);
      server.endHandOver(hurried);
      server.close();
    } finally {
      operator.close();
      stopped.countDown();
    }
  }

  /// Returns when a stop that was begun has ended.
  void awaitStopped() throws InterruptedException {
    stopped.await();
  }

  /// Stops fast.
  @Override
  public void close() {
    stopFast();
    try {
      awaitStopped();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
