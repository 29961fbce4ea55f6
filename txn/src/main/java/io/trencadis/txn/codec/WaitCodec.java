package io.trencadis.txn.codec;

import static io.trencadis.txn.codec.Fields.list;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import io.trencadis.txn.lock.WaitGraph;
import io.trencadis.txn.lock.Wanted;
import io.trencadis.txn.message.Request;
import java.util.List;

/// Who waits for whom at a node, and the end of a wait that closes a circle over several nodes.
public final class WaitCodec {
  private WaitCodec() {}

  public static void encode(ByteWriter to, List<WaitGraph.Wait> waits) {
    list(to, waits, WaitCodec::wait);
  }

  private static void wait(ByteWriter to, WaitGraph.Wait wait) {
    to.putLong(wait.txn()).putLong(wait.owner()).putInt(wait.shard()).putLong(wait.waitNumber());
    list(to, wait.blockers(), ByteWriter::putLong);
    Fields.wait(to, new Wanted.Wait(wait.txn(), wait.wanted()));
  }

  /// @throws RuntimeException for bytes that are no such list
  public static List<WaitGraph.Wait> decode(ByteReader from) {
    return list(
        from,
        in ->
            new WaitGraph.Wait(
                in.getLong(),
                in.getLong(),
                in.getInt(),
                in.getLong(),
                list(in, ByteReader::getLong),
                Fields.wait(in).wanted(),
                List.of()));
  }

  public static void encode(ByteWriter to, Request.BreakDeadlock request) {
    to.putLong(request.txn()).putLong(request.waitNumber());
    list(to, request.circle(), Fields::wait);
  }

  /// @throws RuntimeException for bytes that are no such request
  public static Request.BreakDeadlock decodeBreak(ByteReader from) {
    return new Request.BreakDeadlock(from.getLong(), from.getLong(), list(from, Fields::wait));
  }
}
