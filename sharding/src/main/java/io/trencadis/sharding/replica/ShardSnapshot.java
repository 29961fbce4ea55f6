package io.trencadis.sharding.replica;

import io.trencadis.storage.RowScan;
import io.trencadis.storage.Version;
import io.trencadis.storage.Write;
import io.trencadis.storage.levels.LevelledStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

/// A shard's newest rows in a file, for a node that begins with them: the state of its
/// transactions, then rows in key order, each with its commit timestamp, then -1. Byte by byte in
/// `docs/storage-format.md`.
final class ShardSnapshot {
  static final String FILE = "shard";
  private static final int FORMAT = 1;
  private static final int END = -1;

  private ShardSnapshot() {}

  /// Writes the file, unless it is there.
  static void write(Path directory, byte[] state, LevelledStore store) throws IOException {
    Path whole = directory.resolve(FILE);
    if (Files.exists(whole)) {
      return;
    }
    Path part = directory.resolve(FILE + ".part");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part), 1 << 16))) {
      out.writeInt(FORMAT);
      out.writeInt(state.length);
      out.write(state);
      RowScan rows = store.scan(null, null, Long.MAX_VALUE, false);
      while (rows.next()) {
        out.writeInt(rows.key().length);
        out.write(rows.key());
        out.writeLong(rows.commitTs());
        out.writeInt(rows.value().length);
        out.write(rows.value());
      }
      out.writeInt(END);
    }
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Makes a store's newest rows those of a file.
  ///
  /// @return the state that was written with them
  static byte[] load(Path directory, LevelledStore store) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(directory.resolve(FILE)), 1 << 16))) {
      int format = in.readInt();
      if (format != FORMAT) {
        throw new IOException("a snapshot of format " + format + ", this version knows " + FORMAT);
      }
      byte[] state = in.readNBytes(in.readInt());
      RowScan old = store.scan(null, null, Long.MAX_VALUE, false);
      boolean hasOld = old.next();
      long highest = store.highestCommitTs();
      for (int length = in.readInt(); length != END; length = in.readInt()) {
        byte[] key = in.readNBytes(length);
        long commitTs = in.readLong();
        byte[] value = in.readNBytes(in.readInt());
        highest = Math.max(highest, commitTs);
        while (hasOld && Arrays.compareUnsigned(old.key(), key) < 0) {
          delete(store, old);
          hasOld = old.next();
        }
        if (hasOld && Arrays.equals(old.key(), key)) {
          hasOld = old.next();
        }
        Version known = store.latest(key);
        if (known == null || known.commitTs() < commitTs) {
          store.apply(List.of(Write.of(key, value)), commitTs, 0);
        }
      }
      while (hasOld) {
        delete(store, old);
        hasOld = old.next();
      }
      return state;
    }
  }

  /// A row that is not there any more. When it went nobody knows; that it did is in no doubt, and
  /// reads of earlier times are refused.
  private static void delete(LevelledStore store, RowScan row) {
    store.apply(List.of(Write.of(row.key(), null)), row.commitTs() + 1, 0);
  }
}
