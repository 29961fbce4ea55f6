package io.trencadis.txn;

import io.trencadis.storage.Keys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a shard of a cluster keeps of a transaction that is prepared by name (rule 14): a row of
/// the system's relation [#RELATION], at each shard where the transaction has written, locked or
/// read something that must stay, and at [#HOME]. The rows are written by the transaction's own
/// commit, which is PREPARE TRANSACTION, and deleted by that of whoever ends it; so they are
/// everywhere or nowhere, and copied, flushed and moved like all others.
///
/// @param txn its id
/// @param shards those that have such a row of it, [#HOME] first
/// @param part what it has at the row's shard
public record HeldRow(long txn, GlobalName name, List<Integer> shards, HeldRecord.Part part) {
  /// The relation of these rows; 5 is that of advisory locks.
  public static final int RELATION = 6;

  /// The shard that has a row of every transaction prepared by name, so that one place knows which
  /// names are taken and how many there are.
  public static final int HOME = 0;

  public HeldRow {
    shards = List.copyOf(shards);
  }

  /// The key of the rows of a name.
  public static byte[] key(String gid) {
    byte[] name = gid.getBytes(StandardCharsets.UTF_8);
    byte[] start = Keys.relationStart(RELATION);
    byte[] key = Arrays.copyOf(start, start.length + name.length);
    System.arraycopy(name, 0, key, start.length, name.length);
    return key;
  }

  /// Whether a key is that of such a row.
  public static boolean isKey(byte[] key) {
    return Keys.relationId(key) == RELATION;
  }

  /// The rows of a transaction that one log had as prepared, each for the shard of its part.
  public static List<HeldRow> of(HeldRecord record) {
    Map<Integer, HeldRecord.Part> parts = new TreeMap<>();
    parts.put(HOME, new HeldRecord.Part(HOME, List.of(), List.of(), null));
    record.parts().forEach(part -> parts.put(part.shard(), part));
    List<Integer> shards = List.copyOf(parts.keySet());
    return parts.values().stream()
        .map(part -> new HeldRow(record.txn(), record.name(), shards, part))
        .toList();
  }
}
