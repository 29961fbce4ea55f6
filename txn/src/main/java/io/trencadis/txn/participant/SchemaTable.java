package io.trencadis.txn.participant;

import io.trencadis.storage.Keys;
import io.trencadis.storage.ShardStore;
import io.trencadis.storage.Version;
import java.util.Arrays;

/// The schema versions of the relations of one shard: ordinary keys of the system's relation 0, in
/// the shard's store like all others. This class only spares most readers the lookup: it remembers,
/// for each relation, the newest version, and goes to the store for an older timestamp. Immutable;
/// a change makes a new one.
final class SchemaTable {
  /// Before the relation's id, in every key.
  static final int SYSTEM_RELATION = 0;

  static final SchemaTable EMPTY = new SchemaTable(new int[16], new long[16], new long[16], 0);

  private final int[] relations;
  private final long[] versions;
  private final long[] since;
  private final int size;

  private SchemaTable(int[] relations, long[] versions, long[] since, int size) {
    this.relations = relations;
    this.versions = versions;
    this.since = since;
    this.size = size;
  }

  static byte[] key(int relationId) {
    return new byte[] {
      0,
      0,
      0,
      0,
      (byte) (relationId >>> 24),
      (byte) (relationId >>> 16),
      (byte) (relationId >>> 8),
      (byte) relationId
    };
  }

  static byte[] encode(long version) {
    byte[] bytes = new byte[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (version >>> (56 - 8 * i));
    }
    return bytes;
  }

  static long decode(byte[] bytes) {
    long version = 0;
    for (byte b : bytes) {
      version = (version << 8) | (b & 0xff);
    }
    return version;
  }

  static boolean isSchemaKey(byte[] key) {
    return key.length == 8 && Keys.relationId(key) == 0;
  }

  /// The relation that a schema key is about.
  static int relationOf(byte[] schemaKey) {
    return Keys.relationId(Arrays.copyOfRange(schemaKey, 4, 8));
  }

  private int slot(int relation) {
    int mask = relations.length - 1;
    int at = (relation * 0x9e37_79b1) >>> 16 & mask;
    while (relations[at] != 0 && relations[at] != relation) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /// The version of a relation at `ts`; 0 where none was written.
  long at(int relation, long ts, ShardStore store) {
    int slot = slot(relation);
    if (relations[slot] == 0) {
      return 0;
    }
    if (since[slot] <= ts) {
      return versions[slot];
    }
    Version older = store.read(key(relation), ts);
    return older == null || older.value() == null ? 0 : decode(older.value());
  }

  /// This table with one relation's newest version replaced.
  SchemaTable with(int relation, long version, long commitTs) {
    boolean known = relations[slot(relation)] != 0;
    boolean grow = !known && (size + 1) * 2 > relations.length;
    int capacity = grow ? relations.length * 2 : relations.length;
    SchemaTable copy =
        new SchemaTable(
            new int[capacity], new long[capacity], new long[capacity], known ? size : size + 1);
    for (int i = 0; i < relations.length; i++) {
      if (relations[i] != 0) {
        copy.set(relations[i], versions[i], since[i]);
      }
    }
    copy.set(relation, version, commitTs);
    return copy;
  }

  private void set(int relation, long version, long commitTs) {
    int slot = slot(relation);
    if (relations[slot] != 0 && since[slot] > commitTs) {
      return;
    }
    relations[slot] = relation;
    versions[slot] = version;
    since[slot] = commitTs;
  }
}
