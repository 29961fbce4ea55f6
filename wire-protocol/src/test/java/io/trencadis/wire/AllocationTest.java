package io.trencadis.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trencadis.sql.session.Endpoints;
import io.trencadis.sql.session.ResponseSink;
import io.trencadis.sql.session.ResultColumn;
import io.trencadis.sql.session.RowFormat;
import io.trencadis.sql.session.SqlEngine;
import io.trencadis.sql.session.SqlSession;
import io.trencadis.sql.types.TypeContext;
import io.trencadis.sql.types.Types;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a warm prepared point select costs in this module alone: the engine behind it makes no
/// garbage.
class AllocationTest {
  private static final int BATCHES = 20_000;

  private static final class ConstantEngine implements SqlEngine {
    @Override
    public Credentials credentials(String role) {
      return new Credentials(role, true, null);
    }

    @Override
    public SqlSession open(Map<String, String> parameters, int processId, Endpoints endpoints) {
      return new ConstantSession();
    }

    @Override
    public String setting(String name) {
      return null;
    }
  }

  private static final class ConstantSession implements SqlSession {
    private final RowFormat format =
        new RowFormat(
            List.of(new ResultColumn("i", Types.INT4, -1, 0, 0)),
            new short[0],
            TypeContext.DEFAULTS);
    private final Object[] row = {42};

    @Override
    public void awaitFollowed() {}

    @Override
    public void query(String sql, ResponseSink sink) {}

    @Override
    public void parse(String name, String sql, int[] parameterTypes, ResponseSink sink) {}

    @Override
    public void bind(
        String portal,
        String statement,
        short[] parameterFormats,
        byte[][] parameters,
        short[] resultFormats,
        ResponseSink sink) {}

    @Override
    public StatementDescription describeStatement(String name) {
      return null;
    }

    @Override
    public RowFormat describePortal(String name) {
      return format;
    }

    @Override
    public void execute(String portal, int maxRows, ResponseSink sink) {
      sink.row(format, row);
      sink.complete("SELECT 1");
    }

    @Override
    public void closeStatement(String name) {}

    @Override
    public void closePortal(String name) {}

    @Override
    public void sync(ResponseSink sink) {}

    @Override
    public void failed() {}

    @Override
    public TransactionStatus status() {
      return TransactionStatus.IDLE;
    }

    @Override
    public long idleTimeoutMillis() {
      return 0;
    }

    @Override
    public boolean runsWithoutBlocking(Request request, String text) {
      return true;
    }

    @Override
    public void mayBlock(boolean allowed) {}

    @Override
    public void cancel(io.trencadis.base.SqlException reason) {}

    @Override
    public Map<String, String> reportedSettings() {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  /// Bytes allocated so far by all event loops.
  private static long allocatedByLoops() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = 0;
    for (long id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      if (info != null && info.getThreadName().startsWith("wire-io")) {
        bytes += threads.getThreadAllocatedBytes(id);
      }
    }
    return bytes;
  }

  @Test
  void aWarmPointSelectMakesLessThanAKilobyteOfGarbage() throws Exception {
    WireServer server = new WireServer(new ConstantEngine(), WireConfig.loopback(0));
    server.start();
    try (RawClient client = RawClient.connect(server.port())) {
      Thread.sleep(100);
      byte[] batch =
          Frames.all(
                  Frames.bind("", "S_1", "12345"),
                  Frames.describe('P', ""),
                  Frames.execute("", 0),
                  Frames.sync())
              .toByteArray();
      long before = 0;
      for (int i = 0; i < 2 * BATCHES; i++) {
        if (i == BATCHES) {
          before = allocatedByLoops();
        }
        client.raw(batch);
        char last = 0;
        while (last != 'Z') {
          last = client.next().type();
        }
      }
      long each = (allocatedByLoops() - before) / BATCHES;
      assertTrue(each > 0 && each < 1024, each + " bytes a batch");
    } finally {
      server.stop(2_000);
    }
    assertEquals(0, server.connectionCount());
  }
}
