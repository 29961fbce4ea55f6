package io.trencadis.sql.session;

import io.trencadis.base.ByteReader;
import io.trencadis.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/// The sessions of a cluster that hold one advisory lock for longer than a transaction: what the
/// lock's row says. Immutable.
record AdvisoryHolders(List<Holder> holders) {
  /// A session.
  ///
  /// @param incarnation its node's life, see [io.trencadis.sharding.Gateway#incarnation]
  record Holder(long incarnation, int processId, boolean shared) {
    boolean isOf(long itsIncarnation, int itsProcessId) {
      return incarnation == itsIncarnation && processId == itsProcessId;
    }
  }

  /// @param row null for none
  static AdvisoryHolders read(byte[] row) {
    List<Holder> holders = new ArrayList<>();
    if (row != null) {
      ByteReader in = new ByteReader(row);
      while (in.remaining() > 0) {
        holders.add(new Holder(in.getLong(), in.getInt(), in.getByte() != 0));
      }
    }
    return new AdvisoryHolders(List.copyOf(holders));
  }

  /// @return null where nobody holds it: then there is no row
  byte[] toRow() {
    if (holders.isEmpty()) {
      return null;
    }
    ByteWriter out = new ByteWriter();
    for (Holder each : holders) {
      out.putLong(each.incarnation).putInt(each.processId).putByte(each.shared ? 1 : 0);
    }
    return out.toByteArray();
  }

  /// @param isGone told a node's incarnation
  AdvisoryHolders without(LongPredicate isGone) {
    return new AdvisoryHolders(
        holders.stream().filter(each -> !isGone.test(each.incarnation)).toList());
  }

  AdvisoryHolders without(Holder one) {
    return new AdvisoryHolders(holders.stream().filter(each -> !each.equals(one)).toList());
  }

  AdvisoryHolders with(Holder one) {
    List<Holder> more = new ArrayList<>(holders);
    more.add(one);
    return new AdvisoryHolders(List.copyOf(more));
  }

  /// Whether a session has to wait for another one.
  boolean areInTheWayOf(Holder wanted) {
    return holders.stream()
        .anyMatch(
            each ->
                !each.isOf(wanted.incarnation, wanted.processId)
                    && !(each.shared && wanted.shared));
  }
}
