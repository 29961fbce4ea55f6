package io.trencadis.sql.session;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.base.SqlException;
import io.trencadis.sharding.Peers;
import io.trencadis.sql.catalog.RecordJson;
import io.trencadis.txn.lock.LockView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The sessions of all nodes, as one of them finds them: it asks the others, and passes over those
/// that do not answer. Thread-safe.
final class ClusterSessions {
  private static final RecordJson JSON = new RecordJson();
  private static final byte REPORT = 1;
  private static final byte SIGNAL = 2;

  private final LocalSqlEngine engine;
  private final Peers peers;

  ClusterSessions(LocalSqlEngine engine, Peers peers) {
    this.engine = engine;
    this.peers = peers;
    peers.serve(this::answer);
  }

  private byte[] answer(byte[] question) {
    ByteReader in = new ByteReader(question);
    if (in.getByte() == SIGNAL) {
      boolean there = engine.signal(in.getInt(), in.getByte() != 0);
      return new byte[] {(byte) (there ? 1 : 0)};
    }
    List<SessionReport.Lock> locks =
        engine.gateway().locks().stream().map(SessionReport.Lock::of).toList();
    try {
      return JSON.write(
          new SessionReport(engine.activity(), engine.owners(), locks), SessionReport.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<Integer, SessionReport> reports() {
    Map<Integer, SessionReport> reports = new LinkedHashMap<>();
    peers
        .ask(new byte[] {REPORT})
        .forEach(
            (node, answer) -> {
              try {
                reports.put(node, JSON.read(answer, SessionReport.class));
              } catch (IOException e) {
                throw SqlException.internal("node " + node + " tells of its sessions: " + e);
              }
            });
    return reports;
  }

  /// What all sessions do, by node. Waits for the other nodes.
  Map<Integer, List<CatalogAccess.Activity>> activity() {
    Map<Integer, List<CatalogAccess.Activity>> all = new LinkedHashMap<>();
    all.put(peers.self(), engine.activity());
    reports().forEach((node, report) -> all.put(node, report.activity()));
    return all;
  }

  /// All locks of all sessions. Waits for the other nodes.
  List<LockInfo> locks() {
    List<SessionOwner> owners = new ArrayList<>(engine.owners());
    List<LockView> views = new ArrayList<>(engine.gateway().locks());
    for (SessionReport report : reports().values()) {
      owners.addAll(report.owners());
      report.locks().forEach(lock -> views.add(lock.view()));
    }
    return new LockList(owners, engine.gateway().preparedTransactions().list()).list(views);
  }

  /// Cancels what a session does, or ends it, wherever it is; see [CatalogAccess#signal].
  boolean signal(int processId, boolean terminate) {
    if (engine.signal(processId, terminate)) {
      return true;
    }
    byte[] question =
        new ByteWriter(8)
            .putByte(SIGNAL)
            .putInt(processId)
            .putByte(terminate ? 1 : 0)
            .toByteArray();
    return peers.ask(question).values().stream().anyMatch(answer -> answer[0] != 0);
  }
}
