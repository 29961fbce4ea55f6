package io.trencadis.sharding.replica;

import io.trencadis.base.SqlException;
import io.trencadis.storage.RowScan;
import io.trencadis.storage.Version;
import io.trencadis.storage.Write;
import io.trencadis.storage.levels.LevelledStore;
import io.trencadis.storage.run.RunEntry;
import io.trencadis.storage.run.RunMerge;
import io.trencadis.txn.distributed.BranchRecord;
import io.trencadis.txn.distributed.Pieces;
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
import java.util.function.Consumer;

/// A shard's newest rows in a file, for a node that begins with them: the state of its
/// transactions, then rows in key order, each with its commit timestamp, then -1; then what large
/// transactions have written that are not over. Byte by byte in `docs/storage-format.md`.
final class ShardSnapshot {
  static final String FILE = "shard";
  private static final int FORMAT = 2;

  /// Without anything of large transactions.
  private static final int FORMAT_OF_ROWS = 1;

  private static final int END = -1;

  /// Of the transactions that are not over.
  ///
  /// @param known what a replica knows of them
  /// @param written what large ones have written
  record State(byte[] known, List<Pieces.Written> written) {}

  private ShardSnapshot() {}

  /// Whether rows are there to be loaded: what came from another node has them.
  static boolean isIn(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  /// Writes the file, unless it is there.
  static void write(Path directory, State state, LevelledStore store) throws IOException {
    Path whole = directory.resolve(FILE);
    if (Files.exists(whole)) {
      return;
    }
    Path part = directory.resolve(FILE + ".part");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part), 1 << 16))) {
      out.writeInt(FORMAT);
      out.writeInt(state.known.length);
      out.write(state.known);
      RowScan rows = store.scan(null, null, Long.MAX_VALUE, false);
      while (rows.next()) {
        out.writeInt(rows.key().length);
        out.write(rows.key());
        out.writeLong(rows.commitTs());
        out.writeInt(rows.value().length);
        out.write(rows.value());
      }
      out.writeInt(END);
      out.writeInt(state.written.size());
      for (Pieces.Written written : state.written) {
        write(written, out);
      }
    } catch (SqlException unreadable) {
      throw new IOException(unreadable.getMessage(), unreadable);
    }
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void write(Pieces.Written written, DataOutputStream out) throws IOException {
    out.writeLong(written.txn());
    out.writeInt(written.shard());
    RunMerge all = RunMerge.all(written.runs());
    while (all.next()) {
      RunEntry entry = all.entry();
      out.writeInt(entry.key().length);
      out.write(entry.key());
      out.writeBoolean(entry.keepsKey());
      out.writeInt(entry.value() == null ? END : entry.value().length);
      if (entry.value() != null) {
        out.write(entry.value());
      }
    }
    out.writeInt(END);
  }

  /// Makes a store's newest rows those of a file.
  ///
  /// @param pieces takes what large transactions have written, after what there was is forgotten
  /// @return what was known of transactions when the file was written
  static byte[] load(Path directory, LevelledStore store, Consumer<BranchRecord.Piece> pieces)
      throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(directory.resolve(FILE)), 1 << 16))) {
      int format = in.readInt();
      if (format != FORMAT && format != FORMAT_OF_ROWS) {
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
      for (int left = format == FORMAT ? in.readInt() : 0; left > 0; left--) {
        readPieces(in, pieces);
      }
      return state;
    }
  }

  private static void readPieces(DataInputStream in, Consumer<BranchRecord.Piece> pieces)
      throws IOException {
    long txn = in.readLong();
    int shard = in.readInt();
    for (int length = in.readInt(); length != END; length = in.readInt()) {
      byte[] key = in.readNBytes(length);
      boolean keepsKey = in.readBoolean();
      int valueLength = in.readInt();
      byte[] value = valueLength == END ? null : in.readNBytes(valueLength);
      RunEntry entry = new RunEntry(key, 0, keepsKey, value);
      pieces.accept(new BranchRecord.Piece(txn, shard, List.of(entry)));
    }
  }

  /// A row that is not there any more. When it went nobody knows; that it did is in no doubt, and
  /// reads of earlier times are refused.
  private static void delete(LevelledStore store, RowScan row) {
    store.apply(List.of(Write.of(row.key(), null)), row.commitTs() + 1, 0);
  }
}
